"""Places of guests in a viewer's offer: agreed on before anybody stands there."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from media.codecs import Codec
from media.errors import BadOffer
from media.signalling.negotiation import GUESTS, Agreement, Outgoing, negotiate
from media.signalling.offer import read_offer

Text = Callable[[str], str]


def agree(text: str, role: Any, published: Mapping[Any, Codec]) -> Agreement:
    numbers = itertools.count(1000)
    return negotiate(
        read_offer(text), role, slots=6, published=published, new_ssrc=lambda: next(numbers)
    )


@pytest.fixture
def host(codecs: Mapping[str, Codec]) -> Mapping[str, Codec]:
    return {"audio": codecs["opus"], "video": codecs["h264"]}


def test_each_further_pair_is_a_place(wide_offer: str, host: Mapping[str, Codec]) -> None:
    lines = agree(wide_offer, "watch", host).outgoing
    assert [line.place for line in lines] == [0, 0, 1, 1, 2, 2, 3, 3]
    assert [line.kind for line in lines] == ["audio", "video"] * (1 + GUESTS)
    videos = [line.codec.name for line in lines if line.kind == "video"]
    assert videos == ["H264", "VP8", "VP8", "VP8"], "the host's codec is not the guests'"
    assert [line.stream for line in lines[::2]] == ["live", "stage-1", "stage-2", "stage-3"]
    assert all(line.rtx_ssrc for line in lines if line.kind == "video")
    assert len({line.ssrc for line in lines}) == 8


def test_what_the_host_does_not_send_is_no_place(
    wide_offer: str, host: Mapping[str, Codec]
) -> None:
    lines = agree(wide_offer, "watch", {"audio": host["audio"]}).lines
    assert lines[1] is None
    assert [line.place if isinstance(line, Outgoing) else None for line in lines[2:4]] == [1, 1]


def test_more_pairs_than_places_are_rejected(wide_offer: str, host: Mapping[str, Codec]) -> None:
    *_, audio, video = wide_offer.partition("m=audio")[1:]
    more = audio + video[: video.index("m=audio")].replace("a=mid:0", "a=mid:8")
    text = wide_offer.replace("BUNDLE 0", "BUNDLE 8 0") + more.replace("a=mid:1\r", "a=mid:9\r")
    assert agree(text.replace("BUNDLE 8", "BUNDLE 9 8"), "watch", host).lines[8:] == (None, None)


def test_what_a_viewer_decodes_is_said_once(wide_offer: str, host: Mapping[str, Codec]) -> None:
    one, other = agree(wide_offer, "watch", host), None
    other = read_offer(wide_offer).media[1].codecs
    assert one.decodes == other


def test_a_guest_sends_vp8_whatever_comes_first(offer_text: Text) -> None:
    text = offer_text("chromium_publish")
    audio, video = agree(text, "guest", {}).incoming
    assert (audio.codec.name, video.codec.name, video.rids) == ("opus", "VP8", ("l", "m", "h"))
    with pytest.raises(BadOffer):  # nobody has agreed to H.264 of a guest
        agree(offer_text("ffmpeg_publish"), "guest", {})


def test_a_guest_sends(offer_text: Text) -> None:
    with pytest.raises(BadOffer):
        agree(offer_text("chromium_watch"), "guest", {})
