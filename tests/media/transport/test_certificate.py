"""Our certificate: what a browser's DTLS takes, and what aiortc takes for its own."""

from __future__ import annotations

import datetime

from aiortc.rtcdtlstransport import RTCCertificate
from cryptography.hazmat.primitives.asymmetric import ec

from media.transport.certificate import RENEWAL, Certificate
from media.transport.handshake import handle_of


def test_its_fingerprint_is_what_aiortc_finds() -> None:
    made = Certificate(0.0)
    found = {each.algorithm: each.value for each in handle_of(made).getFingerprints()}
    assert made.fingerprint == found["sha-256"]
    assert handle_of(made) is handle_of(made)


def test_it_is_like_one_of_aiortcs() -> None:
    ours, theirs = Certificate(0.0).signed, RTCCertificate.generateCertificate()._cert
    key = ours.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert isinstance(key.curve, ec.SECP256R1)
    ours.verify_directly_issued_by(ours)
    assert ours.signature_algorithm_oid == theirs.signature_algorithm_oid
    assert ours.version is theirs.version
    lasts = ours.not_valid_after_utc - ours.not_valid_before_utc
    assert lasts == theirs.not_valid_after_utc - theirs.not_valid_before_utc
    assert len(ours.extensions) == len(theirs.extensions) == 0


def test_it_is_renewed_before_it_ends_and_no_two_are_alike() -> None:
    first, second = Certificate(0.0), Certificate(0.0)
    assert not first.is_stale(RENEWAL - 1)
    assert first.is_stale(RENEWAL)
    left = first.signed.not_valid_after_utc - datetime.datetime.now(datetime.UTC)
    assert left > datetime.timedelta(seconds=RENEWAL + 86400)
    assert first.fingerprint != second.fingerprint
    assert first.signed.subject != second.signed.subject
