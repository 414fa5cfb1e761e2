"""What each role may have of an offer."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence

import pytest

from media.codecs import Codec, Kind
from media.errors import BadOffer, UnsupportedCodec
from media.events import Role
from media.hls.broadcasts import WANTED
from media.signalling.negotiation import (
    ABS_SEND_TIME,
    AUDIO_LEVEL,
    MID,
    REPAIRED_RID,
    RID,
    TRANSPORT_CC,
    Agreement,
    Incoming,
    Outgoing,
    negotiate,
)
from media.signalling.offer import read_offer

Bend = Callable[[dict[str, str]], str]
Text = Callable[[str], str]


def agree(
    text: str,
    role: Role,
    published: Mapping[Kind, Codec] | None = None,
    slots: int = 6,
    wanted: Sequence[str] = (),
) -> Agreement:
    ssrcs = itertools.count(1000)
    return negotiate(
        read_offer(text),
        role,
        slots=slots,
        published=published or {},
        new_ssrc=lambda: next(ssrcs),
        wanted=wanted,
    )


@pytest.mark.parametrize(
    ("offer", "layers", "name"),
    [
        ("chromium_publish", True, "H264"),
        ("firefox_publish", True, "VP8"),  # it has no H.264 here, and layers of VP8 only
        ("firefox_publish", False, "VP9"),
    ],
)
def test_what_is_wanted_of_a_publisher(
    offer_text: Text, offer: str, layers: bool, name: str
) -> None:
    text = offer_text(offer)
    if not layers:
        lines = text.splitlines(keepends=True)
        text = "".join(each for each in lines if not each.startswith(("a=rid:", "a=simulcast:")))
    (video,) = (
        each for each in agree(text, "publish", wanted=WANTED).incoming if each.kind == "video"
    )
    assert video.codec.name == name


def test_a_publisher_sends_one_of_each_and_no_data(offer_text: Text) -> None:
    agreement = agree(offer_text("chromium_publish"), "publish")
    audio, video, data = agreement.lines
    assert isinstance(audio, Incoming)
    assert isinstance(video, Incoming)
    assert data is None
    assert audio.codec.name == "opus"
    assert video.codec.name == "VP8"
    assert video.rids == ("l", "m", "h")
    assert set(audio.extensions) == {MID, AUDIO_LEVEL, TRANSPORT_CC}
    assert set(video.extensions) == {MID, RID, REPAIRED_RID, TRANSPORT_CC}
    assert video.rtx == 97
    assert video.codec.feedback == ("transport-cc", "ccm fir", "nack", "nack pli")
    assert agreement.outgoing == ()


def test_ffmpeg_publishes_h264_without_extensions(offer_text: Text) -> None:
    audio, video = agree(offer_text("ffmpeg_publish"), "publish").incoming
    assert (audio.codec.name, video.codec.name) == ("opus", "H264")
    assert (audio.extensions, video.extensions) == ({}, {})


@pytest.mark.parametrize("browser", ["chromium", "firefox"])
def test_a_viewer_gets_what_is_published(
    offer_text: Text, codecs: Mapping[str, Codec], browser: str
) -> None:
    published = {"audio": codecs["opus"], "video": codecs["vp8"]}
    agreement = agree(offer_text(f"{browser}_watch"), "watch", published)
    audio, video = agreement.outgoing
    assert (audio.codec.name, video.codec.name) == ("opus", "VP8")
    assert (audio.ssrc, video.ssrc) == (1000, 1001)
    assert audio.stream == video.stream, "sound and picture are one stream"
    assert ABS_SEND_TIME in video.extensions
    assert "goog-remb" in video.codec.feedback
    assert "transport-cc" not in video.codec.feedback
    assert agreement.incoming == ()


def test_a_viewer_of_sound_only_gets_no_video(
    offer_text: Text, codecs: Mapping[str, Codec]
) -> None:
    agreement = agree(offer_text("chromium_watch"), "watch", {"audio": codecs["opus"]})
    assert [line is None for line in agreement.lines] == [False, True]


def test_a_viewer_who_cannot_decode_is_told_so(bent: Bend, codecs: Mapping[str, Codec]) -> None:
    text = bent({"sendonly": "recvonly"})
    with pytest.raises(UnsupportedCodec, match="H264"):
        agree(text, "watch", {"audio": codecs["opus"], "video": codecs["h264"]})


def test_a_viewer_may_not_send(bent: Bend, codecs: Mapping[str, Codec], small: str) -> None:
    with pytest.raises(BadOffer):
        agree(small, "watch", {"audio": codecs["opus"], "video": codecs["vp8"]})


@pytest.mark.parametrize("browser", ["chromium", "firefox"])
def test_a_talker_has_a_microphone_and_slots(offer_text: Text, browser: str) -> None:
    agreement = agree(offer_text(f"{browser}_talk"), "talk")
    assert isinstance(agreement.lines[0], Incoming)
    slots = agreement.outgoing
    assert len(slots) == 6
    assert len({slot.ssrc for slot in slots}) == 6
    assert len({slot.stream for slot in slots}) == 6, "slots are different people"


def test_slots_are_bounded(offer_text: Text) -> None:
    agreement = agree(offer_text("chromium_talk"), "talk", slots=2)
    kinds = [type(line) for line in agreement.lines]
    assert kinds == [Incoming, Outgoing, Outgoing, *[type(None)] * 4]


def test_a_talker_may_not_show(offer_text: Text) -> None:
    agreement = agree(offer_text("chromium_publish"), "talk")
    assert [line is not None for line in agreement.lines] == [True, False, False]


def test_a_microphone_may_be_sendrecv(bent: Bend) -> None:
    agreement = agree(bent({"a=sendonly": "a=sendrecv"}), "talk")
    assert isinstance(agreement.lines[0], Incoming)


@pytest.mark.parametrize(
    ("role", "changes"),
    [
        ("publish", {"a=sendonly": "a=recvonly"}),
        ("publish", {"a=sendonly": "a=inactive"}),
        ("publish", {"opus/48000/2": "PCMU/8000", "VP8/90000": "VP7/90000"}),
        ("publish", {"opus/48000/2": "opus/8000", "VP8/90000": "VP8/8000"}),
        ("talk", {"a=sendonly": "a=recvonly"}),
        ("talk", {"m=audio": "m=video"}),
        ("talk", {"opus/48000/2": "G722/8000"}),
        ("watch", {"a=sendonly": "a=inactive"}),
    ],
)
def test_where_nothing_is_left_the_offer_is_bad(
    bent: Bend, role: Role, changes: dict[str, str]
) -> None:
    with pytest.raises(BadOffer):
        agree(bent(changes), role)


@pytest.mark.parametrize(
    "changes",
    [
        {"m=video": "m=audio", "VP8/90000": "opus/48000/2"},
        {"m=audio": "m=video", "opus/48000/2": "VP8/90000"},
        {"VP8/90000": "VP7/90000"},
        {"opus/48000/2": "PCMU/8000"},
    ],
)
def test_a_publisher_is_taken_whole_or_not_at_all(bent: Bend, changes: dict[str, str]) -> None:
    """RFC 9725, 4.4: two of a kind, and what nobody could forward."""
    with pytest.raises(BadOffer):
        agree(bent(changes), "publish")


def test_what_a_publisher_has_rejected_itself_is_not_missed(bent: Bend) -> None:
    agreement = agree(bent({"m=video 9": "m=video 0", "VP8/90000": "VP7/90000"}), "publish")
    assert [line is not None for line in agreement.lines] == [True, False]


def test_without_a_rid_extension_there_are_no_layers(bent: Bend) -> None:
    """Nobody could tell their packets apart."""
    text = bent({"a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\n": ""})
    assert agree(text, "publish").incoming[1].rids == ()
