"""Providers to sign in with, as their documentation says they behave, on 127.0.0.1.

Codes are good once, for the client, redirect_uri and PKCE challenge they were given to. What a
provider would never do, a test makes it do: `claims`, `signer` and `userinfo` can be changed.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "wagu", "hush"


@dataclass
class Grant:
    redirect_uri: str
    challenge: str
    nonce: str | None


@dataclass
class Fake:
    """What all have in common: the code flow of RFC 6749 with PKCE."""

    clock: Callable[[], float]
    subject: str = "4242"
    name: str = "지민"
    refuses: bool = False
    url: str = ""
    grants: dict[str, Grant] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    asked: list[dict[str, str]] = field(default_factory=list)
    """The query of each visit to the authorize page."""

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/authorize", self.authorize), web.post("/token", self.token)]

    async def authorize(self, request: web.Request) -> web.Response:
        query = dict(request.query)
        self.asked.append(query)
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        if self.refuses:
            answer = {"error": "access_denied", "state": query["state"]}
        else:
            code = secrets.token_urlsafe(16)
            self.grants[code] = Grant(
                query["redirect_uri"], query["code_challenge"], query.get("nonce")
            )
            answer = {"code": code, "state": query["state"], **self.extra()}
        return web.Response(
            status=302, headers={"Location": f"{query['redirect_uri']}?{urlencode(answer)}"}
        )

    def extra(self) -> dict[str, str]:
        return {}

    async def token(self, request: web.Request) -> web.Response:
        form = dict((await request.post()).items())
        grant = self.grants.pop(str(form.get("code")), None)
        verifier = str(form.get("code_verifier")).encode()
        challenge = base64.urlsafe_b64encode(sha256(verifier).digest()).rstrip(b"=").decode()
        sound = (
            grant is not None
            and form["grant_type"] == "authorization_code"
            and (form["client_id"], form["client_secret"]) == (CLIENT_ID, CLIENT_SECRET)
            and form["redirect_uri"] == grant.redirect_uri
            and challenge == grant.challenge
        )
        if not sound or grant is None:
            return self.no_grant()
        access = secrets.token_urlsafe(16)
        self.tokens.add(access)
        said = {"access_token": access, "token_type": "bearer", "expires_in": 3600}
        return web.json_response(said | self.identity(grant))

    def no_grant(self) -> web.Response:
        return web.json_response({"error": "invalid_grant"}, status=400)

    def identity(self, grant: Grant) -> dict[str, str]:
        return {}

    def known(self, request: web.Request) -> bool:
        return request.headers.get("Authorization", "").removeprefix("Bearer ") in self.tokens


@dataclass
class FakeKakao(Fake):
    """developers.kakao.com/docs/latest/ko/kakaologin/rest-api"""

    def routes(self) -> list[web.RouteDef]:
        return [*super().routes(), web.get("/v2/user/me", self.me)]

    async def me(self, request: web.Request) -> web.Response:
        if not self.known(request):
            said = {"msg": "this access token does not exist", "code": -401}
            return web.json_response(said, status=401)
        profile = {"nickname": self.name}
        said = {"id": int(self.subject), "kakao_account": {"profile": profile}}
        return web.json_response(said)


@dataclass
class FakeNaver(Fake):
    """developers.naver.com/docs/login/api: errors of the token address come with status 200."""

    def routes(self) -> list[web.RouteDef]:
        return [*super().routes(), web.get("/v1/nid/me", self.me)]

    def no_grant(self) -> web.Response:
        return web.json_response({"error": "invalid_request", "error_description": "no valid data"})

    async def me(self, request: web.Request) -> web.Response:
        if not self.known(request):
            return web.json_response({"resultcode": "024", "message": "Auth failed"}, status=401)
        response = {"id": self.subject, "nickname": self.name}
        return web.json_response({"resultcode": "00", "message": "success", "response": response})


@dataclass
class FakeOidc(Fake):
    """OpenID Connect Core and Discovery 1.0, with RFC 9207 where `says_issuer`."""

    says_issuer: bool = False
    issuer: str | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    """Changes to the claims of a token; None leaves one out."""

    signer: Callable[[FakeOidc, dict[str, Any]], str] | None = None
    key: RSAKey = field(default_factory=lambda: new_key("first"))
    published: list[dict[str, Any]] | None = None
    looked_for_keys: int = 0

    def routes(self) -> list[web.RouteDef]:
        discovery = web.get("/.well-known/openid-configuration", self.discovery)
        return [*super().routes(), discovery, web.get("/keys", self.keys)]

    async def discovery(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": self.issuer or self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "authorization_response_iss_parameter_supported": self.says_issuer,
            }
        )

    def public(self) -> dict[str, Any]:
        return dict(self.key.as_dict(private=False))

    async def keys(self, _request: web.Request) -> web.Response:
        self.looked_for_keys += 1
        keys = [self.public()] if self.published is None else self.published
        return web.json_response({"keys": keys})

    def extra(self) -> dict[str, str]:
        return {"iss": self.url} if self.says_issuer else {}

    def identity(self, grant: Grant) -> dict[str, str]:
        now = int(self.clock())
        claims: dict[str, Any] = {
            "iss": self.url,
            "sub": self.subject,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": grant.nonce,
            "name": self.name,
        }
        changed = {
            name: value for name, value in (claims | self.claims).items() if value is not None
        }
        return {"id_token": (self.signer or signed)(self, changed)}


def signed(fake: FakeOidc, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": fake.key.kid}, claims, fake.key)


def new_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


@asynccontextmanager
async def serving(fake: Fake) -> AsyncIterator[None]:
    app = web.Application()
    app.add_routes(fake.routes())
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    fake.url = str(server.make_url("")).rstrip("/")
    try:
        yield
    finally:
        await server.close()


async def consent(address: str) -> dict[str, str]:
    """Go to the authorize page, say yes, and return the query that one is sent back with."""
    async with ClientSession() as session, session.get(address, allow_redirects=False) as answer:
        assert answer.status == 302, await answer.text()
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
