"""A certificate of the HTTP port that we sign ourselves.

It names this machine's addresses in its network, and is made anew when they change or its year is
nearly over. Browsers warn of it once, as nobody else vouches for it.
"""

from __future__ import annotations

import datetime
import ipaddress
import os
import socket
from collections.abc import Callable, Iterable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from wagu import lan
from wagu.certificates import Files

GOOD_FOR = datetime.timedelta(days=365)
"""Apple's devices take none that is good for more than 825 days."""
RENEWAL = datetime.timedelta(days=30)


class SelfSigned:
    """Kept in `folder`; `names` are looked up each time."""

    def __init__(
        self,
        folder: Path,
        names: Callable[[], Iterable[str]],
        now: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.UTC),
    ) -> None:
        self._file = folder / "self-signed.pem"
        self._names = names
        self._now = now

    def files(self) -> Files:
        names = {*lan.HERE, socket.gethostname(), f"{socket.gethostname()}.local", *self._names()}
        if not self._is_good(names):
            self._write(_made(sorted(names), self._now()))
        return self._file, self._file

    def _is_good(self, names: set[str]) -> bool:
        try:
            found = x509.load_pem_x509_certificate(self._file.read_bytes())
        except (OSError, ValueError):
            return False
        entries = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        known = {str(entry.value) for entry in entries}
        return names <= known and self._now() < found.not_valid_after_utc - RENEWAL

    def _write(self, pem: bytes) -> None:
        """Whole or not at all, and for nobody else's eyes."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = self._file.with_suffix(".new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
        new.replace(self._file)


def _made(names: Iterable[str], now: datetime.datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Wagu Book")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))  # for phones whose clock is late
        .not_valid_after(now + GOOD_FOR)
        .add_extension(x509.SubjectAlternativeName(map(_entry, names)), critical=False)
        # An iPhone takes what is installed by hand as trusted only if it is an authority.
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    secret = key.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(encoding) + secret


def _entry(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
