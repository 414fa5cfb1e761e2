"""ICE, DTLS and SRTP over one UDP port: the only package that knows aiortc, aioice, pylibsrtp.

`Transport` owns the port; `Transport.link` makes one `Link` per peer, which works for a `LinkSink`.
A datagram goes udp → demux → link → srtp → sink; what cannot be used is dropped, counted by reason
in `Counters`, and never raises.
"""

from media.transport.counters import Counters, Drop
from media.transport.dtls import DtlsRole
from media.transport.fingerprint import Fingerprint
from media.transport.hub import Transport
from media.transport.ice import IceCredentials
from media.transport.link import Link
from media.transport.link_sink import LinkSink

__all__ = [
    "Counters",
    "Drop",
    "DtlsRole",
    "Fingerprint",
    "IceCredentials",
    "Link",
    "LinkSink",
    "Transport",
]
