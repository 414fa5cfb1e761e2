"""Offers made to cost memory or work: refused, or understood in little of both."""

from __future__ import annotations

import itertools
import tracemalloc
from collections.abc import Callable

import pytest

from media.errors import BadOffer
from media.events import Role
from media.signalling.answer import TransportDescription, write_answer
from media.signalling.negotiation import negotiate
from media.signalling.offer import Offer, read_offer
from media.signalling.sdp import MAX_BYTES

Bend = Callable[..., str]

PEAK = 4 << 20
"""Bytes that understanding one offer may take: some sixty times the longest."""
TRANSPORT = TransportDescription("u", "p", "AA", "passive", (("127.0.0.1", 9),))


def filled(text: str, line: str, most: int = 1900) -> str:
    """The offer with as many such lines as may be; `{}` becomes their number."""
    lines = (line.replace("{}", str(n)) for n in range(most))
    room = MAX_BYTES - len(text)
    sizes = itertools.accumulate(len(each) + 1 for each in (line.replace("{}", "9999"),) * most)
    count = sum(size <= room for size in sizes)
    return text + "\n".join(itertools.islice(lines, count)) + "\n"


def peak_of(text: str) -> tuple[Offer | None, int]:
    """What an offer becomes (None: refused), and the most memory that it took meanwhile."""
    tracemalloc.start()
    try:
        offer = read_offer(text)
    except BadOffer:
        offer = None
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return offer, peak


HUGE = "x" * 60_000
LISTS = {
    "candidates": "a=candidate:{} 1 udp 1 10.0.0.1 {} typ host",
    "streams": "a=ssrc:{} cname:me",
    "groups": "a=ssrc-group:FID {} {}",
    "layers": "a=rid:r{} send",
    "extensions": "a=extmap:{} urn:x:{}",
    "extensions of absurd numbers": "a=extmap:99999999999999{} urn:x:{}",
    "feedback for all": "a=rtcp-fb:* x{}",
    "feedback": "a=rtcp-fb:96 x{}",
    "formats described": "a=rtpmap:96 VP8/90000",
    "parameters": "a=fmtp:96 x{}=1",
    "fingerprints": "a=fingerprint:sha-256 AA:BB",
    "simulcast": "a=simulcast:send {};{};{}",
    "directions": "a=inactive",
    "names": "a=mid:{}",
    "nothing": "a={}",
}


@pytest.mark.parametrize("line", LISTS.values(), ids=LISTS)
def test_thousands_of_lines_cost_little_and_leave_less(small: str, line: str) -> None:
    offer, peak = peak_of(filled(small, line))
    assert peak < PEAK
    if offer is not None:
        for media in offer.media:
            assert len(media.rids) <= 3
            assert len(media.ssrcs) <= 16
            assert all(1 <= number <= 14 for number in media.extensions.values())
            assert all(len(codec.feedback) <= 32 for codec in media.codecs)


@pytest.mark.parametrize(
    "line",
    [
        "a=fmtp:96 " + "a;" * 30_000,
        "a=fmtp:96 " + HUGE,
        "a=simulcast:send " + "l;" * 30_000,
        "a=rid:" + HUGE + " send",
        "a=ice-ufrag:" + HUGE,
        "a=" + HUGE,
        "a=group:BUNDLE " + "0 " * 30_000,
    ],
    ids=lambda line: line[:14],
)
def test_one_endless_line_costs_little(small: str, line: str) -> None:
    _, peak = peak_of(small + line + "\n")
    assert peak < PEAK


@pytest.mark.parametrize("format_", ["96", "096", "0000000096"])
def test_a_format_named_many_times_is_one(bent: Bend, format_: str) -> None:
    """Each mention would hold its own copy of all parameters."""
    more = " ".join([format_] * 100)
    parameters = "a=fmtp:96 " + "parameter=1;" * 31
    offer, peak = peak_of(
        bent({"SAVPF 96": f"SAVPF 96 {more}", "a=rtpmap:96 VP8/90000": f"a=rtpmap:96 VP8/90000\n"
              f"a=rtpmap:{format_} VP8/90000\n{parameters}"})
    )  # fmt: skip
    assert offer is not None
    assert [codec.payload_type for codec in offer.media[1].codecs] == [96]
    assert peak < PEAK


def test_too_many_parameters_are_refused(bent: Bend) -> None:
    with pytest.raises(BadOffer, match="too many parameters"):
        read_offer(bent({"minptime=10": "a=1;" * 40}))


@pytest.mark.parametrize("role", ["talk", "publish", "watch"])
def test_an_answer_is_not_much_longer_than_its_offer(bent: Bend, role: Role) -> None:
    """Nobody gets more out of us than they put in, but for our candidates."""
    other = "\nm=application 9 UDP/DTLS/SCTP " + " ".join(f"f{n}" for n in range(300))
    text = bent({"a=group:BUNDLE 0 1": "a=group:BUNDLE " + " ".join(map(str, range(32)))})
    text += "".join(f"{other}\na=mid:{n}" for n in range(2, 32)).lstrip("\n") + "\n"
    if role == "watch":
        text = text.replace("a=sendonly", "a=recvonly")
    agreement = negotiate(
        read_offer(text),
        role,
        slots=6,
        published={codec.kind: codec for m in read_offer(text).media for codec in m.codecs},
        new_ssrc=itertools.count(1).__next__,
    )
    assert len(write_answer(agreement, TRANSPORT, 1)) < len(text) + 4096


def test_repairs_of_repairs_are_not_agreed_to(bent: Bend) -> None:
    circle = "a=rtpmap:97 rtx/90000\na=fmtp:97 apt=98\na=rtpmap:98 rtx/90000\na=fmtp:98 apt=97"
    offer = read_offer(
        bent(
            {"SAVPF 96": "SAVPF 97 98 96", "a=rtcp-fb:96 nack pli": f"a=rtcp-fb:96 nack\n{circle}"}
        )
    )
    agreement = negotiate(offer, "publish", slots=0, published={}, new_ssrc=lambda: 1)
    video = agreement.incoming[1]
    assert (video.codec.name, video.rtx) == ("VP8", 0)
