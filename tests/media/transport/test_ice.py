"""The ICE-lite responder on its own: RFC 5769's sample message, forged and broken requests."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from aioice import stun
from hypothesis import given
from hypothesis import strategies as st

from media.errors import MalformedPacket
from media.transport import ice
from media.transport.counters import Drop
from media.transport.ice import REMEMBERED_CHECKS, BindingRequest, IceCredentials, IceResponder

HERE, THERE = ("192.0.2.1", 5000), ("192.0.2.2", 5000)
LOCAL = IceCredentials("local", "the local password")
REMOTE = IceCredentials("remote", "the remote password")

# RFC 5769 section 2.1.
SAMPLE = bytes.fromhex(
    "00010058 2112a442 b7e7a701bc34d686fa87dfae"
    "80220010 5354554e207465737420636c69656e74"
    "00240004 6e0001ff"
    "80290008 932ff9b151263b36"
    "00060009 6576746a3a68367659202020"
    "00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
    "80280004 e57a3bcf"
)


def check(
    username: str = "local:remote", key: str = LOCAL.pwd, **attributes: Any
) -> BindingRequest:
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = username
    message.attributes |= {name.replace("_", "-"): value for name, value in attributes.items()}
    message.add_message_integrity(key.encode())
    request = ice.parse(bytes(message))
    assert request is not None
    return request


@pytest.fixture
def responder() -> IceResponder:
    return IceResponder(LOCAL, REMOTE)


def test_the_sample_of_rfc_5769() -> None:
    request = ice.parse(SAMPLE)
    assert request is not None
    assert request.username == "evtj:h6vY"
    assert request.ufrag == "evtj"
    password = "VOkJxbRl1RmTxUk/WvJxBt"
    responder = IceResponder(IceCredentials("evtj", password), IceCredentials("h6vY", ""))
    # Integrity is right; the sender believes to be controlled.
    assert responder.judge(request, HERE) is Drop.STUN_ROLE_CONFLICT
    responder = IceResponder(IceCredentials("evtj", "wrong"), IceCredentials("h6vY", ""))
    assert responder.judge(request, HERE) is Drop.STUN_BAD_INTEGRITY


def test_every_byte_of_a_signed_request_matters() -> None:
    """A flipped bit is malformed, another user's, or fails its integrity; it never passes."""
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes |= {"USERNAME": "local:remote", "PRIORITY": 1, "ICE-CONTROLLING": 1}
    message.add_message_integrity(LOCAL.pwd.encode())
    good = bytes(message)
    # All but the fingerprint, which stands behind the integrity and guards against accidents.
    for position in range(len(good) - stun.FINGERPRINT_LENGTH):
        bad = bytearray(good)
        bad[position] ^= 0x40
        with contextlib.suppress(MalformedPacket):
            request = ice.parse(bytes(bad))
            assert request is None or IceResponder(LOCAL, REMOTE).judge(request, HERE) is not None


def test_what_follows_the_integrity_is_not_believed() -> None:
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = "local:remote"
    message.add_message_integrity(LOCAL.pwd.encode())
    message.attributes.pop("FINGERPRINT")
    message.attributes["USE-CANDIDATE"] = None
    request = ice.parse(bytes(message))
    assert request is not None
    assert not request.nominates


@pytest.mark.parametrize("username", ["", "local", "local:", "remote:local", "local:remote:x"])
def test_only_the_exact_username_passes(responder: IceResponder, username: str) -> None:
    assert responder.judge(check(username), HERE) is Drop.STUN_UNKNOWN_USER


def test_nomination(responder: IceResponder) -> None:
    assert check(USE_CANDIDATE=None).nominates
    assert not check().nominates
    assert responder.judge(check(), HERE) is None


def test_success_is_signed_and_names_the_source(responder: IceResponder) -> None:
    request = check()
    answer = stun.parse_message(responder.success(request, HERE))
    assert answer.transaction_id == request.transaction
    assert answer.message_class is stun.Class.RESPONSE
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == HERE
    assert answer.check_message_integrity(LOCAL.pwd.encode())
    assert "FINGERPRINT" in answer.attributes


def test_refusals(responder: IceResponder) -> None:
    request = check(key="wrong")
    refusal = responder.refusal(request, Drop.STUN_BAD_INTEGRITY)
    assert refusal is not None
    answer = stun.parse_message(refusal)
    assert (answer.error_code, answer.transaction_id) == (401, request.transaction)
    assert "MESSAGE-INTEGRITY" not in answer.attributes
    for why in (Drop.STUN_UNKNOWN_USER, Drop.STUN_REPLAYED, Drop.ADDRESS_TAKEN):
        assert responder.refusal(request, why) is None


def test_replays_are_known_from_retransmissions(responder: IceResponder) -> None:
    request = check()
    assert responder.judge(request, HERE) is None
    assert responder.judge(request, THERE) is Drop.STUN_REPLAYED
    assert responder.judge(request, HERE) is None
    assert responder.judge(check(), THERE) is None


def test_the_memory_for_replays_is_bounded(responder: IceResponder) -> None:
    first = check()
    responder.judge(first, HERE)
    for _ in range(REMEMBERED_CHECKS):
        responder.judge(check(), HERE)
    assert len(responder._seen) == REMEMBERED_CHECKS
    assert responder.judge(first, THERE) is None


def test_a_forged_check_does_not_spend_a_transaction(responder: IceResponder) -> None:
    good = check()
    forged = BindingRequest(good.username, good.transaction, True, check(key="wrong").message)
    assert responder.judge(forged, THERE) is Drop.STUN_BAD_INTEGRITY
    assert responder.judge(good, HERE) is None


def test_credentials_are_long_and_quiet() -> None:
    made = {IceCredentials.generate() for _ in range(50)}
    assert len({each.ufrag for each in made}) == 50
    for each in made:
        assert len(each.ufrag) * 4 >= 24
        assert len(each.pwd) * 4 >= 128
        assert each.pwd not in repr(each)


@given(st.binary(max_size=120))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(MalformedPacket):
        ice.parse(data)


@given(st.binary(max_size=120))
def test_any_attributes_are_read_or_refused(body: bytes) -> None:
    head = b"\x00\x01" + len(body).to_bytes(2, "big") + ice.COOKIE + bytes(12)
    with contextlib.suppress(MalformedPacket):
        request = ice.parse(head + body)
        assert request is None or IceResponder(LOCAL, REMOTE).judge(request, HERE) is not None
