"""Signing in elsewhere, against fakes of the providers: what must not work."""

from __future__ import annotations

import base64
import hmac
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from tests.fakes.providers import (
    CLIENT_ID,
    CLIENT_SECRET,
    FakeOidc,
    consent,
    new_key,
    signed,
)
from tests.wagu.web.sign_in_lobby import ALL, who
from wagu.web import keys


async def test_a_state_is_for_the_browser_that_began(lobby):
    """Else somebody could be signed in, unawares, to the account of whoever sent them a link."""
    attacker, victim = lobby.site.visitor(), lobby.site.visitor()
    await lobby.start(victim, "kakao")
    query = await consent(await lobby.start(attacker, "kakao"))
    assert await lobby.back(victim, "kakao", query) == "/login?error=sign_in.bad_state"
    assert await who(victim) is None
    assert (
        await lobby.back(lobby.site.visitor(), "kakao", query) == "/login?error=sign_in.bad_state"
    )


@pytest.mark.parametrize("change", [{"state": "guess"}, {"state": ""}, {"state": None}])
async def test_a_state_cannot_be_guessed_or_left_out(lobby, change):
    visitor = lobby.site.visitor()
    query = await consent(await lobby.start(visitor, "kakao")) | change
    query = {name: value for name, value in query.items() if value is not None}
    assert await lobby.back(visitor, "kakao", query) == "/login?error=sign_in.bad_state"
    assert await who(visitor) is None


async def test_a_callback_is_good_once_and_soon(lobby):
    visitor = lobby.site.visitor()
    query = await consent(await lobby.start(visitor, "kakao"))
    assert await lobby.back(visitor, "kakao", query) == "/"
    assert await lobby.back(visitor, "kakao", query) == "/login?error=sign_in.bad_state"
    late = await consent(await lobby.start(visitor, "kakao"))
    lobby.site.clock.now += 601
    assert await lobby.back(visitor, "kakao", late) == "/login?error=sign_in.bad_state"


@pytest.mark.parametrize("key", ALL)
async def test_a_code_of_somebody_else_or_used_is_worth_nothing(lobby, key):
    """A stolen code lacks the verifier; a used one the provider knows."""
    thief, victim = lobby.site.visitor(), lobby.site.visitor()
    stolen = await consent(await lobby.start(victim, key))
    own = await consent(await lobby.start(thief, key))
    query = own | {"code": stolen["code"]}
    assert await lobby.back(thief, key, query) == "/login?error=sign_in.provider_failed"
    assert await who(thief) is None


async def test_a_state_is_for_the_provider_it_was_made_for(lobby):
    """Mix-up: what one provider answered is brought to the callback of another."""
    visitor = lobby.site.visitor()
    query = await consent(await lobby.start(visitor, "kakao"))
    assert await lobby.back(visitor, "oidc", query) == "/login?error=sign_in.bad_state"
    assert await lobby.back(visitor, "kakao", query) == "/", "and is not used up by that"


async def test_another_issuer_in_the_answer_is_refused(lobby):
    oidc = lobby.fakes["oidc"]
    oidc.says_issuer = True
    visitor = lobby.site.visitor()
    assert await lobby.sign_in(visitor, "oidc") == "/"
    for change in ({"iss": "https://evil.example"}, {"iss": None}):
        query = await consent(await lobby.start(visitor, "oidc")) | change
        query = {name: value for name, value in query.items() if value is not None}
        assert await lobby.back(visitor, "oidc", query) == "/login?error=sign_in.bad_state"


def part(tree: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(tree).encode()).rstrip(b"=").decode()


def unsigned(_fake: FakeOidc, claims: dict[str, Any]) -> str:
    return f"{part({'alg': 'none'})}.{part(claims)}."


def confused(fake: FakeOidc, claims: dict[str, Any]) -> str:
    """HMAC with what everybody can read: the public key."""
    body = f"{part({'alg': 'HS256', 'kid': fake.key.kid})}.{part(claims)}"
    made = hmac.digest(fake.key.as_pem(private=False), body.encode(), "sha256")
    return f"{body}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


def with_client_secret(fake: FakeOidc, claims: dict[str, Any]) -> str:
    header = {"alg": "HS256", "kid": fake.key.kid}
    secret = OctKey.import_key(CLIENT_SECRET * 16)
    return jwt.encode(header, claims, secret, algorithms=["HS256"])


def forged(fake: FakeOidc, claims: dict[str, Any]) -> str:
    """Another key under the right name."""
    return jwt.encode({"alg": "RS256", "kid": fake.key.kid}, claims, new_key("first"))


def brings_its_key(fake: FakeOidc, claims: dict[str, Any]) -> str:
    own = new_key("first")
    header = {"alg": "RS256", "kid": fake.key.kid, "jwk": own.as_dict(private=False)}
    return jwt.encode(header, claims, own)


def altered(fake: FakeOidc, claims: dict[str, Any]) -> str:
    header, _, signature = signed(fake, claims).split(".")
    other = json.dumps(claims | {"sub": "1"}).encode()
    return f"{header}.{base64.urlsafe_b64encode(other).rstrip(b'=').decode()}.{signature}"


@pytest.mark.parametrize(
    "signer",
    [
        unsigned,
        confused,
        with_client_secret,
        forged,
        brings_its_key,
        altered,
        lambda _fake, _claims: "x",
        lambda _fake, _claims: "a.b.c",
        lambda _fake, _claims: "",
        lambda fake, claims: signed(fake, claims | {"pad": "x" * 20_000}),
    ],
)
async def test_a_token_that_the_provider_did_not_sign_is_refused(lobby, signer):
    lobby.fakes["oidc"].signer = signer
    visitor = lobby.site.visitor()
    assert await lobby.sign_in(visitor, "oidc") == "/login?error=sign_in.bad_token"
    assert await who(visitor) is None


NOW = 1_795_000_000


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": None},
        {"aud": [CLIENT_ID, "another"]},
        {"aud": [CLIENT_ID, "another"], "azp": "another"},
        {"azp": "another"},
        {"exp": NOW - 61},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": True},
        {"iat": NOW + 3600},
        {"iat": None},
        {"nbf": NOW + 3600},
        {"sub": None},
        {"sub": ""},
        {"sub": 4242},
        {"sub": "x" * 256},
    ],
    ids=str,
)
async def test_a_token_for_something_else_is_refused(lobby, claims):
    lobby.fakes["oidc"].claims = claims
    visitor = lobby.site.visitor()
    assert await lobby.sign_in(visitor, "oidc") == "/login?error=sign_in.bad_token"
    assert await who(visitor) is None


async def test_a_token_may_name_more_when_it_is_ours(lobby):
    lobby.fakes["oidc"].claims = {"aud": [CLIENT_ID, "another"], "azp": CLIENT_ID, "exp": NOW - 59}
    assert await lobby.sign_in(lobby.site.visitor(), "oidc") == "/"


async def test_new_keys_are_found_and_made_up_ones_do_not_flood(lobby):
    oidc = lobby.fakes["oidc"]
    assert await lobby.sign_in(lobby.site.visitor(), "oidc") == "/"
    lobby.site.clock.now += 61
    oidc.key = new_key("second")
    assert await lobby.sign_in(lobby.site.visitor(), "oidc") == "/"
    assert oidc.looked_for_keys == 2
    oidc.published = [oidc.public()]
    oidc.key = new_key("made up")
    for _ in range(3):
        where = await lobby.sign_in(lobby.site.visitor(), "oidc")
        assert where == "/login?error=sign_in.bad_token"
    assert oidc.looked_for_keys == 2


async def test_a_shared_secret_among_the_keys_is_none(lobby):
    oidc = lobby.fakes["oidc"]
    secret = OctKey.import_key("k" * 32, {"kid": "shared"})
    oidc.published = [secret.as_dict(private=True), {"kty": "RSA", "use": "enc"}, "junk"]
    oidc.signer = lambda _fake, claims: jwt.encode(
        {"alg": "HS256", "kid": "shared"}, claims, secret, algorithms=["HS256"]
    )
    where = await lobby.sign_in(lobby.site.visitor(), "oidc")
    assert where == "/login?error=sign_in.bad_token"


async def test_a_provider_that_calls_itself_something_else_is_not_asked(lobby):
    lobby.fakes["oidc"].issuer = "https://evil.example"
    where = await lobby.start(lobby.site.visitor(), "oidc")
    assert where == "/login?error=sign_in.provider_failed"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/a\r\nSet-Cookie: x=1",
        "javascript:alert(1)",
        "evil",
        "",
        "/" + "x" * 600,
    ],
)
async def test_nobody_is_led_elsewhere(lobby, elsewhere):
    assert await lobby.sign_in(lobby.site.visitor(), "kakao", next=elsewhere) == "/"


async def test_linking_is_begun_by_the_member_here(lobby):
    start = "/auth/kakao/start?link=true"
    assert (await lobby.site.visitor().raw("GET", start)).status == 401
    jimin = await lobby.site.member("jimin")
    foreign = await jimin.raw("GET", start, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status == 403
    query = await consent(await lobby.start(jimin, "kakao", link="true"))
    await jimin.delete("/api/session")
    assert await lobby.back(jimin, "kakao", query) == "/login?error=sign_in.bad_state"
    assert await lobby.site.app[keys.IDENTITIES].member("kakao", "4242") is None


async def test_what_leaves_for_the_provider_is_bound_and_says_no_secret(lobby):
    visitor = lobby.site.visitor()
    response = await visitor.raw("GET", "/auth/oidc/start")
    query = dict(parse_qsl(urlsplit(response.headers["Location"]).query))
    assert query.keys() == {
        "response_type",
        "client_id",
        "redirect_uri",
        "state",
        "scope",
        "nonce",
        "code_challenge",
        "code_challenge_method",
    }
    assert CLIENT_SECRET not in response.headers["Location"].replace("wagu", "")
    cookie = response.cookies["wagu_sign_in"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/auth")
    assert response.headers["Referrer-Policy"] == "no-referrer"


async def test_a_closed_sign_up_takes_no_strangers(lobby):
    object.__setattr__(lobby.site.settings, "signup", "closed")
    where = await lobby.sign_in(lobby.site.visitor(), "kakao")
    assert where == "/login?error=member.signup_closed"
