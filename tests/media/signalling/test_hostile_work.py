"""What it takes to understand a long offer: in steps of the interpreter, not in seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest

from media.errors import BadOffer
from media.signalling import fragment, offer, sdp
from media.signalling.fragment import read_fragment
from media.signalling.offer import read_offer
from media.signalling.sdp import MAX_BYTES, MAX_LINES, MAX_SECTIONS

OURS = {offer.__file__, sdp.__file__, fragment.__file__}
STEPS_A_LINE = 40
"""Lines of ours that run per line of an offer, looking for each attribute in turn included."""
AT_ONCE = 1_000
"""Lines that run until something obviously too long is refused."""

CANDIDATE = "a=candidate:{} 1 udp 2122260223 10.0.{}.1 50000 typ host generation 0\n"
SHORT = "a=candidate:{}\n"
SECTION = "m=audio 9 UDP/TLS/RTP/SAVPF 111\na=mid:{}\n"
BARE = "m=x 0 x 0\n"
PWD = "a=ice-ufrag:EsAw\na=ice-pwd:" + "a" * 22 + "\n"


def steps_of(read: Callable[[str], Any], text: str) -> tuple[Any, int]:
    """What `read` makes of a text (None: refused), and how many lines of ours ran for it."""
    steps = 0

    def count(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal steps
        if frame.f_code.co_filename not in OURS:
            return None
        steps += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        found = read(text)
    except BadOffer:
        found = None
    finally:
        sys.settrace(before)
    return found, steps


def many(line: str, count: int) -> str:
    return "".join(line.replace("{}", str(number)) for number in range(count))


def fitting(line: str) -> Iterator[int]:
    """How many such lines are half of what is read, and nearly all of it."""
    most = min(MAX_LINES - 60, (MAX_BYTES - 4_000) // (len(line) + 8))
    return iter((most // 2, most))


@pytest.mark.parametrize("line", [CANDIDATE, SHORT, "a=ssrc:{} cname:x\n", "a=x\n"])
def test_work_grows_with_the_length_and_no_faster(small: str, line: str) -> None:
    half, whole = fitting(line)
    few, less = steps_of(read_offer, small + many(line, half))
    all_, more = steps_of(read_offer, small + many(line, whole))
    assert few is not None
    assert all_ is not None, "a browser with many networks is no attacker"
    print(f"figure: {whole} × {line[:12]!r} took {more / whole:.1f} steps a line")
    assert more < whole * STEPS_A_LINE
    assert more < less * 2.2


@pytest.mark.parametrize("count", [MAX_LINES, 5_000, 50_000, 500_000])
def test_many_thousand_candidates_are_refused_unread(small: str, count: int) -> None:
    for line in (CANDIDATE, SHORT):
        found, steps = steps_of(read_offer, small + many(line, count))
        assert (found, steps < AT_ONCE) == (None, True)
        found, steps = steps_of(read_fragment, PWD + many(line, count))
        assert (found, steps < AT_ONCE) == (None, True)


def test_candidates_of_a_fragment_are_read_past() -> None:
    half, whole = fitting(SHORT)
    _, less = steps_of(read_fragment, PWD + many(SHORT, half))
    found, more = steps_of(read_fragment, PWD + many(SHORT, whole))
    assert found is not None
    assert more < whole * STEPS_A_LINE
    assert more < less * 2.2


@pytest.mark.parametrize("count", [MAX_SECTIONS + 1, 500, 1_500, 5_000, 50_000])
@pytest.mark.parametrize("line", [SECTION, BARE])
def test_thousands_of_m_lines_are_refused_before_one_is_understood(
    small: str, line: str, count: int
) -> None:
    """Those behind the last that may be are not even looked at."""
    found, steps = steps_of(read_offer, small + many(line, count))
    assert found is None
    assert steps < AT_ONCE + MAX_SECTIONS * STEPS_A_LINE


def test_as_many_m_lines_as_may_be_with_as_much_in_each_as_fits(small: str) -> None:
    """Each is looked through for its own attributes only."""
    session, _, _ = small.partition("m=audio")
    mids = " ".join(str(number) for number in range(MAX_SECTIONS))
    session = session.replace("BUNDLE 0 1", f"BUNDLE {mids}")
    each = (MAX_LINES - 100) // MAX_SECTIONS - 3
    sections = "".join(
        f"m=audio 9 UDP/TLS/RTP/SAVPF 111\na=mid:{number}\na=rtcp-mux\n" + many(SHORT, each)
        for number in range(MAX_SECTIONS)
    )
    text = session + PWD + "a=fingerprint:sha-256 01:23\n" + sections
    found, steps = steps_of(read_offer, text)
    lines = text.count("\n")
    print(f"figure: {lines} lines in {MAX_SECTIONS} m-lines took {steps / lines:.1f} steps a line")
    assert found is not None
    assert len(found.media) == MAX_SECTIONS
    assert steps < lines * STEPS_A_LINE
