"""Providers as data: where they are, what they are asked, where their answer has the person.

Kakao and Naver answer with a profile, at their own addresses; Google and every other OpenID Connect
provider with an id_token, and tell their addresses by discovery.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from wagu.settings import Settings

Path = tuple[str, ...]
"""Names that lead through nested objects."""

LONGEST_SUBJECT = 255
"""What a provider calls somebody, in characters (OpenID Connect Core 1.0, 2)."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    authorize: str
    token: str


@dataclass(frozen=True, slots=True)
class Profile:
    """An address that tells who a bearer token belongs to, and where it says so."""

    url: str
    subject: Path
    names: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Oidc:
    issuer: str
    accepted_issuers: tuple[str, ...] = ()
    """Other spellings of `iss` in tokens."""


@dataclass(frozen=True, slots=True)
class Provider:
    """`key` is in addresses and in the database; it never changes."""

    key: str
    name: str
    client_id: str
    client_secret: str | None = field(repr=False)
    scope: str
    oidc: Oidc | None = None
    endpoints: Endpoints | None = None
    profile: Profile | None = None


def kakao(client_id: str, client_secret: str | None) -> Provider:
    """developers.kakao.com/docs/latest/ko/kakaologin/rest-api; a nickname is all that is asked."""
    return Provider(
        key="kakao",
        name="카카오",
        client_id=client_id,
        client_secret=client_secret,
        scope="profile_nickname",
        endpoints=Endpoints(
            "https://kauth.kakao.com/oauth/authorize", "https://kauth.kakao.com/oauth/token"
        ),
        profile=Profile(
            "https://kapi.kakao.com/v2/user/me",
            subject=("id",),
            names=(("kakao_account", "profile", "nickname"), ("properties", "nickname")),
        ),
    )


def naver(client_id: str, client_secret: str | None) -> Provider:
    """developers.naver.com/docs/login/api; what is told is chosen in their console, not here."""
    return Provider(
        key="naver",
        name="네이버",
        client_id=client_id,
        client_secret=client_secret,
        scope="",
        endpoints=Endpoints(
            "https://nid.naver.com/oauth2.0/authorize", "https://nid.naver.com/oauth2.0/token"
        ),
        profile=Profile(
            "https://openapi.naver.com/v1/nid/me",
            subject=("response", "id"),
            names=(("response", "nickname"), ("response", "name")),
        ),
    )


def google(client_id: str, client_secret: str | None) -> Provider:
    """developers.google.com/identity/openid-connect, which allows `iss` without its scheme."""
    return Provider(
        key="google",
        name="Google",
        client_id=client_id,
        client_secret=client_secret,
        scope="openid profile",
        oidc=Oidc("https://accounts.google.com", ("accounts.google.com",)),
    )


def openid_connect(issuer: str, client_id: str, client_secret: str | None, name: str) -> Provider:
    return Provider(
        key="oidc",
        name=name,
        client_id=client_id,
        client_secret=client_secret,
        scope="openid profile",
        oidc=Oidc(issuer),
    )


def providers_of(settings: Settings) -> tuple[Provider, ...]:
    """Those that were set up, in the order in which they are offered."""
    found: list[Provider] = []
    if settings.kakao_client_id:
        found.append(kakao(settings.kakao_client_id, settings.kakao_client_secret))
    if settings.naver_client_id:
        found.append(naver(settings.naver_client_id, settings.naver_client_secret))
    if settings.google_client_id:
        found.append(google(settings.google_client_id, settings.google_client_secret))
    if settings.oidc_issuer and settings.oidc_client_id:
        secret, name = settings.oidc_client_secret, settings.oidc_name
        found.append(openid_connect(settings.oidc_issuer, settings.oidc_client_id, secret, name))
    return tuple(found)
