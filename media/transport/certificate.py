"""The certificate that all links of a process share, and the fingerprints that SDP carries.

Making one costs a key; sharing it costs nothing, since WebRTC trusts fingerprints, not names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiortc.rtcdtlstransport import RTCCertificate
from OpenSSL import SSL

RENEWAL = 20 * 86400.0
"""Seconds after which new links get a new certificate. aiortc makes them valid for 30 days."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`a=fingerprint`: algorithm as in SDP (`sha-256`), value as colon-separated hex."""

    algorithm: str
    value: str


class _Handle(RTCCertificate):
    """aiortc's, whose transport asks it for an OpenSSL context for each link."""

    def __init__(self, key: Any, cert: Any) -> None:
        super().__init__(key, cert)
        self._contexts: dict[bytes, Any] = {}

    def _create_ssl_context(self, srtp_profiles: Sequence[Any]) -> Any:
        """The same one for all with these profiles: making it takes 0.4 ms and 21 kB. No session is
        kept in it: nobody shall take up another link's. Between two records a link holds no
        buffers, which are 13 kB."""
        profiles = list(srtp_profiles)
        key = b":".join(each.openssl_profile for each in profiles)
        made = self._contexts.get(key)
        if made is None:
            made = self._contexts[key] = super()._create_ssl_context(profiles)
            made.set_session_cache_mode(SSL.SESS_CACHE_OFF)
            made.set_mode(SSL.MODE_RELEASE_BUFFERS)
        return made


class Certificate:
    """A self-signed certificate; links keep theirs for life."""

    __slots__ = ("_made_at", "fingerprint", "handle")

    def __init__(self, now: float) -> None:
        self.handle: Any = _Handle.generateCertificate()
        self._made_at = now
        self.fingerprint = next(
            print_.value
            for print_ in self.handle.getFingerprints()
            if print_.algorithm == "sha-256"
        )

    def is_stale(self, now: float) -> bool:
        return now - self._made_at >= RENEWAL
