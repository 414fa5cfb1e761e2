"""Credentials for a TURN server (RFC 8656) that expire by themselves: the user name says until when
and for whom, the password signs it. The server knows the secret and needs to ask nobody.

draft-uberti-behave-turn-rest-00, section 2.2; coturn calls it `use-auth-secret`.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass, field

from wagu.domain.person import PersonId


@dataclass(frozen=True, slots=True)
class IceServer:
    """What a browser's `RTCPeerConnection` takes. The credential never shows in a repr."""

    urls: tuple[str, ...]
    username: str
    credential: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """The TURN servers of this installation, all with one secret; `lifetime` in seconds."""

    urls: tuple[str, ...] = ()
    secret: str = field(default="", repr=False)
    lifetime: float = 86_400

    def servers(self, person: PersonId, now: float) -> tuple[IceServer, ...]:
        """For one person, from now on; none where there is no TURN server."""
        if not self.urls:
            return ()
        username = f"{int(now + self.lifetime)}:{person}"
        return (IceServer(self.urls, username, password(self.secret, username)),)


def password(secret: str, username: str) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), username.encode(), "sha1")).decode()
