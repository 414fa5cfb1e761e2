"""The way to each provider and back: discovery and keys (kept, and fetched anew when they changed),
the code for a token, the token for who it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from wagu.sign_in.attempt import Attempt, authorize_url
from wagu.sign_in.errors import ProviderFailed, bad_state, bad_token, unknown_provider
from wagu.sign_in.provider import LONGEST_SUBJECT, Endpoints, Oidc, Path, Provider
from wagu.sign_in.wire import Wire, check_address

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

KEPT = 3600.0
"""Seconds that what a provider says of itself is believed without asking again."""

KEYS_AT_MOST_EVERY = 60.0
"""Seconds between two looks for new keys: unknown ones are easily made up."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """Who somebody is at a provider; the name is a suggestion."""

    provider: str
    subject: str
    name: str


@dataclass(frozen=True, slots=True)
class _Discovered:
    endpoints: Endpoints
    jwks_uri: str
    says_issuer: bool
    at: float


@dataclass(frozen=True, slots=True)
class _Keys:
    keys: KeySet
    at: float


class Gateway:
    def __init__(self, providers: Iterable[Provider], clock: Callable[[], float]) -> None:
        self.providers = {provider.key: provider for provider in providers}
        self._clock = clock
        self._wire = Wire()
        self._discovered: dict[str, _Discovered] = {}
        self._keys: dict[str, _Keys] = {}
        if any(provider.oidc is not None for provider in self.providers.values()):
            # Now and not while somebody signs in: 60 ms, which others need not pay.
            import_module("wagu.sign_in.id_token")

    async def start(self) -> None:
        await self._wire.start()

    async def close(self) -> None:
        await self._wire.close()

    def provider(self, key: str) -> Provider:
        """NotFound `sign_in.unknown_provider`."""
        try:
            return self.providers[key]
        except KeyError:
            raise unknown_provider() from None

    async def authorize_url(self, provider: Provider, state: str, attempt: Attempt) -> str:
        endpoints = await self._endpoints(provider)
        check_address(endpoints.authorize)
        return authorize_url(endpoints.authorize, provider, state, attempt)

    async def exchange(
        self, provider: Provider, attempt: Attempt, *, code: str, state: str, issuer: str | None
    ) -> Stranger:
        """`issuer` is what came back with the code (RFC 9207), if anything did. ProviderFailed;
        BadRequest `sign_in.bad_state` when another issuer answered."""
        endpoints = await self._endpoints(provider)
        if provider.oidc is not None:
            self._check_issuer(provider.oidc, issuer)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": attempt.redirect_uri,
            "client_id": provider.client_id,
            "code_verifier": attempt.verifier,
            "state": state,  # Naver wants it here, too
        }
        if provider.client_secret:
            form["client_secret"] = provider.client_secret
        said = await self._wire.post(endpoints.token, form)
        if provider.oidc is not None:
            return await self._from_id_token(provider, provider.oidc, attempt, said)
        return await self._from_profile(provider, said)

    def _check_issuer(self, oidc: Oidc, issuer: str | None) -> None:
        known = self._discovered[oidc.issuer]
        if issuer is None and not known.says_issuer:
            return
        if issuer != oidc.issuer:
            raise bad_state()

    async def _from_id_token(
        self, provider: Provider, oidc: Oidc, attempt: Attempt, said: dict[str, Any]
    ) -> Stranger:
        from wagu.sign_in import id_token  # noqa: PLC0415 - loaded with the gateway

        token = said.get("id_token")
        if not isinstance(token, str):
            raise bad_token("no id_token")
        expected = id_token.Expected(
            issuers=(oidc.issuer, *oidc.accepted_issuers),
            client_id=provider.client_id,
            nonce=attempt.nonce,
            now=self._clock(),
        )
        try:
            claims = id_token.verify(token, await self._key_set(oidc), expected)
        except id_token.UnknownKey:
            try:
                claims = id_token.verify(token, await self._key_set(oidc, anew=True), expected)
            except id_token.UnknownKey:
                raise bad_token("unknown key") from None
        names = [claims.get(name) for name in ("nickname", "name", "preferred_username")]
        return Stranger(provider.key, claims["sub"], _first_text(names))

    async def _from_profile(self, provider: Provider, said: dict[str, Any]) -> Stranger:
        token, profile = said.get("access_token"), provider.profile
        assert profile is not None, "a provider has a profile or OpenID Connect"
        if not isinstance(token, str):
            raise bad_token("no access_token")
        told = await self._wire.get(profile.url, bearer=token)
        subject = _at(told, profile.subject)
        if isinstance(subject, bool) or not isinstance(subject, int | str):
            raise ProviderFailed("no subject")
        if not 0 < len(str(subject)) <= LONGEST_SUBJECT:
            raise ProviderFailed("no subject")
        names = [_at(told, path) for path in profile.names]
        return Stranger(provider.key, str(subject), _first_text(names))

    async def _endpoints(self, provider: Provider) -> Endpoints:
        if provider.endpoints is not None:
            return provider.endpoints
        assert provider.oidc is not None, "a provider has addresses or tells them"
        return (await self._discover(provider.oidc)).endpoints

    async def _discover(self, oidc: Oidc) -> _Discovered:
        """OpenID Connect Discovery 1.0, 4."""
        now = self._clock()
        known = self._discovered.get(oidc.issuer)
        if known is not None and now - known.at < KEPT:
            return known
        url = oidc.issuer.rstrip("/") + "/.well-known/openid-configuration"
        said = await self._wire.get(url)
        if said.get("issuer") != oidc.issuer:  # 4.3: else one could pass for another
            raise ProviderFailed("it calls itself something else")
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        found = [said.get(name) for name in names]
        addresses = [one for one in found if isinstance(one, str)]
        if len(addresses) != len(names):
            raise ProviderFailed("an address is missing")
        authorize, token, jwks_uri = addresses
        says_issuer = said.get("authorization_response_iss_parameter_supported") is True
        made = _Discovered(Endpoints(authorize, token), jwks_uri, says_issuer, now)
        self._discovered[oidc.issuer] = made
        return made

    async def _key_set(self, oidc: Oidc, *, anew: bool = False) -> KeySet:
        from wagu.sign_in.id_token import read_keys  # noqa: PLC0415 - as above

        now, known = self._clock(), self._keys.get(oidc.issuer)
        if known is not None and now - known.at < (KEYS_AT_MOST_EVERY if anew else KEPT):
            return known.keys
        said = await self._wire.get((await self._discover(oidc)).jwks_uri)
        made = read_keys(said.get("keys"))
        self._keys[oidc.issuer] = _Keys(made, now)
        return made


def _at(tree: Any, path: Path) -> Any:
    for name in path:
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree


def _first_text(values: Iterable[Any]) -> str:
    return next((one for one in values if isinstance(one, str) and one.strip()), "")
