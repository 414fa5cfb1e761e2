"""Certificates that we sign ourselves, and those that somebody gives us."""

from __future__ import annotations

import datetime
import os
import ssl
import stat
from pathlib import Path

import pytest
from cryptography import x509

from tests.certificate import make_certificate
from wagu.certificates import Given, TlsContext
from wagu.self_signed import GOOD_FOR, RENEWAL, SelfSigned

NOW = datetime.datetime(2026, 11, 27, tzinfo=datetime.UTC)


class World:
    """The clock and the addresses of a machine."""

    def __init__(self, folder: Path) -> None:
        self.now = NOW
        self.names = ["192.168.0.5"]
        self.source = SelfSigned(folder, lambda: self.names, lambda: self.now)

    def certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.source.files()[0].read_bytes())


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "tls")


def names_of(certificate: x509.Certificate) -> set[str]:
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return {str(each.value) for each in found.value}


def test_it_names_this_machine_and_is_for_its_owner_alone(world: World) -> None:
    made = world.certificate()
    assert {"localhost", "127.0.0.1", "::1", "192.168.0.5"} <= names_of(made)
    assert made.not_valid_after_utc - NOW == GOOD_FOR
    assert datetime.timedelta(days=825) > GOOD_FOR, "what Apple's devices take"
    file = world.source.files()[0]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_it_stays_until_its_year_is_nearly_over(world: World) -> None:
    first = world.certificate()
    world.now = NOW + GOOD_FOR - RENEWAL - datetime.timedelta(minutes=1)
    assert world.certificate() == first
    world.now = NOW + GOOD_FOR - RENEWAL
    assert world.certificate().serial_number != first.serial_number


def test_it_is_made_anew_for_another_address_and_stays_when_one_goes(world: World) -> None:
    first = world.certificate()
    world.names.append("10.0.0.7")
    second = world.certificate()
    assert second.serial_number != first.serial_number
    assert "10.0.0.7" in names_of(second)
    world.names.remove("10.0.0.7")
    assert world.certificate() == second


def test_what_cannot_be_read_is_made_anew(world: World) -> None:
    file = world.source.files()[0]
    file.write_bytes(b"half a")
    assert world.certificate().version is x509.Version.v3


def test_a_context_takes_what_was_renewed(tmp_path: Path) -> None:
    given = make_certificate(tmp_path)
    tls = TlsContext(Given(given.certificate, given.key))
    assert not tls.refresh()
    os.utime(make_certificate(tmp_path).key, (1, 1))
    assert tls.refresh()
    given.key.write_text("no key")
    with pytest.raises(ssl.SSLError):
        tls.refresh()
