"""LiveKit alone: what its tokens allow, whose webhooks are believed, and what they say."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.fakes import livekit
from tests.fakes.livekit import sign
from tests.wagu.media_backend.houses import PUBLIC_URL, Delegated, delegated
from tests.wagu.media_backend.test_contract import HOST, JUN, LIVE, MAP, MINA
from wagu.errors import BadRequest, Unauthenticated
from wagu.media_backend.base import PeerClosed, PublicationStarted, Role
from wagu.media_backend.livekit_tokens import CLIENT_TTL, LEEWAY


@pytest.fixture
async def house(free_port: Callable[[], int]) -> AsyncIterator[Delegated]:
    async with delegated("livekit", free_port()) as made:
        yield made


@pytest.mark.parametrize(
    ("role", "sends", "hears"),
    [
        ("talk", ["microphone"], True),
        ("publish", ["camera", "microphone"], False),
        ("guest", ["camera", "microphone"], False),
        ("watch", [], True),
    ],
)
async def test_a_token_names_every_permission(
    house: Delegated, role: Role, sends: list[str], hears: bool
) -> None:
    grant = await house.backend.grant(LIVE, MINA, role)
    assert grant.url == PUBLIC_URL
    assert grant.expires_at == house.clock.now + CLIENT_TTL
    assert grant.token not in repr(grant)
    claims = house.server.verify(grant.token)
    assert (claims["sub"], claims["metadata"]) == (MINA, role)
    assert claims["exp"] == grant.expires_at
    assert claims["video"] == {
        "roomJoin": True,
        "room": LIVE,
        "canPublish": bool(sends),
        "canPublishSources": sends,
        "canPublishData": False,
        "canSubscribe": hears,
        "canUpdateOwnMetadata": False,
        "canSubscribeMetrics": False,
        "hidden": role == "watch",
        **dict.fromkeys(
            ["roomCreate", "roomList", "roomRecord", "roomAdmin", "ingressAdmin"], False
        ),
        "recorder": False,
        "agent": False,
    }


async def test_a_token_is_for_one_room_and_for_some_minutes(house: Delegated) -> None:
    grant = await house.backend.grant(MAP, MINA, "talk")
    assert (await house.server.enter(grant.token))[0] == MAP
    house.clock.now += CLIENT_TTL
    with pytest.raises(livekit.Refused, match="expired"):
        await house.server.enter(grant.token)


async def test_a_muted_microphone_is_muted_at_the_server(house: Delegated) -> None:
    room, who = await house.come(MAP, MINA, "talk")
    sid = await house.server.publish(room, who, "AUDIO")
    await house.backend.mute(MAP, MINA, True)
    await house.settle()
    assert who.tracks[sid]["muted"]
    # Its owner speaks again: nobody mutes them a second time.
    await house.backend.mute(MAP, MINA, False)
    who.tracks[sid]["muted"] = False
    await house.settle()
    assert not who.tracks[sid]["muted"]


async def test_who_was_muted_before_they_sent_is_muted_then(house: Delegated) -> None:
    room, who = await house.come(MAP, MINA, "talk")
    await house.backend.mute(MAP, MINA, True)
    await house.settle()
    sid = await house.server.publish(room, who, "AUDIO")
    await house.settle()
    assert who.tracks[sid]["muted"]
    # And still, when somebody sends anew behind our back.
    house.server.hook = None
    again = await house.server.publish(room, who, "AUDIO")
    await house.settle()
    await house.settle()
    assert who.tracks[again]["muted"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("CLIENT_INITIATED", "left"),
        ("SERVER_SHUTDOWN", "shutdown"),
        ("MEDIA_FAILURE", "failed"),
        ("CONNECTION_TIMEOUT", "timeout"),
        ("A_REASON_OF_TOMORROW", "timeout"),
    ],
)
async def test_why_somebody_left(house: Delegated, said: str, told: str) -> None:
    room, who = await house.come(MAP, MINA, "talk")
    await house.server.quit(room, who, said)
    assert house.heard == [PeerClosed(MAP, MINA, "talk", told)]


async def test_the_server_closes_a_room(house: Delegated) -> None:
    await house.come(MAP, MINA, "talk")
    await house.server._delete({"room": MAP})
    assert house.heard == [PeerClosed(MAP, MINA, "talk", "room_closed")]


async def test_news_of_a_replaced_connection_are_no_news(house: Delegated) -> None:
    room, first = await house.come(LIVE, HOST, "publish")
    await house.server.publish(room, first, "VIDEO")
    room, second = await house.come(LIVE, HOST, "publish")
    house.heard.clear()
    await house.server.quit(room, first, "CONNECTION_TIMEOUT")
    assert house.heard == []
    await house.server.publish(room, second, "VIDEO")
    assert house.heard == [PublicationStarted(LIVE, HOST)]


async def test_a_track_of_whom_we_do_not_know_makes_us_look(house: Delegated) -> None:
    hook, house.server.hook = house.server.hook, None
    room, who = await house.come(LIVE, HOST, "publish")
    house.backend._roster.ended(LIVE, HOST)  # as after a restart of ours
    house.server.hook = hook
    await house.server.publish(room, who, "VIDEO")
    assert house.backend._look.is_set()
    await house.told(PublicationStarted(LIVE, HOST))


async def test_rooms_of_others_are_not_ours(house: Delegated) -> None:
    await house.server._make("somebody-elses")
    body = {"event": "participant_joined", "room": {"name": "somebody-elses"}}
    await _hear(house, body)
    await house.settle()
    assert house.backend.stats()["rooms"] == {}
    assert "somebody-elses" in house.server.rooms


def _join(**more: Any) -> dict[str, Any]:
    participant = {"sid": "PA_1", "identity": JUN, "metadata": "talk"}
    return {
        "event": "participant_joined",
        "room": {"name": MAP},
        "participant": participant,
        **more,
    }


async def _hear(house: Delegated, said: Any, authorization: str | None = None) -> None:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    await house.backend.hear(authorization or sign(body, house.clock.now), body)


async def test_a_signed_webhook_is_believed(house: Delegated) -> None:
    await _hear(house, _join())
    assert list(house.backend.stats()["rooms"]) == [MAP]


@pytest.mark.parametrize(
    "changed",
    [
        {"secret": "another-secret-of-thirty-two-characters"},
        {"iss": "APIother"},
        {"iss": None},
        {"exp": 1_795_000_000 - LEEWAY - 1},
        {"exp": None},
        {"nbf": 1_795_000_000 + LEEWAY + 1},
        {"sha256": "of-something-else"},
        {"sha256": None},
        {"sha256": 7},
    ],
)
async def test_no_other_is(house: Delegated, changed: dict[str, Any]) -> None:
    body = json.dumps(_join()).encode()
    token = sign(body, house.clock.now, **changed)
    with pytest.raises(Unauthenticated) as refused:
        await house.backend.hear(token, body)
    assert refused.value.code == "media.bad_webhook"
    assert house.backend.stats()["rooms"] == {}


async def test_a_signature_is_for_one_body_and_by_one_algorithm(house: Delegated) -> None:
    body = json.dumps(_join()).encode()
    token = sign(body, house.clock.now)
    header, claims, _ = token.split(".")
    none = "eyJhbGciOiJub25lIn0"  # {"alg":"none"}
    for authorization in (f"{none}.{claims}.", f"{header}.{claims}.", token[:-2], "..", "é", ""):
        with pytest.raises(Unauthenticated):
            await house.backend.hear(authorization, body)
    with pytest.raises(Unauthenticated):
        await house.backend.hear(token, body.replace(b"g_2", b"m_1"))
    await house.backend.hear(f"Bearer {token}", body)


@pytest.mark.parametrize(
    "said",
    [b"", b"[]", b"\xff", b'{"event": 7}', b'{"event": "x", "room": "map/1"}', b"[" * 100_000],
)
async def test_what_is_signed_and_no_event_is_a_bad_request(house: Delegated, said: bytes) -> None:
    with pytest.raises(BadRequest):
        await _hear(house, said)


async def test_events_of_tomorrow_are_let_pass(house: Delegated) -> None:
    await _hear(house, _join(event="participant_danced", more={"x": 1}))
    await _hear(house, {"event": "track_published", "room": {"name": MAP}})
    await _hear(house, _join(participant={"identity": JUN, "metadata": "king"}))
    assert house.backend.stats()["rooms"] == {}
    assert house.heard == []
