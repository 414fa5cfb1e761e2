"""The certificate that all links of a process share.

Making one costs a key; sharing it costs nothing, since WebRTC trusts fingerprints, not names
(RFC 8827 section 5). It is made as aiortc makes its own, but without aiortc, since answers need its
fingerprint at once. cryptography comes with this module (9 MB): it is imported for the first peer,
and not before.
"""

from __future__ import annotations

import datetime
import secrets
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

RENEWAL = 20 * 86400.0
"""Seconds after which new links get a new certificate."""
_VALID = datetime.timedelta(days=30)
_EARLIER = datetime.timedelta(days=1)
"""For peers whose clock is slow."""


class Certificate:
    """A self-signed certificate; links keep theirs for life. `fingerprint` is the value of its
    SHA-256, `handle` what `media.transport.handshake` keeps of it from the first handshake on."""

    __slots__ = ("_made_at", "fingerprint", "handle", "key", "signed")

    def __init__(self, now: float) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.signed = _signed(self.key)
        self.fingerprint = self.signed.fingerprint(hashes.SHA256()).hex(":").upper()
        self.handle: Any = None
        self._made_at = now

    def is_stale(self, now: float) -> bool:
        return now - self._made_at >= RENEWAL


def _signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    """Its name says nothing of whose it is."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, secrets.token_hex(16))])
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + _VALID)
        .sign(key, hashes.SHA256())
    )
