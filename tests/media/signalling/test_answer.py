"""The answer as others read it: aiortc here, Chromium and FFmpeg in tests/browser."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping

import pytest
from aiortc.sdp import SessionDescription

from media.codecs import Codec
from media.events import Role
from media.signalling.answer import TransportDescription, write_answer
from media.signalling.negotiation import Agreement, Outgoing, negotiate
from media.signalling.offer import read_offer

Text = Callable[[str], str]
FINGERPRINT = ":".join(["AB"] * 32)
TRANSPORT = TransportDescription(
    ufrag="Frag",
    pwd="0123456789abcdefghijkl",
    fingerprint=FINGERPRINT,
    setup="passive",
    candidates=(("192.0.2.1", 5000), ("127.0.0.1", 5000)),
)
CASES: list[tuple[str, Role]] = [
    ("chromium_publish", "publish"),
    ("chromium_talk", "talk"),
    ("chromium_watch", "watch"),
    ("firefox_publish", "publish"),
    ("firefox_talk", "talk"),
    ("firefox_watch", "watch"),
    ("ffmpeg_publish", "publish"),
]


def answer(
    text: str, role: Role, codecs: Mapping[str, Codec], transport: TransportDescription = TRANSPORT
) -> tuple[Agreement, str]:
    ssrcs = itertools.count(1000)
    agreement = negotiate(
        read_offer(text),
        role,
        slots=6,
        published={"audio": codecs["opus"], "video": codecs["vp8"]},
        new_ssrc=lambda: next(ssrcs),
    )
    return agreement, write_answer(agreement, transport, 4711)


@pytest.mark.parametrize(("name", "role"), CASES)
def test_every_m_line_is_answered_in_its_place(
    offer_text: Text, codecs: Mapping[str, Codec], name: str, role: Role
) -> None:
    text = offer_text(name)
    agreement, sdp = answer(text, role, codecs)
    offered = [line for line in text.split("\r\n") if line.startswith(("m=", "a=mid:"))]
    answered = [line for line in sdp.split("\r\n") if line.startswith(("m=", "a=mid:"))]
    assert len(offered) == len(answered)
    for theirs, ours in zip(offered, answered, strict=True):
        if theirs.startswith("a="):
            assert ours == theirs
        else:
            assert ours.split()[0] == theirs.split()[0], "kind"
            assert ours.split()[2] == theirs.split()[2], "protocol"
            assert set(ours.split()[3:]) <= set(theirs.split()[3:]), "formats"
    rejected = [line for line in answered if line.startswith("m=") and line.split()[1] == "0"]
    assert len(rejected) == agreement.lines.count(None)


@pytest.mark.parametrize(("name", "role"), CASES)
def test_aiortc_understands_it(
    offer_text: Text, codecs: Mapping[str, Codec], name: str, role: Role
) -> None:
    agreement, sdp = answer(offer_text(name), role, codecs)
    read = SessionDescription.parse(sdp)
    accepted = [m for m in read.media if m.port]
    assert read.group[0].semantic == "BUNDLE"
    assert read.group[0].items == [m.rtp.muxId for m in accepted]
    for media in accepted:
        assert media.port == 5000
        assert media.ice.iceLite
        assert (media.ice.usernameFragment, media.ice.password) == ("Frag", TRANSPORT.pwd)
        assert media.dtls is not None
        assert media.dtls.role == "server"
        assert media.dtls.fingerprints[0].value == FINGERPRINT
        assert media.rtcp_mux
        candidates = media.ice_candidates
        assert [(c.ip, c.port, c.type) for c in candidates] == [
            ("192.0.2.1", 5000, "host"),
            ("127.0.0.1", 5000, "host"),
        ]
        assert candidates[0].priority > candidates[1].priority
        codec, *repairs = media.rtp.codecs
        repaired = media.kind == "video"
        assert [each.parameters for each in repairs] == [{"apt": codec.payloadType}] * repaired
    for media, line in zip(read.media, agreement.lines, strict=True):
        expected = "inactive" if line is None else "recvonly"
        assert media.direction == ("sendonly" if isinstance(line, Outgoing) else expected)
        if isinstance(line, Outgoing):
            repair = [line.rtx_ssrc] if line.rtx else []
            assert [each.ssrc for each in media.ssrc] == [line.ssrc, *repair], (
                "the stream itself comes first"
            )
            groups = [(group.semantic, group.items) for group in media.ssrc_group]
            assert groups == [("FID", [line.ssrc, each]) for each in repair]
            assert media.msid.startswith(line.stream)


def test_simulcast_is_accepted(offer_text: Text, codecs: Mapping[str, Codec]) -> None:
    _, sdp = answer(offer_text("chromium_publish"), "publish", codecs)
    assert "a=simulcast:recv l;m;h\r\n" in sdp
    assert all(f"a=rid:{rid} recv\r\n" in sdp for rid in "lmh")


def test_ids_are_the_peers_own(offer_text: Text, codecs: Mapping[str, Codec]) -> None:
    _, sdp = answer(offer_text("firefox_publish"), "publish", codecs)
    assert "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid\r\n" in sdp
    assert "a=extmap:9 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n" in sdp
    assert "a=rtpmap:120 VP8/90000\r\n" in sdp
    assert "abs-send-time" not in sdp


def test_an_active_answer_for_a_passive_offer(
    offer_text: Text, codecs: Mapping[str, Codec]
) -> None:
    transport = TransportDescription("Frag", "p" * 22, FINGERPRINT, "active", ())
    _, sdp = answer(offer_text("ffmpeg_publish"), "publish", codecs, transport)
    assert "a=setup:active\r\n" in sdp
    assert "a=candidate" not in sdp


def test_it_ends_its_lines_as_sdp_does(offer_text: Text, codecs: Mapping[str, Codec]) -> None:
    _, sdp = answer(offer_text("chromium_talk"), "talk", codecs)
    assert sdp.endswith("\r\n")
    assert sdp.count("\n") == sdp.count("\r\n") == sdp.count("\r")


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("role", ["talk", "watch"])
def test_redundant_audio_stands_first_where_it_did(
    offer_text: Text, codecs: Mapping[str, Codec], role: Role, first: bool
) -> None:
    text = offer_text(f"chromium_{role}")
    if first:
        text = text.replace("SAVPF 111 63", "SAVPF 63 111")
    _, written = answer(text, role, codecs)
    lines = [each for each in SessionDescription.parse(written).media if each.kind == "audio"]
    assert len(lines) == (7 if role == "talk" else 1)
    assert all(line.fmt == ([63, 111] if first else [111]) for line in lines)
    assert ("a=rtpmap:63 red/48000/2" in written) is first
    assert written.count("a=fmtp:63 111/111") == (len(lines) if first else 0)


def test_each_m_line_says_for_itself_whether_it_wants_copies(
    offer_text: Text, codecs: Mapping[str, Codec]
) -> None:
    text = offer_text("chromium_talk").replace("SAVPF 111 63", "SAVPF 63 111", 1)
    agreement, _ = answer(text, "talk", codecs)
    assert [line.red for line in agreement.lines if line] == [63] + [0] * 6


@pytest.mark.parametrize(
    ("name", "role"), [case for case in CASES if not case[0].startswith("ffmpeg")]
)
def test_opus_is_sent_with_what_repairs_it(
    offer_text: Text, codecs: Mapping[str, Codec], name: str, role: Role
) -> None:
    """In-band FEC is what a receiver asks for (RFC 7587, 6.1), in either direction."""
    agreement, written = answer(offer_text(name), role, codecs)
    sounds = [line for line in agreement.lines if line and line.kind == "audio"]
    assert sounds
    assert all(line.codec.parameter("useinbandfec") == "1" for line in sounds)
    fmtp = re.findall(r"a=fmtp:(?:109|111) (.*)\r", written)
    assert len(fmtp) == len(sounds)
    assert all("useinbandfec=1" in each.split(";") for each in fmtp)
