"""What the transport dropped and why, and what passed; read by statistics and tests."""

from __future__ import annotations

from enum import StrEnum


class Drop(StrEnum):
    """Why a datagram went no further."""

    EMPTY = "empty"
    OVERSIZED = "oversized"
    UNCLASSIFIED = "unclassified"
    """The first byte belongs to no protocol we speak (RFC 7983)."""
    UNBOUND = "unbound"
    """DTLS or SRTP from an address that never passed a STUN check."""
    STUN_MALFORMED = "stun_malformed"
    STUN_UNEXPECTED = "stun_unexpected"
    """STUN, but not a binding request: an ICE-lite agent asks nothing and is told nothing."""
    STUN_UNKNOWN_USER = "stun_unknown_user"
    STUN_BAD_INTEGRITY = "stun_bad_integrity"
    STUN_ROLE_CONFLICT = "stun_role_conflict"
    STUN_REPLAYED = "stun_replayed"
    """A valid check that was seen before, from another address."""
    ADDRESS_TAKEN = "address_taken"
    """A valid check from an address that another living link uses."""
    DTLS_OVERFLOW = "dtls_overflow"
    SRTP_TOO_EARLY = "srtp_too_early"
    SRTP_MALFORMED = "srtp_malformed"
    SRTP_BAD_AUTHENTICATION = "srtp_bad_authentication"
    SRTP_REPLAYED = "srtp_replayed"
    SRTP_TOO_MANY_STREAMS = "srtp_too_many_streams"
    TCP_REFUSED = "tcp_refused"
    """Too many connections, or too many on which nobody proved to be."""
    RECEIVE_FAILED = "receive_failed"
    HANDLER_FAILED = "handler_failed"
    """A bug of ours: an exception was logged, the loop went on."""
    SEND_FULL = "send_full"
    """EAGAIN or ENOBUFS: the kernel's send buffer is full."""
    SEND_FAILED = "send_failed"
    SEND_REFUSED = "send_refused"
    """libsrtp would not protect the packet, or it is too long."""


class Counters:
    """Totals since the start. `received_*` count whatever the socket gave, dropped or not."""

    __slots__ = (
        "dropped",
        "received_bytes",
        "received_packets",
        "sent_bytes",
        "sent_packets",
    )

    def __init__(self) -> None:
        self.received_packets = 0
        self.received_bytes = 0
        self.sent_packets = 0
        self.sent_bytes = 0
        self.dropped: dict[Drop, int] = dict.fromkeys(Drop, 0)

    def drop(self, why: Drop) -> None:
        self.dropped[why] += 1
