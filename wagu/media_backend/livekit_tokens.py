"""LiveKit's tokens: what a client may do in a room, what we may do at the server, and what the
server signs its webhooks with. All are JWTs by HS256 with one key (docs.livekit.io, "Tokens &
grants").

A permission that is not named counts as allowed, so each is.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from wagu.errors import Unauthenticated
from wagu.media_backend.base import PeerKey, Role, RoomKey

ALGORITHM = "HS256"
CLIENT_TTL = 600.0
"""Seconds in which a client can use its token; whoever is in gets newer ones from the server."""

OUR_TTL = 60.0
LEEWAY = 30
"""Clocks differ."""

SENDS: Mapping[Role, Sequence[str]] = {
    "talk": ("microphone",),
    "publish": ("camera", "microphone"),
    "guest": ("camera", "microphone"),
    "watch": (),
}
HEARS: frozenset[Role] = frozenset({"talk", "watch"})
"""Who publishes looks at others by a connection for that."""


class Tokens:
    def __init__(self, key: str, secret: str) -> None:
        self._key = key
        self._secret = OctKey.import_key(secret)

    def for_client(self, room: RoomKey, peer: PeerKey, role: Role, now: float) -> str:
        sends = SENDS[role]
        video = {
            "roomJoin": True,
            "room": room,
            "canPublish": bool(sends),
            "canPublishSources": list(sends),
            "canPublishData": False,
            "canSubscribe": role in HEARS,
            "canUpdateOwnMetadata": False,
            "canSubscribeMetrics": False,
            # n viewers who are told of each other would be n² messages.
            "hidden": role == "watch",
            **NOTHING_AT_THE_SERVER,
        }
        claims = {"sub": peer, "name": "", "metadata": role, "video": video}
        return self._signed(claims, now, CLIENT_TTL)

    def for_us(self, grants: Mapping[str, Any], now: float) -> str:
        return self._signed({"video": {**NOTHING_AT_THE_SERVER, **grants}}, now, OUR_TTL)

    def check(self, authorization: str, body: bytes, now: float) -> None:
        """Errors: Unauthenticated, for a webhook that is not the server's, or of another body."""
        token = authorization.removeprefix("Bearer ").strip()
        wanted = jwt.JWTClaimsRegistry(
            now=round(now),
            leeway=LEEWAY,
            iss={"essential": True, "value": self._key},
            exp={"essential": True},
            sha256={"essential": True},
        )
        try:
            claims = jwt.decode(token, self._secret, algorithms=[ALGORITHM]).claims
            wanted.validate(claims)
        except (JoseError, ValueError):
            raise bad_webhook() from None
        digest = base64.b64encode(sha256(body).digest()).decode()
        if not compare_digest(str(claims["sha256"]).encode(), digest.encode()):
            raise bad_webhook()

    def _signed(self, claims: Mapping[str, Any], now: float, ttl: float) -> str:
        times = {"nbf": round(now) - LEEWAY, "exp": round(now + ttl)}
        header = {"alg": ALGORITHM, "typ": "JWT"}
        return jwt.encode(header, {"iss": self._key, **times, **claims}, self._secret)


NOTHING_AT_THE_SERVER = {
    "roomCreate": False,
    "roomList": False,
    "roomRecord": False,
    "roomAdmin": False,
    "ingressAdmin": False,
    "recorder": False,
    "agent": False,
}


def bad_webhook() -> Unauthenticated:
    return Unauthenticated("media.bad_webhook", "미디어 서버의 서명이 아니에요.")
