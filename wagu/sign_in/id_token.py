"""Is this id_token what the provider signed, for us, just now, in this attempt (OpenID Connect Core
1.0, 3.1.3.7)? Keys are looked up by the caller; here nothing is fetched.

Only asymmetric algorithms are taken, whatever a header says: with `none` or HS256 anybody who knows
the provider's public key could sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, import_key

from wagu.sign_in.errors import bad_token
from wagu.sign_in.provider import LONGEST_SUBJECT

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA", "Ed25519")
LEEWAY = 60.0
"""Seconds that clocks may differ."""

LONGEST_TOKEN = 16 * 1024


@dataclass(frozen=True, slots=True)
class Expected:
    issuers: tuple[str, ...]
    client_id: str
    nonce: str
    now: float


class UnknownKey(Exception):
    """No such key: the provider may have new ones."""


def read_keys(listed: Any) -> KeySet:
    """What a provider lists under `keys`, as far as one can verify with it."""
    found = map(_public_key, listed) if isinstance(listed, list) else ()
    return KeySet([key for key in found if key is not None])


def key_id(token: str) -> str | None:
    """What the header says; not believed, only looked up."""
    try:
        found = jws.extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError):
        raise bad_token("not a JWT") from None
    return found if isinstance(found, str) else None


def verify(token: str, keys: KeySet, expected: Expected) -> Mapping[str, Any]:
    """The claims. ProviderFailed `sign_in.bad_token`, or UnknownKey."""
    if len(token) > LONGEST_TOKEN:
        raise bad_token("too long")
    kid = key_id(token)
    if kid is not None and all(key.kid != kid for key in keys.keys):
        raise UnknownKey(kid)
    try:
        claims = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
    except (JoseError, ValueError, TypeError, KeyError) as wrong:
        raise bad_token(f"signature: {wrong}") from None
    _check(claims, expected)
    return claims


def _public_key(entry: Any) -> Key | None:
    """One to verify with. None for what cannot be read, which spoils no other, and for `oct`: that
    would be a shared secret, and nothing of ours is one."""
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
        return None
    if entry.get("kty") not in ("RSA", "EC", "OKP"):
        return None
    try:
        return import_key(entry)
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _check(claims: Mapping[str, Any], expected: Expected) -> None:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise bad_token("no subject")
    if claims.get("iss") not in expected.issuers:
        raise bad_token("another issuer")
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if not isinstance(audiences, list) or expected.client_id not in audiences:
        raise bad_token("for another client")
    party = claims.get("azp")
    if (len(audiences) > 1 or party is not None) and party != expected.client_id:
        raise bad_token("for another party")
    if _time(claims.get("exp")) <= expected.now - LEEWAY:
        raise bad_token("expired")
    if _time(claims.get("iat")) > expected.now + LEEWAY:
        raise bad_token("issued in the future")
    if "nbf" in claims and _time(claims["nbf"]) > expected.now + LEEWAY:
        raise bad_token("not yet valid")
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not compare_digest(nonce.encode(), expected.nonce.encode()):
        raise bad_token("wrong nonce")


def _time(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad_token("no time")
    return value
