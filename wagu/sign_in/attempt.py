"""One attempt to sign in: what the browser takes along (RFC 6749, 4.1.1), what we keep meanwhile.

The state is good once, for ten minutes, for the provider it was made for and in the browser that
has the cookie. PKCE (RFC 7636, S256) ties the code to us, the nonce ties the id_token to the
attempt.
"""

from __future__ import annotations

import base64
import re
import secrets
from hashlib import sha256
from hmac import compare_digest
from urllib.parse import urlencode

import msgspec

from wagu.domain.person import MemberId
from wagu.ephemeral.store import ValueStore
from wagu.sign_in.provider import Provider

COOKIE = "wagu_sign_in"
TTL = 600.0
LONGEST_PATH = 500
PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


class Attempt(msgspec.Struct, frozen=True):
    """`link_to`: a member who wants the identity added, instead of signing in with it."""

    provider: str
    browser: str
    verifier: str
    nonce: str
    redirect_uri: str
    next: str
    link_to: MemberId | None = None


class Attempts:
    def __init__(self, store: ValueStore) -> None:
        self._store = store

    async def begin(
        self,
        provider: Provider,
        cookie: str,
        redirect_uri: str,
        after: str,
        link_to: MemberId | None,
    ) -> tuple[str, Attempt]:
        """The state, and what is kept under it; only digests of the state and the cookie are."""
        state = secrets.token_urlsafe(32)
        attempt = Attempt(
            provider=provider.key,
            browser=_digest(cookie),
            verifier=secrets.token_urlsafe(48),
            nonce=secrets.token_urlsafe(24),
            redirect_uri=redirect_uri,
            next=local_path(after),
            link_to=link_to,
        )
        await self._store.put(_key(state), msgspec.json.encode(attempt).decode(), TTL)
        return state, attempt

    async def take(self, state: str, provider: str, cookie: str) -> Attempt | None:
        """Once. None for a state of another browser or provider, which stays good for its own."""
        text = await self._store.get(_key(state))
        if not text:
            return None
        attempt = msgspec.json.decode(text, type=Attempt)
        if attempt.provider != provider or not compare_digest(attempt.browser, _digest(cookie)):
            return None
        # A swap: of two who come with one state at once, one gets it.
        return attempt if await self._store.swap(_key(state), text, "", TTL) else None


def authorize_url(endpoint: str, provider: Provider, state: str, attempt: Attempt) -> str:
    challenge = base64.urlsafe_b64encode(sha256(attempt.verifier.encode()).digest())
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": attempt.redirect_uri,
        "state": state,
        "code_challenge": challenge.rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    if provider.scope:
        query["scope"] = provider.scope
    if provider.oidc is not None:
        query["nonce"] = attempt.nonce
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


def local_path(wanted: str) -> str:
    """A path of ours; `/` for everything that a browser could take for another site."""
    sound = len(wanted) <= LONGEST_PATH and PATH.fullmatch(wanted)
    return wanted if sound else "/"


def _key(state: str) -> str:
    return "sign-in/" + _digest(state)


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
