"""Text into sections; whatever is wrong is a BadOffer."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import BadOffer
from media.signalling.sdp import MAX_BYTES, MAX_LINES, MAX_SECTIONS, number, parse

HEAD = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"


def test_lines_belong_to_the_m_line_above_them() -> None:
    found = parse(
        HEAD + "a=group:BUNDLE 0\r\na=ice-lite\r\n"
        "m=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\na=mid:0\r\na=rtcp-mux\r\na=ssrc:1 a:b\r\na=ssrc:2\r\n"
        "m=video 0 RTP/AVP 96\r\n"
    )
    assert found.first("group") == "BUNDLE 0"
    assert found.first("ice-lite") == ""
    assert found.first("mid") is None
    audio, video = found.sections
    assert (audio.kind, audio.port, audio.protocol) == ("audio", 9, "UDP/TLS/RTP/SAVPF")
    assert audio.formats == ("111", "0")
    assert list(audio.all("ssrc")) == ["1 a:b", "2"]
    assert audio.has("rtcp-mux")
    assert not audio.has("rtcp-rsize")
    assert (video.port, video.attributes) == (0, {})


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_either_line_end_will_do_and_the_last_may_be_missing(end: str) -> None:
    assert parse(f"v=0{end}m=audio 9 X 0{end}") == parse(f"v=0{end}m=audio 9 X 0")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\r\n",
        "v=1\r\n",
        "m=audio 9 X 0\r\nv=0\r\n",
        HEAD + "nonsense\r\n",
        HEAD + "a\r\n",
        HEAD + "\r\n\r\na=b\r\n",
        HEAD + "a=\x00\r\n",
        HEAD + "a=x\x1b[31m\r\n",
        HEAD + "a=mid:0\ra=mid:1\r\n",
        HEAD + "a=\u2028\r\n",
        HEAD + "m=audio\r\n",
        HEAD + "m=audio 9 X\r\n",
        HEAD + "m=audio port X 0\r\n",
        HEAD + "m=audio -1 X 0\r\n",
        HEAD + "m=audio 65536 X 0\r\n",
        HEAD + "m=audio 9/2 X 0\r\n",
        HEAD + f"m=audio {'9' * 5000} X 0\r\n",
        HEAD + "m=audio ٩ X 0\r\n",
        HEAD + "a=" + "x" * MAX_BYTES + "\r\n",
        HEAD + "a=b\r\n" * MAX_LINES,
        HEAD + "m=audio 9 X 0\r\n" * (MAX_SECTIONS + 1),
    ],
)
def test_nonsense_is_a_bad_offer(text: str) -> None:
    with pytest.raises(BadOffer):
        parse(text)


@pytest.mark.parametrize("text", ["0", "7", "65535", "007"])
def test_numbers(text: str) -> None:
    assert number(text, 65535) == int(text)


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", " 1", "1_0", "1.0", "65536", "٣", "²", "1" * 9999]
)
def test_what_is_no_number(text: str) -> None:
    assert number(text, 65535) is None


@given(st.text() | st.text().map(lambda rest: HEAD + rest))
def test_no_text_raises_anything_else(text: str) -> None:
    with contextlib.suppress(BadOffer):
        parse(text)


def test_the_reason_does_not_repeat_a_whole_hostile_line() -> None:
    with pytest.raises(BadOffer) as caught:
        parse(HEAD + "x" * 60_000)
    assert len(str(caught.value)) < 200
