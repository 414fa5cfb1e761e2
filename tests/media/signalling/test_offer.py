"""What real peers offer is understood; what nobody should offer is a BadOffer and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.errors import BadOffer, UnsupportedCodec
from media.events import Role
from media.signalling.answer import TransportDescription, write_answer
from media.signalling.negotiation import negotiate
from media.signalling.offer import MediaOffer, Offer, read_offer

Bend = Callable[[dict[str, str]], str]
Text = Callable[[str], str]

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"


def names(media: MediaOffer) -> list[str]:
    return [codec.name for codec in media.codecs]


def test_chromium_publishing_simulcast(offer_text: Text) -> None:
    offer = read_offer(offer_text("chromium_publish"))
    assert offer.setup == "actpass"
    assert offer.mixed_extensions
    assert len(offer.fingerprints) == 1
    audio, video, data = offer.media
    assert (audio.mid, video.mid, data.mid) == ("0", "1", "2")
    assert (audio.kind, video.kind, data.kind) == ("audio", "video", None)
    assert names(audio)[0] == "opus"
    assert audio.codecs[0].fmtp == "minptime=10;useinbandfec=1"
    assert audio.codecs[0].channels == 2
    assert audio.extensions[LEVEL] == 1
    assert len(audio.ssrcs) == 1
    assert video.rids == ("l", "m", "h")
    assert video.extensions[MID] == audio.extensions[MID]
    assert (video.sends, video.receives) == (True, False)
    assert video.codecs[0].feedback == ("goog-remb", "transport-cc", "ccm fir", "nack", "nack pli")
    assert video.ssrcs == ()  # Chromium leaves them out where it has RIDs


def test_chromium_talking(offer_text: Text) -> None:
    offer = read_offer(offer_text("chromium_talk"))
    assert [m.direction for m in offer.media] == ["sendonly"] + ["recvonly"] * 6
    assert [m.mid for m in offer.media] == list("0123456")


def test_browsers_of_one_make_share_what_their_offers_mean(offer_text: Text) -> None:
    text = offer_text("chromium_watch")
    one, other = read_offer(text), read_offer(re.sub(r"ice-ufrag:\S+", "ice-ufrag:other", text))
    assert one.ufrag != other.ufrag
    for mine, theirs in zip(one.media, other.media, strict=True):
        assert mine.codecs is theirs.codecs


def test_firefox_publishing_simulcast(offer_text: Text) -> None:
    """Its session says a=sendrecv and carries the fingerprint; ids may have a direction."""
    offer = read_offer(offer_text("firefox_publish"))
    audio, video = offer.media
    assert len(offer.fingerprints) == 1
    assert (audio.direction, video.direction) == ("sendonly", "sendonly")
    assert video.rids == ("l", "m", "h")
    assert video.extensions[RID] == 9
    assert len(video.ssrcs) == 6
    assert offer.mixed_extensions


def test_firefox_watching(offer_text: Text) -> None:
    offer = read_offer(offer_text("firefox_watch"))
    assert [m.receives for m in offer.media] == [True, True]
    assert {"VP8", "H264"} & set(names(offer.media[1]))


def test_ffmpeg_publishing(offer_text: Text) -> None:
    offer = read_offer(offer_text("ffmpeg_publish"))
    audio, video = offer.media
    assert offer.setup == "passive"
    assert names(video) == ["H264", "rtx"]
    assert video.codecs[0].parameter("packetization-mode") == "1"
    assert video.extensions == {}
    assert len(audio.ssrcs) == 1
    assert audio.ssrcs[0] + 1 in video.ssrcs


@pytest.mark.parametrize(
    "changes",
    [
        {"a=mid:1": "a=mid:0"},
        {"a=mid:1": "a=mid:"},
        {"a=mid:1": "a=mid:a b"},
        {"a=mid:1": "a=mid:ü"},
        {"a=mid:1": "a=mid:" + "m" * 65},
        {"a=mid:1\n": ""},
        {"a=rtcp-mux\n": ""},
        {"a=ice-ufrag:frag\n": ""},
        {"a=ice-ufrag:frag": "a=ice-ufrag:abc"},
        {"a=ice-ufrag:frag": "a=ice-ufrag:a:b:c"},
        {"a=ice-ufrag:frag": "a=ice-ufrag:" + "f" * 257},
        {"a=ice-pwd:0123456789abcdefghijkl\n": ""},
        {"a=ice-pwd:0123456789abcdefghijkl": "a=ice-pwd:0123456789abcdefghijk"},
        {"a=fingerprint:sha-256": "a=fingerprint:md5"},
        {"a=fingerprint:sha-256 01:": "a=fingerprint:sha-256 XY:"},
        {"a=fingerprint:sha-256": "a=nothing"},
        {"a=setup:actpass": "a=setup:holdconn"},
        {"a=group:BUNDLE 0 1\n": ""},
        {"a=group:BUNDLE 0 1": "a=group:BUNDLE 0"},
        {"a=group:BUNDLE 0 1": "a=group:LS 0 1"},
        {"UDP/TLS/RTP/SAVPF": "RTP/AVP"},
        {"m=video": "m=<script>"},
        {"SAVPF 96": "SAVPF 96 9é"},
        {"a=rtpmap:96 VP8/90000": "a=rtpmap:96 VP8"},
        {"a=rtpmap:96 VP8/90000": "a=rtpmap:96 VP8/" + "9" * 5000},
        {"a=rtpmap:96 VP8/90000": "a=rtpmap:96 V P8/90000"},
        {"a=extmap:10": "a=extmap:4"},
        {"SAVPF 96": "SAVPF 96" + " 96" * 200},
        {"m=audio 9": "m=audio 0", "m=video 9": "m=video 0"},
    ],
)
def test_a_broken_offer_is_refused(bent: Bend, changes: dict[str, str]) -> None:
    with pytest.raises(BadOffer):
        read_offer(bent(changes))


def test_the_small_offer_itself_is_fine(small: str) -> None:
    assert len(read_offer(small).media) == 2


@pytest.mark.parametrize("identifier", ["0", "15", "16", "255", "256", "-1", "x", "9" * 5000, "٤"])
def test_an_extension_id_that_cannot_be_used_is_not(bent: Bend, identifier: str) -> None:
    offer = read_offer(bent({"a=extmap:10 ": f"a=extmap:{identifier} "}))
    assert offer.media[1].extensions == {MID: 4}


@pytest.mark.parametrize("ssrc", ["-1", "4294967296", "0" * 11 + "9" * 5000, "x", "", "١٢"])
def test_an_ssrc_that_is_none_is_left_out(bent: Bend, ssrc: str) -> None:
    assert read_offer(bent({"a=ssrc:1234 ": f"a=ssrc:{ssrc} "})).media[0].ssrcs == ()


@pytest.mark.parametrize("payload_type", ["64", "95", "128", "999", "-1"])
def test_a_payload_type_that_rtcp_would_be_taken_for_is_not_used(
    bent: Bend, payload_type: str
) -> None:
    offer = read_offer(bent({"SAVPF 96": f"SAVPF {payload_type}", ":96 ": f":{payload_type} "}))
    assert offer.media[1].codecs == ()


@pytest.mark.parametrize(
    ("line", "rids"),
    [
        ("send l;h", ("l", "h")),
        ("send h;l", ("h", "l")),
        ("send l;~h", ("l", "h")),
        ("send l,h", ("l",)),
        ("recv l;h", ()),
        ("recv x send l;h", ("l", "h")),
        ("send", ()),
        ("", ()),
        ("send l;l;h", ("l", "h")),
        ("send nobody;h", ("h",)),
    ],
)
def test_layers_are_those_of_the_simulcast_line(
    bent: Bend, line: str, rids: tuple[str, ...]
) -> None:
    offer = read_offer(bent({"a=simulcast:send l;h": f"a=simulcast:{line}"}))
    assert offer.media[1].rids == rids


def test_layers_are_bounded_and_named_in_ascii(bent: Bend) -> None:
    rids = ["a", "b", "c", "d", "é", "x" * 17, "a\u00adb"]
    lines = "".join(f"a=rid:{rid} send\n" for rid in rids[:6])
    offer = read_offer(
        bent({"a=simulcast:send l;h": lines + "a=simulcast:send é;" + "x" * 17 + ";a;b;c;d"})
    )
    assert offer.media[1].rids == ("a", "b", "c")


def test_a_rejected_m_line_needs_no_transport(bent: Bend) -> None:
    offer = read_offer(
        bent({"m=video 9": "m=video 0", "a=group:BUNDLE 0 1": "a=group:BUNDLE 0"}).replace(
            "a=rtcp-mux\na=rtpmap:96", "a=rtpmap:96"
        )
    )
    assert offer.media[1].rejected
    assert not offer.media[1].sends


def test_what_is_bundled_only_is_not_rejected(bent: Bend) -> None:
    offer = read_offer(bent({"m=video 9": "m=video 0", "a=mid:1\n": "a=mid:1\na=bundle-only\n"}))
    assert offer.media[1].sends


# ------------------------------------------------------------------------------------- never else

TRANSPORT = TransportDescription("ufrag", "p" * 22, "AA:BB", "passive", (("192.0.2.1", 5000),))
ROLES: tuple[Role, ...] = ("talk", "publish", "guest", "watch")


def understand(text: str) -> None:
    """An offer all the way to the answer: raises only what callers are promised."""
    try:
        offer: Offer = read_offer(text)
    except BadOffer:
        return
    published = {"audio": OPUS, "video": VP8}
    for role in ROLES:
        try:
            agreement = negotiate(offer, role, slots=6, published=published, new_ssrc=lambda: 7)
        except (BadOffer, UnsupportedCodec):
            continue
        answer = write_answer(agreement, TRANSPORT, 1)
        lines = answer.split("\r\n")
        assert all(re.match(r"[a-z]=", line) for line in lines[:-1]), (
            "no line of the offer's making"
        )
        assert sum(line.startswith("m=") for line in lines) == len(offer.media)


SMALL_OFFER = "\n".join(
    (
        "v=0",
        "a=group:BUNDLE 0",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        "a=ice-ufrag:frag",
        "a=ice-pwd:0123456789abcdefghijkl",
        "a=fingerprint:sha-256 AA:BB",
        "a=mid:0",
        "a=rtcp-mux",
        "a=rtpmap:111 opus/48000/2",
    )
)
OPUS = read_offer(SMALL_OFFER).media[0].codecs[0]
VP8 = (
    read_offer(SMALL_OFFER.replace("m=audio", "m=video").replace("opus/48000/2", "VP8/90000"))
    .media[0]
    .codecs[0]
)


@given(st.text(max_size=200))
def test_text_of_any_kind(text: str) -> None:
    understand(text)


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_real_offer_with_lines_changed(
    data: st.DataObject, all_recorded: tuple[str, ...]
) -> None:
    lines = data.draw(st.sampled_from(all_recorded)).split("\r\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        match data.draw(st.sampled_from(("drop", "double", "swap", "cut", "text", "value"))):
            case "drop":
                del lines[at]
            case "double":
                lines.insert(at, line)
            case "swap":
                other = data.draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], line
            case "cut":
                lines[at] = line[: data.draw(st.integers(0, len(line)))]
            case "text":
                position = data.draw(st.integers(0, len(line)))
                lines[at] = line[:position] + data.draw(st.text(max_size=8)) + line[position:]
            case _:
                values = ("0", "-1", "9" * 30, "9" * 5000, "", " ", ":", "é", "65536", "٣")
                lines[at] = re.sub(r"\d+", data.draw(st.sampled_from(values)), line, count=1)
        if not lines:
            break
    understand("\r\n".join(lines))


def test_every_prefix_of_a_real_offer(recorded: str) -> None:
    for length in range(0, len(recorded), 61):
        understand(recorded[:length])


@pytest.mark.parametrize("count", [31, 32, 33, 2000])
def test_many_m_lines(small: str, count: int) -> None:
    head, _, section = small.partition("m=video")
    head = head.replace("BUNDLE 0 1", "BUNDLE " + " ".join(map(str, range(count + 1))))
    sections = [
        "m=video " + section.strip().replace("a=mid:1", f"a=mid:{n + 1}") for n in range(count)
    ]
    text = head + "\n".join(sections)
    if count > 31:
        with pytest.raises(BadOffer):
            read_offer(text)
    else:
        assert len(read_offer(text).media) == 32


@pytest.mark.parametrize(
    "line", ["a=rtpmap:{} VP8/90000", "a=extmap:{} urn:x{}", "a=ssrc:{} a", ""]
)
def test_an_offer_as_long_as_allowed_is_read_quickly(small: str, line: str) -> None:
    """Bounded by lines and bytes; quadratic work would show here as minutes."""
    filler = "\n".join(line.format(n, n) or "a=x" for n in range(1900))
    text = (small + filler)[: 64 * 1024].rpartition("\n")[0]
    understand(text)
