"""One DTLS handshake by aiortc: its RTCDtlsTransport on a duck-typed link that carries DTLS
datagrams only. Costs about 2 ms of CPU on our side.

Importing this imports aiortc, and with it FFmpeg's libraries, which no server needs before its
first peer: only `media.transport.dtls` does it, in a thread.

The private names used here (`_recv`, `_send`, `_set_role`, `_srtp_profiles`, `_rx_srtp`,
`_tx_srtp`, `_ssl`, `_create_ssl_context`) are pinned with the version of aiortc; a seam test
notices when they move.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol

from aiortc.rtcdtlstransport import (
    SRTP_AEAD_AES_128_GCM,
    SRTP_AEAD_AES_256_GCM,
    SRTP_AES128_CM_SHA1_80,
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)
from OpenSSL import SSL

from media.transport.certificate import Certificate
from media.transport.fingerprint import Fingerprint
from media.transport.srtp import SrtpContext

# The fastest first: 353 ns per 1200 bytes, CM-SHA1 takes 1140. The server's order decides, so a
# client that wants the small key must not offer the big one.
_PROFILES: dict[str, list[Any]] = {
    "server": [SRTP_AEAD_AES_128_GCM, SRTP_AEAD_AES_256_GCM, SRTP_AES128_CM_SHA1_80],
    "client": [SRTP_AEAD_AES_128_GCM, SRTP_AES128_CM_SHA1_80],
}


class Wire(Protocol):
    """What aiortc believes to be an ICE transport."""

    role: str

    async def _recv(self) -> bytes: ...

    async def _send(self, data: bytes) -> None: ...


class _Handle(RTCCertificate):
    """aiortc's, whose transport asks it for an OpenSSL context for each link."""

    def __init__(self, key: Any, cert: Any) -> None:
        super().__init__(key, cert)
        self._contexts: dict[bytes, Any] = {}

    def _create_ssl_context(self, srtp_profiles: Sequence[Any]) -> Any:
        """The same one for all with these profiles: making it takes 0.4 ms and 21 kB. No session is
        kept in it: nobody shall take up another link's. Between two records a link holds no
        buffers, which are 13 kB."""
        profiles = list(srtp_profiles)
        key = b":".join(each.openssl_profile for each in profiles)
        made = self._contexts.get(key)
        if made is None:
            made = self._contexts[key] = super()._create_ssl_context(profiles)
            made.set_session_cache_mode(SSL.SESS_CACHE_OFF)
            made.set_mode(SSL.MODE_RELEASE_BUFFERS)
        return made


def handle_of(certificate: Certificate) -> Any:
    """What aiortc's transports want of a certificate; the same for all of its links."""
    if certificate.handle is None:
        certificate.handle = _Handle(certificate.key, certificate.signed)
    return certificate.handle


class Handshake:
    """`ended` is called when it fails, and when a peer that was here says close_notify."""

    def __init__(
        self,
        wire: Wire,
        certificate: Certificate,
        role: Literal["server", "client"],
        ended: Callable[[], None],
    ) -> None:
        duck: Any = wire
        self._ended = ended
        self._transport: Any = RTCDtlsTransport(duck, [handle_of(certificate)])
        self._transport._set_role(role)
        self._transport._srtp_profiles = _PROFILES[role]
        self._transport.on("statechange", self._note_state)

    async def shake(self, fingerprints: Sequence[Fingerprint]) -> SrtpContext | None:
        """The keys, or None when it failed or the fingerprint is not the peer's."""
        remote = [RTCDtlsFingerprint(each.algorithm, each.value) for each in fingerprints]
        await self._transport.start(RTCDtlsParameters(fingerprints=remote))
        if self._transport.state != "connected":
            return None
        profile = self._transport._ssl.get_selected_srtp_profile().decode()
        return SrtpContext(self._transport._tx_srtp, self._transport._rx_srtp, profile)

    async def stop(self) -> None:
        """Say close_notify, if there is anybody to say it to. Does not wait for the network."""
        await self._transport.stop()

    def _note_state(self) -> None:
        if self._transport.state in ("closed", "failed"):
            self._ended()
