"""The door to the embedded SFU: its errors in our words, its events as ours, slots as offered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from media.errors import MediaError
from media.sfu import SfuConfig
from wagu.errors import BadRequest, Conflict, NotFound, Stale, Unavailable
from wagu.media_backend.base import PeerClosed, PeerKey, RoomKey
from wagu.media_backend.embedded import SENTENCES, EmbeddedBackend

OFFERS = Path(__file__).parents[2] / "media" / "signalling" / "offers"
MAP, LIVE = RoomKey("map/1"), RoomKey("live/1")
MINA, JUN = PeerKey("m_1:s1"), PeerKey("g_2:s2")


@pytest.fixture
async def backend() -> AsyncIterator[EmbeddedBackend]:
    made = EmbeddedBackend(SfuConfig(host="127.0.0.1", max_peers=1))
    await made.start()
    yield made
    await made.close()


def offer(name: str) -> str:
    return (OFFERS / name).read_text()


async def test_a_talker_gets_as_many_slots_as_it_offered(backend: EmbeddedBackend) -> None:
    whole = offer("chromium_talk.sdp")
    answer = await backend.answer(MAP, MINA, "talk", whole)
    offered = whole.count("m=audio") - 1
    assert answer.slots == (None,) * offered
    assert offered == backend.capabilities.slots == 6
    head, *sections = whole.split("m=audio")
    bundle = next(line for line in head.splitlines() if line.startswith("a=group:BUNDLE"))
    fewer = head.replace(bundle, " ".join(bundle.split()[:4])) + "".join(
        f"m=audio{section}" for section in sections[:3]
    )
    assert (await backend.answer(MAP, MINA, "talk", fewer)).slots == (None, None)


async def test_who_prepared_is_answered_without_waiting(backend: EmbeddedBackend) -> None:
    """So nothing changes between who may come and who comes."""
    await backend.prepare()
    with pytest.raises(StopIteration) as done:
        backend.answer(MAP, MINA, "talk", offer("chromium_talk.sdp")).send(None)
    assert done.value.value.session
    assert backend.has_room(MAP)


async def test_a_broken_offer_is_a_bad_request_with_its_reason(backend: EmbeddedBackend) -> None:
    with pytest.raises(BadRequest, match="v=0") as caught:
        await backend.answer(MAP, MINA, "talk", "hello")
    assert caught.value.code == "media.bad_offer"


@pytest.mark.parametrize(
    ("room", "role", "code"),
    [(MAP, "talk", "media.room_full"), (LIVE, "watch", "media.no_publication")],
)
async def test_what_cannot_be_now_is_a_conflict(
    backend: EmbeddedBackend, room: RoomKey, role: str, code: str
) -> None:
    await backend.answer(MAP, MINA, "talk", offer("chromium_talk.sdp"))
    with pytest.raises(Conflict) as caught:
        await backend.answer(room, JUN, role, offer(f"chromium_{role}.sdp"))
    assert caught.value.code == code
    assert caught.value.message != ""


async def test_two_publishers_are_one_too_many() -> None:
    backend = EmbeddedBackend(SfuConfig(host="127.0.0.1"))
    await backend.start()
    try:
        await backend.answer(LIVE, MINA, "publish", offer("chromium_publish.sdp"))
        with pytest.raises(Conflict) as caught:
            await backend.answer(LIVE, JUN, "publish", offer("chromium_publish.sdp"))
        assert caught.value.code == "media.already_published"
    finally:
        await backend.close()


async def test_ice_is_restarted_for_the_session_that_asks(backend: EmbeddedBackend) -> None:
    answer = await backend.answer(MAP, MINA, "talk", offer("chromium_talk.sdp"))
    fragment = f"a=ice-ufrag:again\r\na=ice-pwd:{'p' * 22}\r\n"
    with pytest.raises(NotFound) as missing:
        await backend.restart(MAP, MINA, fragment, session="another")
    assert missing.value.code == "media.no_resource"
    made = await backend.restart(MAP, MINA, fragment, session=answer.session, tag=answer.tag)
    assert made is not None
    assert made.tag != answer.tag
    assert f"a=ice-ufrag:{made.tag}" in made.fragment
    again = await backend.restart(MAP, MINA, fragment)
    assert again == made
    assert await backend.restart(MAP, MINA, fragment, tag=made.tag) is None
    with pytest.raises(Stale) as stale:
        await backend.restart(MAP, MINA, fragment, tag=answer.tag)
    assert stale.value.code == "media.stale_session"


async def test_listeners_hear_of_a_closed_room_once(backend: EmbeddedBackend) -> None:
    heard: list[object] = []
    backend.listen(heard.append)
    await backend.answer(MAP, MINA, "talk", offer("chromium_talk.sdp"))
    await backend.close_room(MAP)
    await backend.close_room(MAP)
    await backend.leave(MAP, MINA)
    assert heard == [PeerClosed(MAP, MINA, "talk", "room_closed")]


@pytest.mark.parametrize("hls", [True, False])
async def test_hls_is_there_when_it_is_wanted(hls: bool) -> None:
    backend = EmbeddedBackend(SfuConfig(host="127.0.0.1", hls=hls))
    await backend.start()
    try:
        # Chromium offers VP8 first; only where HLS is wanted it is asked for H.264.
        await backend.answer(LIVE, MINA, "publish", offer("chromium_publish.sdp"))
        assert backend.has_hls(LIVE) is hls
        assert backend.viewers(LIVE) == 0
        with pytest.raises(Conflict) as refused:
            await backend.hls_playlist(LIVE if not hls else MAP, None, None)
        assert refused.value.code == "live.no_hls"
        with pytest.raises(NotFound) as gone:
            await backend.hls_file(LIVE, "1.m4s")
        assert gone.value.code == "media.no_segment"
    finally:
        await backend.close()


async def test_a_taken_port_is_said_so(free_port: Callable[[], int]) -> None:
    config = SfuConfig(host="127.0.0.1", port=free_port())
    first, second = EmbeddedBackend(config), EmbeddedBackend(config)
    await first.start()
    try:
        with pytest.raises(Unavailable) as caught:
            await second.start()
        assert caught.value.code == "media.port_in_use"
    finally:
        await first.close()


def test_every_media_error_has_a_sentence_of_ours() -> None:
    assert {kind.code for kind in MediaError.__subclasses__()} == {
        "media.bad_offer",
        *(kind.code for kind in SENTENCES),
    }
