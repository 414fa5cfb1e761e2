"""What SDP says of a certificate, so that whoever shows it can be recognized (RFC 8122)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`a=fingerprint`: algorithm as in SDP (`sha-256`), value as colon-separated hex."""

    algorithm: str
    value: str
