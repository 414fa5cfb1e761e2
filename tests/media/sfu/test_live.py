"""A live through the SFU: publisher, viewers, keyframes, resends, reports, reloads."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable
from typing import Any

import pytest

from media.errors import AlreadyPublished, NoPublication
from media.events import PeerClosed, PublicationStarted, StageChanged
from media.packets import rtcp
from media.packets.rtcp import Pli, ReceiverReport, SenderReport
from media.packets.rtp import Ssrc

CAMERA = 0xCA3E
"""The SSRC of `Client.show`."""


@pytest.mark.parametrize("setup", ["actpass", "active", "passive"])
async def test_two_viewers_get_the_same_bytes(
    house: Any, vp8: Callable[..., bytes], setup: str
) -> None:
    host = await house.join("live/1", "ann", "publish", setup=setup)
    viewers = [await house.join("live/1", f"v{n}", "watch", setup=setup) for n in range(2)]
    frames = [vp8(secrets.token_bytes(1000), keyframe=n == 0) for n in range(20)]
    sounds = [secrets.token_bytes(80) for _ in range(20)]
    for number in range(20):
        host.show(number + 65530, frames[number])
        host.speak(number, sounds[number])
    for viewer in viewers:
        await house.until(lambda v=viewer: len(v.rtp) == 40, "20 frames and 20 sounds")
        assert viewer.payloads("1") == frames
        assert viewer.payloads("0") == sounds
    assert house.told(PublicationStarted) == [PublicationStarted("live/1", "ann")]
    assert {p.ssrc for p in viewers[0].rtp}.isdisjoint({p.ssrc for p in viewers[1].rtp})


async def test_a_nack_is_answered_with_the_same_bytes_on_the_wire(
    house: Any, vp8: Callable[..., bytes]
) -> None:
    """AES-GCM makes the same ciphertext of the same packet; of any other it must not."""
    host = await house.join("live/1", "ann", "publish")
    viewer = await house.join("live/1", "bo", "watch")
    for number in range(10):
        host.show(number, vp8(b"%d" % number, keyframe=number == 0))
    await house.until(lambda: len(viewer.rtp) == 10, "ten frames")
    first = list(viewer.srtp)
    lost = viewer.rtp[3]
    viewer.say(rtcp.nack(1, lost.ssrc, [lost.sequence]))
    await house.until(lambda: len(viewer.srtp) == 11, "the answer")
    assert viewer.srtp[10] == first[3]


async def test_a_viewer_who_joins_late_gets_a_keyframe_by_asking_once(
    house: Any, vp8: Callable[..., bytes]
) -> None:
    host = await house.join("live/1", "ann", "publish")
    numbers = itertools.count()
    host.show(next(numbers), vp8(b"old", keyframe=True))
    viewers = [await house.join("live/1", f"v{n}", "watch") for n in range(3)]
    await house.until(lambda: host.heard(Pli), "a request for a keyframe")
    assert {each.media_ssrc for each in host.heard(Pli)} == {CAMERA}
    host.show(next(numbers), vp8(b"not yet"))
    host.show(next(numbers), vp8(b"new", keyframe=True))
    for viewer in viewers:
        await house.until(lambda v=viewer: v.rtp, "the keyframe")
        assert viewer.payloads("1")[0].endswith(b"new")
    # Twenty impatient requests are one: throttled to two a second.
    asked = len(host.heard(Pli))
    for _ in range(20):
        for viewer in viewers:
            viewer.say(rtcp.pli(1, viewer.ssrcs["1"]))
    await house.until(lambda: len(host.heard(Pli)) > asked, "one more request")
    assert len(host.heard(Pli)) == asked + 1


async def test_sender_reports_arrive_in_the_viewers_numbers(
    house: Any, vp8: Callable[..., bytes]
) -> None:
    host = await house.join("live/1", "ann", "publish")
    viewer = await house.join("live/1", "bo", "watch")
    host.show(1, vp8(keyframe=True))
    await house.until(lambda: viewer.rtp, "a frame")
    host.say(rtcp.sender_report(SenderReport(Ssrc(CAMERA), 77 << 32, 3000 + 450, 1, 1)))
    await house.until(lambda: viewer.heard(SenderReport), "a report")
    (report,) = viewer.heard(SenderReport)
    assert report.ssrc == viewer.ssrcs["1"]
    assert report.ntp_time == 77 << 32
    assert (report.rtp_time - viewer.rtp[0].timestamp) & 0xFFFFFFFF == 450
    assert report.packets == 1


async def test_the_publisher_gets_reception_reports(house: Any, vp8: Callable[..., bytes]) -> None:
    host = await house.join("live/1", "ann", "publish")
    for number in (1, 2, 4):
        host.show(number, vp8())
    await house.until(lambda: any(e.blocks for e in host.heard(ReceiverReport)), "a report")
    (block,) = next(each.blocks for each in host.heard(ReceiverReport) if each.blocks)
    assert (block.ssrc, block.highest, block.lost) == (CAMERA, 4, 1)


async def test_viewers_wait_through_a_reload(house: Any, vp8: Callable[..., bytes]) -> None:
    host = await house.join("live/1", "ann", "publish")
    viewer = await house.join("live/1", "bo", "watch")
    host.show(65000, vp8(b"before", keyframe=True))
    await house.until(lambda: viewer.rtp, "a frame")
    again = await house.join("live/1", "ann", "publish")
    again.show(3, vp8(b"not yet"))
    again.show(4, vp8(b"after", keyframe=True))
    await house.until(lambda: len(viewer.rtp) == 2, "a frame of the new page")
    first, second = viewer.rtp
    assert (second.sequence - first.sequence) & 0xFFFF == 1
    assert 0 < (second.timestamp - first.timestamp) & 0xFFFFFFFF < 90000 * 60
    assert PeerClosed("live/1", "ann", "publish", "replaced") in house.events


async def test_a_live_without_a_publisher_cannot_be_watched(house: Any) -> None:
    with pytest.raises(NoPublication):
        await house.join("live/1", "bo", "watch")
    await house.join("live/1", "ann", "publish")
    with pytest.raises(AlreadyPublished):
        await house.join("live/1", "eve", "publish")
    assert list(house.sfu.stats()["rooms"]) == ["live/1"]


async def test_a_guest_stands_beside_the_host(house: Any, vp8: Callable[..., bytes]) -> None:
    host = await house.join("live/1", "ann", "publish", owner="ann")
    viewer = await house.join("live/1", "bo", "watch", places=True, owner="bo")
    plain = await house.join("live/1", "cy", "watch", owner="cy")
    back = await house.join("live/1", "ann-2", "watch", places=True, owner="ann")
    guest = await house.join("live/1", "di", "guest", owner="di")
    for number in range(3):
        for client, name in ((host, b"ann"), (guest, b"di")):
            client.show(number, vp8(name, keyframe=number == 0))
            client.speak(number, name)
    await house.until(lambda: len(viewer.rtp) == 12, "both pictures and both voices")
    assert [len(viewer.payloads(mid)) for mid in "0123"] == [3, 3, 3, 3]
    assert viewer.payloads("2") == [b"di"] * 3
    await house.until(lambda: len(back.rtp) == 6 and len(plain.rtp) == 6, "what is theirs")
    assert [len(back.payloads(mid)) for mid in "0123"] == [0, 0, 3, 3]
    assert [len(plain.payloads(mid)) for mid in "01"] == [3, 3]
    assert house.sfu.on_stage("live/1") == ("di", None, None)
    house.sfu.leave("live/1", "di")
    assert [each.places for each in house.told(StageChanged)] == [
        ("di", None, None),
        (None, None, None),
    ]
    assert house.sfu.on_stage("live/2") == ()
