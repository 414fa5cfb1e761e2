"""What a node says of a client whose request it passes on, signed so that no client can say it.

The header is `<base64url of JSON>.<hex HMAC-SHA256>`; the secret is in the ephemeral store, where
every node finds it. It is good for one method and address, and for a minute.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Protocol

import msgspec

from wagu.cluster.node import NodeId
from wagu.domain.person import PersonId
from wagu.errors import Forbidden

HEADER = "X-Wagu-Passport"
GOOD_FOR = 60.0
KEPT = 30 * 86_400.0
_KEY = "cluster/secret"


class Passport(msgspec.Struct, frozen=True):
    """`address` is the client's, `viewer` who they are where they have no session."""

    origin: NodeId
    at: float
    method: str
    path: str
    address: str
    https: bool
    viewer: PersonId | None = None


class _Store(Protocol):
    async def get(self, key: str) -> str | None: ...

    async def swap(self, key: str, expected: str | None, value: str, ttl: float) -> bool: ...

    async def touch(self, key: str, ttl: float) -> None: ...


class Passports:
    """Without a store there is nobody to believe."""

    def __init__(self, store: _Store | None, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._secret: bytes | None = None

    async def start(self) -> None:
        """Agree on a secret with all who share the store."""
        if self._store is None:
            return
        while (known := await self._store.get(_KEY)) is None:
            await self._store.swap(_KEY, None, secrets.token_hex(32), KEPT)
        self._secret = bytes.fromhex(known)

    async def keep(self) -> None:
        """From time to time: the next node shall learn the secret, also from a store that lost it.
        Where it was lost and another one agreed on, that one counts."""
        if self._store is not None and self._secret is not None:
            await self._store.swap(_KEY, None, self._secret.hex(), KEPT)
            await self._store.touch(_KEY, KEPT)
            await self.start()

    def issue(self, passport: Passport) -> str:
        body = base64.urlsafe_b64encode(msgspec.json.encode(passport)).decode()
        return f"{body}.{self._sign(body)}"

    def read(self, text: str, method: str, path: str) -> Passport:
        """Errors: Forbidden node.bad_passport."""
        body, _, signature = text.partition(".")
        if self._secret is None or not hmac.compare_digest(
            _bytes(signature), self._sign(body).encode()
        ):
            raise _bad()
        try:
            passport = msgspec.json.decode(base64.urlsafe_b64decode(body), type=Passport)
        except (msgspec.MsgspecError, binascii.Error):
            raise _bad() from None
        if (passport.method, passport.path) != (method, path):
            raise _bad()
        if abs(self._clock() - passport.at) > GOOD_FOR:
            raise _bad()
        return passport

    def _sign(self, body: str) -> str:
        assert self._secret is not None
        return hmac.new(self._secret, _bytes(body), hashlib.sha256).hexdigest()


def _bytes(header: str) -> bytes:
    """As they came: aiohttp decodes what is no UTF-8 to surrogates."""
    return header.encode("utf-8", "surrogateescape")


def _bad() -> Forbidden:
    return Forbidden("node.bad_passport", "다른 서버가 보낸 요청이 아니에요.")
