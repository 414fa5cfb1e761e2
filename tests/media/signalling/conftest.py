"""Recorded offers, and a small one to bend."""

from __future__ import annotations

from collections.abc import Callable

import pytest

RECORDED = (
    "chromium_publish",
    "chromium_talk",
    "chromium_watch",
    "ffmpeg_publish",
    "firefox_publish",
    "firefox_talk",
    "firefox_watch",
)

SMALL = """v=0
o=- 1 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1
m=audio 9 UDP/TLS/RTP/SAVPF 111
c=IN IP4 0.0.0.0
a=ice-ufrag:frag
a=ice-pwd:0123456789abcdefghijkl
a=fingerprint:sha-256 01:23:45:67:89:AB:CD:EF
a=setup:actpass
a=mid:0
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=sendonly
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=fmtp:111 minptime=10;useinbandfec=1
a=ssrc:1234 cname:me
m=video 9 UDP/TLS/RTP/SAVPF 96
c=IN IP4 0.0.0.0
a=mid:1
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
a=sendonly
a=rtcp-mux
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 nack pli
a=rid:l send
a=rid:h send
a=simulcast:send l;h
"""


@pytest.fixture(params=RECORDED)
def recorded(request: pytest.FixtureRequest, offer_text: Callable[[str], str]) -> str:
    """Each recorded offer in turn."""
    return offer_text(request.param)


@pytest.fixture(scope="session")
def small() -> str:
    return SMALL


@pytest.fixture(scope="session")
def bent() -> Callable[..., str]:
    """The small offer with parts replaced: bent({"a=mid:1": "a=mid:0"})."""

    def bend(changes: dict[str, str]) -> str:
        text = SMALL
        for old, new in changes.items():
            assert old in text, old
            text = text.replace(old, new)
        return text

    return bend


@pytest.fixture(scope="session")
def all_recorded(offer_text: Callable[[str], str]) -> tuple[str, ...]:
    return tuple(offer_text(name) for name in RECORDED)
