"""Which codec a publisher shall send, and whether a viewer can take it."""

from __future__ import annotations

from typing import Any

import pytest

from media.codecs import Codec, choose_audio, choose_video, match, red_of


def video(name: str, payload_type: int = 96, clock_rate: int = 90000, **parameters: str) -> Codec:
    fmtp = tuple((key.replace("_", "-"), value) for key, value in parameters.items())
    return Codec("video", name, payload_type, clock_rate, parameters=fmtp)


BASELINE: dict[str, Any] = {"packetization_mode": "1", "profile_level_id": "42e01f"}
MAIN: dict[str, Any] = {"packetization_mode": "1", "profile_level_id": "4d001f"}


def test_the_publishers_own_order_counts() -> None:
    offered = [video("AV1", 45), video("H264", 102, **BASELINE), video("VP9", 98), video("vp8", 96)]
    chosen = choose_video(offered)
    assert chosen is not None
    assert chosen.payload_type == 45
    last = choose_video(reversed(offered))
    assert last is not None
    assert last.payload_type == 96


def test_what_those_who_are_here_can_decode_comes_first() -> None:
    offered = [video("AV1", 45), video("VP9", 98), video("VP8", 96)]
    everything = [video("VP8"), video("VP9"), video("AV1")]
    phone = [video("VP8"), video("H264", **BASELINE)]
    for viewers, name in (([everything], "AV1"), ([everything, phone], "VP8"), ([[]], "AV1")):
        chosen = choose_video(offered, viewers)
        assert chosen is not None
        assert chosen.name == name


def test_what_is_wanted_comes_before_the_publishers_order_and_after_what_viewers_can() -> None:
    offered = [video("VP8", 96), video("VP9", 98), video("H264", 102, **BASELINE)]
    only_vp8 = [[video("VP8")]]
    for viewers, wanted, name in (
        ((), ("H264", "VP9"), "H264"),
        ((), ("AV1", "VP9"), "VP9"),
        ((), ("AV1",), "VP8"),
        (only_vp8, ("H264",), "VP8"),
    ):
        chosen = choose_video(offered, viewers, wanted)
        assert chosen is not None
        assert chosen.name == name


def test_h264_in_the_profile_that_everybody_decodes() -> None:
    high = video("H264", 112, packetization_mode="1", profile_level_id="640c1f")
    chosen = choose_video([high, video("H264", 106, **BASELINE)])
    assert chosen is not None
    assert chosen.payload_type == 106
    assert choose_video([high]) == high


@pytest.mark.parametrize(
    ("codec", "usable"),
    [
        (video("VP9", profile_id="0"), True),
        (video("VP9"), True),
        (video("VP9", profile_id="2"), False),
        (video("AV1", profile="0", level_idx="5"), True),
        (video("AV1", profile="1"), False),
    ],
)
def test_only_8_bit_420(codec: Codec, usable: bool) -> None:
    assert (choose_video([codec]) is not None) is usable
    assert (match(codec, [codec]) is not None) is usable


def test_h264_only_in_fragments() -> None:
    offered = [video("H264", 102), video("H264", 104, packetization_mode="0")]
    assert choose_video(offered) is None
    offered.append(video("H264", 106, **BASELINE))
    chosen = choose_video(offered)
    assert chosen is not None
    assert chosen.payload_type == 106


@pytest.mark.parametrize("clock_rate", [0, 8000, 90001])
def test_video_on_another_clock_is_no_video(clock_rate: int) -> None:
    assert choose_video([video("VP8", clock_rate=clock_rate)]) is None


def test_codecs_whose_keyframes_we_cannot_tell_are_not_chosen() -> None:
    assert choose_video([video("H265"), video("rtx"), video("red"), video("flexfec-03")]) is None


def test_opus_at_48_khz() -> None:
    other = Codec("audio", "opus", 110, 16000)
    opus = Codec("audio", "OPUS", 111, 48000, 2)
    assert choose_audio([Codec("audio", "PCMU", 0, 8000), other, opus]) is opus
    assert choose_audio([other]) is None


def test_a_viewers_own_payload_type_is_found() -> None:
    assert match(video("VP8", 96), [video("H264", 97, **BASELINE), video("vp8", 120)]) == video(
        "vp8", 120
    )


def test_the_same_h264_profile_is_preferred() -> None:
    offered = [video("H264", 102, **MAIN), video("H264", 108, **BASELINE)]
    level = BASELINE | {"profile_level_id": "42E033"}
    found = match(video("H264", 96, **level), offered)
    assert found is not None
    assert found.payload_type == 108
    neighbour = match(video("H264", 96, packetization_mode="1"), offered)
    assert neighbour is not None


def test_what_cannot_be_decoded_is_not_matched() -> None:
    assert match(video("VP8"), [video("VP8", clock_rate=8000)]) is None
    assert match(video("H264", **BASELINE), [video("H264", packetization_mode="0")]) is None


def test_lines_of_sdp() -> None:
    codec = Codec("audio", "opus", 111, 48000, 2, (("minptime", "10"), ("stereo", "")))
    assert (codec.rtpmap, codec.fmtp) == ("opus/48000/2", "minptime=10;stereo")
    assert video("VP8").rtpmap == "VP8/90000"
    assert video("VP8").fmtp == ""


def test_feedback_both_know_in_our_order() -> None:
    codec = Codec("video", "VP8", 96, 90000, feedback=("nack", "x", "nack pli"))
    assert codec.with_feedback(("nack pli", "ccm fir", "nack")).feedback == ("nack pli", "nack")


@pytest.mark.parametrize(
    ("order", "inside", "found"),
    [
        ("red opus", "111/111", 63),
        ("red opus", "111/111/111", 63),
        ("opus red", "111/111", 0),
        ("red opus", "111/8", 0),
        ("red opus", "9/9", 0),
        ("red opus", "", 0),
        ("opus", "111/111", 0),
    ],
)
def test_redundancy_is_for_those_who_rather_send_it(order: str, inside: str, found: int) -> None:
    opus = Codec("audio", "opus", 111, 48000, 2)
    both = {"opus": opus, "red": Codec("audio", "red", 63, 48000, 2, ((inside, ""),))}
    assert red_of(opus, [both[name] for name in order.split()]) == found
