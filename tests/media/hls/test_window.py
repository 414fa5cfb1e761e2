"""The playlist, line by line, and what of a stream can be had when."""

from __future__ import annotations

import pytest

from media.hls.window import KEPT, LISTED, TARGET, Part, Window


def part(data: bytes = b"part", seconds: float = 0.5, *, independent: bool = False) -> Part:
    return Part(data, seconds, independent)


def segment(window: Window, parts: int = 4, seconds: float = 0.5) -> None:
    """A whole one that begins with a keyframe."""
    for index in range(parts):
        window.add(part(f"{window.last}.{index} ".encode(), seconds, independent=index == 0))
    window.end()


def begun(first: int = 100) -> Window:
    window = Window(first)
    window.begin(b"head")
    return window


def uris(window: Window, ending: str = ".m4s") -> list[str]:
    """The segments that are listed, without parts and hints."""
    return [each for each in window.playlist().splitlines() if each.endswith(ending)]


def test_a_playlist() -> None:
    window = begun()
    segment(window, parts=2)
    window.add(part(independent=True, seconds=0.46))
    assert window.playlist() == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:9\n"
        "#EXT-X-TARGETDURATION:4\n"
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,HOLD-BACK=12,PART-HOLD-BACK=1.5\n"
        "#EXT-X-PART-INF:PART-TARGET=0.5\n"
        "#EXT-X-MEDIA-SEQUENCE:100\n"
        "#EXT-X-DISCONTINUITY-SEQUENCE:0\n"
        '#EXT-X-MAP:URI="head-100.mp4"\n'
        '#EXT-X-PART:DURATION=0.50000,URI="100.0.m4s",INDEPENDENT=YES\n'
        '#EXT-X-PART:DURATION=0.50000,URI="100.1.m4s"\n'
        "#EXTINF:1.00000,\n"
        "100.m4s\n"
        '#EXT-X-PART:DURATION=0.46000,URI="101.0.m4s",INDEPENDENT=YES\n'
        '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="101.1.m4s"\n'
    )


def test_a_segment_is_its_parts() -> None:
    window = begun()
    window.add(part(b"one "))
    window.add(part(b"two"))
    assert window.segment(100) is None, "not whole"
    assert window.part(100, 1) == b"two"
    window.end()
    assert window.segment(100) == b"one two"
    assert window.head(100) == b"head"
    assert (window.part(100, 2), window.part(99, 0), window.segment(101)) == (None, None, None)
    assert window.head(101) is None


def test_it_slides_and_never_lists_less_than_three_targets() -> None:
    window = begun()
    for count in range(1, 40):
        segment(window)
        listed = uris(window)
        assert listed[-1] == f"{99 + count}.m4s"
        assert len(listed) * 2.0 >= min(LISTED, count * 2.0)
        assert len(listed) * 2.0 < LISTED + TARGET
        assert f"#EXT-X-MEDIA-SEQUENCE:{listed[0].removesuffix('.m4s')}\n" in window.playlist()
    first = int(uris(window)[0].removesuffix(".m4s"))
    assert window.segment(first - 1) is not None, "who was slow still gets it"
    assert window.segment(first - 1 - int(KEPT)) is None
    assert window.size < 40 * 4 * 10


def test_only_the_newest_segments_say_their_parts() -> None:
    window = begun()
    for _ in range(8):
        segment(window)
    parts = [line for line in window.playlist().splitlines() if line.startswith("#EXT-X-PART:")]
    assert len(parts) == 3 * 4


def test_memory_is_bounded_in_bytes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media.hls.window.MAX_BYTES", 1000)
    window = begun()
    for _ in range(20):
        window.add(part(bytes(300)))
        window.end()
        assert window.size <= 1000
    assert uris(window) == ["117.m4s", "118.m4s", "119.m4s"]


def test_who_waits_is_told_when_it_is_there() -> None:
    window = begun()
    assert not window.reaches(100)
    assert window.is_next(100, 0)
    window.add(part())
    assert window.reaches(100, 0)
    assert not window.reaches(100, 1)
    assert not window.reaches(100)
    assert window.is_next(100, 1)
    window.end()
    assert window.reaches(100)
    assert window.is_next(101, 0)
    # A part beyond the end of its segment is the first of the next one.
    assert not window.reaches(100, 9)
    assert not window.reaches(101, 0)
    window.add(part())
    assert window.reaches(100, 9)
    assert window.reaches(99, 0)
    assert not window.reaches(102)


def test_another_head_is_a_discontinuity_that_is_counted_when_it_leaves() -> None:
    window = begun()
    segment(window)
    window.begin(b"other")
    segment(window)
    lines = window.playlist().splitlines()
    at = lines.index("#EXT-X-DISCONTINUITY")
    assert lines[at + 1] == '#EXT-X-MAP:URI="head-101.mp4"'
    assert window.head(101) == b"other"
    for _ in range(5):
        segment(window)
    assert uris(window)[0] == "101.m4s"
    text = window.playlist()
    assert "#EXT-X-DISCONTINUITY\n" not in text
    assert "#EXT-X-DISCONTINUITY-SEQUENCE:1\n" in text
    assert window.head(100) is not None, "its segment is still served"
    for _ in range(8):
        segment(window)
    assert window.head(100) is None


def test_a_gap_is_a_discontinuity_under_the_same_head() -> None:
    window = begun()
    window.add(part())
    window.interrupt()
    window.interrupt()
    segment(window)
    assert window.playlist().count("#EXT-X-DISCONTINUITY\n") == 1
    assert window.playlist().count("#EXT-X-MAP") == 1


def test_the_end() -> None:
    window = begun()
    window.add(part())
    assert not window.ready
    window.close()
    assert window.ready
    assert window.playlist().endswith("100.m4s\n#EXT-X-ENDLIST\n")
    assert "PRELOAD" not in window.playlist()
    assert window.reaches(9999)
    assert not window.is_next(101, 0)


def test_nothing_without_a_head() -> None:
    with pytest.raises(ValueError, match="head"):
        Window(0).add(part())
