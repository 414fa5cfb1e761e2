"""An ICE-lite responder without I/O: reads binding requests, writes answers (RFC 8445, RFC 8489).

We never send checks, so the peer is controlling and nominates. Messages are parsed and written by
`aioice.stun`; what it leaves out is checked here: the magic cookie, and that a truncated attribute
is only bad input.
"""

from __future__ import annotations

import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

from aioice import stun

from media.errors import MalformedPacket
from media.transport.counters import Drop
from media.transport.datagrams import Address

COOKIE = stun.COOKIE.to_bytes(4, "big")
REMEMBERED_CHECKS = 256
"""Ten minutes of a browser's checks (one every 2.5 s)."""


@dataclass(frozen=True, slots=True)
class IceCredentials:
    """One side's `a=ice-ufrag` and `a=ice-pwd`. The password never shows in a repr."""

    ufrag: str
    pwd: str = field(repr=False)

    @classmethod
    def generate(cls) -> IceCredentials:
        """32 bits of ufrag, 128 of password (RFC 8445 section 5.3 asks for 24 and 128)."""
        return cls(secrets.token_hex(4), secrets.token_hex(16))


@dataclass(frozen=True, slots=True)
class BindingRequest:
    """A well-formed binding request; nothing in it is trusted before `IceResponder.judge`."""

    username: str
    transaction: bytes
    nominates: bool
    message: Any = field(repr=False)

    @property
    def ufrag(self) -> str:
        """Ours: what stands before the colon."""
        return self.username.partition(":")[0]


def parse(data: bytes) -> BindingRequest | None:
    """A binding request, or None for any other STUN message. Raises MalformedPacket."""
    if data[4:8] != COOKIE:
        raise MalformedPacket("STUN without its magic cookie")
    try:
        message = stun.parse_message(data)
    except (ValueError, IndexError, struct.error) as error:
        raise MalformedPacket(f"STUN: {error}") from None
    if (message.message_method, message.message_class) != (stun.Method.BINDING, stun.Class.REQUEST):
        return None
    attributes = message.attributes
    return BindingRequest(
        username=attributes.get("USERNAME", ""),
        transaction=message.transaction_id,
        nominates="USE-CANDIDATE" in attributes,
        message=message,
    )


class IceResponder:
    """Judges the requests of one peer and answers them."""

    def __init__(self, local: IceCredentials, remote: IceCredentials) -> None:
        self.local = local
        self.remote = remote
        self._key = local.pwd.encode()
        self._username = f"{local.ufrag}:{remote.ufrag}"
        self._seen: dict[bytes, Address] = {}
        self._source: Address | None = None

    def judge(self, request: BindingRequest, source: Address) -> Drop | None:
        """None when the request proves that our peer sits at `source`; else why it does not."""
        if request.username != self._username:
            return Drop.STUN_UNKNOWN_USER
        if not request.message.check_message_integrity(self._key):
            return Drop.STUN_BAD_INTEGRITY
        if "ICE-CONTROLLED" in request.message.attributes:
            return Drop.STUN_ROLE_CONFLICT
        # A retransmission comes from where the first one came; from elsewhere somebody replays it
        # to draw our media to another address.
        if source != self._source:
            self._source = source  # else the same is kept once, and not with each check
        if self._seen.setdefault(request.transaction, self._source) != source:
            return Drop.STUN_REPLAYED
        if len(self._seen) > REMEMBERED_CHECKS:
            del self._seen[next(iter(self._seen))]
        return None

    def success(self, request: BindingRequest, source: Address) -> bytes:
        """Tells the peer the address that we see."""
        return self._sign(
            request,
            stun.Class.RESPONSE,
            {"XOR-MAPPED-ADDRESS": (source[0].partition("%")[0], source[1])},
        )

    def refusal(self, request: BindingRequest, why: Drop) -> bytes | None:
        """The error response that `why` deserves, or None for silence.

        Unknown users get silence: an answer would only help who guesses, or who forges sources.
        """
        if why is Drop.STUN_ROLE_CONFLICT:
            code = (487, "Role Conflict")
            return self._sign(request, stun.Class.ERROR, {"ERROR-CODE": code})
        if why is Drop.STUN_BAD_INTEGRITY:
            error = stun.Message(
                stun.Method.BINDING,
                stun.Class.ERROR,
                request.transaction,
                {"ERROR-CODE": (401, "Unauthenticated")},
            )
            error.add_fingerprint()
            return bytes(error)
        return None

    def _sign(self, request: BindingRequest, kind: Any, attributes: dict[str, Any]) -> bytes:
        message = stun.Message(stun.Method.BINDING, kind, request.transaction, attributes)
        message.add_message_integrity(self._key)
        return bytes(message)
