"""ICE fragments: what a browser's PATCH says, what we answer, and what is refused."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import BadOffer
from media.signalling.answer import TransportDescription
from media.signalling.fragment import Fragment, read_fragment, write_fragment

PWD = "a" * 22
# As in RFC 9725, section 4.3.2.
CHROMIUM = f"""a=group:BUNDLE 0 1
m=audio 9 UDP/TLS/RTP/SAVPF 111
a=mid:0
a=ice-ufrag:EsAw
a=ice-pwd:{PWD}
a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw
a=end-of-candidates
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_ufrag_and_password_are_found(end: str) -> None:
    assert read_fragment(CHROMIUM.replace("\n", end)) == Fragment("EsAw", PWD)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "v=0\r\n",
        "a=ice-ufrag:EsAw\r\n",
        f"a=ice-ufrag:no\r\na=ice-pwd:{PWD}\r\n",
        "a=ice-ufrag:EsAw\r\na=ice-pwd:short\r\n",
        f"a=ice-ufrag:Es w\r\na=ice-pwd:{PWD}\r\n",
        f"a=ice-ufrag:{'u' * 257}\r\na=ice-pwd:{PWD}\r\n",
        f"a=ice-ufrag:EsAw\r\na=ice-pwd:{PWD}\r\na=ice-ufrag:other\r\n",
        f"a=ice-ufrag:EsAw\r\na=ice-pwd:{PWD}\r\n" + "a=candidate:1\r\n" * 5000,
        f"a=ice-ufrag:EsAw\r\na=ice-pwd:{PWD}\r\na=x:{'x' * 70_000}\r\n",
    ],
)
def test_what_is_no_fragment(text: str) -> None:
    with pytest.raises(BadOffer):
        read_fragment(text)


@given(st.text())
def test_anything_is_a_fragment_or_refused(text: str) -> None:
    with contextlib.suppress(BadOffer):
        read_fragment(text)


def test_our_side_carries_both_kinds_of_candidates() -> None:
    ours = TransportDescription(
        "ours",
        PWD,
        "AB",
        "passive",
        (("192.0.2.7", 8080), ("2001:db8::7", 8080)),
        (("192.0.2.7", 443),),
    )
    lines = write_fragment(ours).split("\r\n")
    assert {"a=ice-lite", "a=ice-ufrag:ours", f"a=ice-pwd:{PWD}"} <= set(lines)
    found = [line.split() for line in lines if line.startswith("a=candidate:")]
    assert [(each[2], each[4], each[5]) for each in found] == [
        ("udp", "192.0.2.7", "8080"),
        ("udp", "2001:db8::7", "8080"),
        ("tcp", "192.0.2.7", "443"),
    ]
    priorities = [int(each[3]) for each in found]
    assert priorities == sorted(priorities, reverse=True)
    assert found[2][-2:] == ["tcptype", "passive"]
    assert read_fragment(write_fragment(ours)) == Fragment("ours", PWD)
