"""SRTP in place: libsrtp on our own buffers, through pylibsrtp's cffi binding (RFC 3711).

`pylibsrtp.Session.protect` copies twice, allocates and stops at 1356 bytes (2–4 µs); the C call on
a pinned buffer costs 0.6 µs for 1200 bytes of AES-128-GCM.

With AES-GCM a nonce is made of SSRC and packet index, and must never protect two different packets
(RFC 7714 section 8.4): two tags under one nonce give the authentication key away. The sessions
allow repeated sequence numbers, because a NACK may be answered on the same SSRC. So whoever
retransmits on the same SSRC must send the same bytes again: header, extensions (abs-send-time too)
and payload.
"""

from __future__ import annotations

from struct import Struct
from typing import Any

from pylibsrtp._binding import ffi, lib

SPARE = 64
"""Bytes that must be free behind a packet: libsrtp appends at most 16 + 4, we use no MKI."""
MAX_STREAMS = 64
"""Incoming SSRCs per peer. libsrtp allocates for each; a browser sends a dozen."""
TOO_MANY_STREAMS = -1000

# libsrtp's status codes, which its binding does not name (srtp.h, srtp_err_status_t).
AUTHENTICATION_FAILED = -7
REPLAYED = -9
REPLAYED_LONG_AGO = -10

_OK = lib.srtp_err_status_ok
_UINT32 = Struct("!I")


class PinnedBuffer:
    """A bytearray with its address. It cannot be resized as long as this object lives."""

    __slots__ = ("buffer", "pointer", "view")

    def __init__(self, buffer: bytearray) -> None:
        self.buffer = buffer
        self.view = memoryview(buffer)
        self.pointer: Any = ffi.from_buffer(buffer)


class Pins:
    """Pins a caller's buffers; free for one that is used again and again."""

    __slots__ = ("_last",)

    def __init__(self) -> None:
        self._last = PinnedBuffer(bytearray())

    def pin(self, buffer: bytearray) -> PinnedBuffer:
        last = self._last
        if last.buffer is not buffer:
            last = self._last = PinnedBuffer(buffer)
        return last


class SrtpContext:
    """Both directions of one peer. `tx` and `rx` are libsrtp's session handles (`srtp_t`).

    Every method returns the new length, or a negative number: minus libsrtp's status, or
    TOO_MANY_STREAMS. The bytes are void then.
    """

    __slots__ = ("_length", "_sessions", "_streams", "profile", "rx", "tx")

    def __init__(self, tx: Any, rx: Any, profile: str) -> None:
        """`tx` and `rx` are pylibsrtp.Session objects, which own the handles."""
        self._sessions = (tx, rx)
        self.tx: Any = tx._srtp[0]
        self.rx: Any = rx._srtp[0]
        self.profile = profile
        self._length: Any = ffi.new("int *")
        self._streams: set[int] = set()

    def protect_rtp(self, packet: PinnedBuffer, length: int) -> int:
        return self._protect(lib.srtp_protect, packet, length)

    def protect_rtcp(self, packet: PinnedBuffer, length: int) -> int:
        return self._protect(lib.srtp_protect_rtcp, packet, length)

    def unprotect_rtp(self, packet: PinnedBuffer, length: int) -> int:
        """`length` is at least 12."""
        return self._unprotect(lib.srtp_unprotect, packet, length, 8)

    def unprotect_rtcp(self, packet: PinnedBuffer, length: int) -> int:
        """`length` is at least 8."""
        return self._unprotect(lib.srtp_unprotect_rtcp, packet, length, 4)

    def _protect(self, function: Any, packet: PinnedBuffer, length: int) -> int:
        if length + SPARE > len(packet.buffer):
            # libsrtp would write beyond the buffer.
            raise ValueError("no room for the authentication tag")
        out = self._length
        out[0] = length
        status = function(self.tx, packet.pointer, out)
        return int(-status if status != _OK else out[0])

    def _unprotect(self, function: Any, packet: PinnedBuffer, length: int, ssrc_offset: int) -> int:
        ssrc = _UINT32.unpack_from(packet.buffer, ssrc_offset)[0]
        known = ssrc in self._streams
        if not known and len(self._streams) >= MAX_STREAMS:
            return TOO_MANY_STREAMS
        out = self._length
        out[0] = length
        status = function(self.rx, packet.pointer, out)
        if status != _OK:
            return int(-status)
        if not known:
            self._streams.add(ssrc)
        return int(out[0])
