"""The certificate that all links of a process share, and the fingerprints that SDP carries.

Making one costs a key; sharing it costs nothing, since WebRTC trusts fingerprints, not names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiortc.rtcdtlstransport import RTCCertificate

RENEWAL = 20 * 86400.0
"""Seconds after which new links get a new certificate. aiortc makes them valid for 30 days."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`a=fingerprint`: algorithm as in SDP (`sha-256`), value as colon-separated hex."""

    algorithm: str
    value: str


class Certificate:
    """A self-signed certificate; links keep theirs for life."""

    __slots__ = ("_made_at", "fingerprint", "handle")

    def __init__(self, now: float) -> None:
        self.handle: Any = RTCCertificate.generateCertificate()
        self._made_at = now
        self.fingerprint = next(
            print_.value
            for print_ in self.handle.getFingerprints()
            if print_.algorithm == "sha-256"
        )

    def is_stale(self, now: float) -> bool:
        return now - self._made_at >= RENEWAL
