"""Sums that never go back: of who is there and of who has gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from media.packets import rtcp
from media.peer import Peer
from media.room import Room
from media.totals import Totals

MakePeer = Callable[..., tuple[Peer, Any]]


@pytest.fixture
def totals() -> Totals:
    return Totals()


@pytest.fixture
def room(totals: Totals) -> Room:
    return Room("live/1", lambda event: None, 9, totals)


def enter(room: Room, make_peer: MakePeer, key: str, role: str) -> Peer:
    peer, _ = make_peer(key, role, room)
    room.admit(peer, 0.0)
    peer.on_connected(0.0)
    return peer


def freeze(viewer: Peer, times: int) -> None:
    stream = next(each for each in viewer.subscriptions.values() if each.is_video)
    for turn in range(times):
        viewer.on_rtcp(memoryview(rtcp.pli(1, stream.ssrc)), 10.0 + 5 * turn)


def test_what_was_counted_stays_when_its_peer_goes(
    room: Room, totals: Totals, make_peer: MakePeer
) -> None:
    enter(room, make_peer, "ann", "publish")
    for key, times in (("bo", 2), ("cy", 3)):
        viewer = enter(room, make_peer, key, "watch")
        freeze(viewer, times)
        viewer.on_rtcp(memoryview(b"\xff"), 30.0)
    seen = []
    for key in ("", "bo", "cy", "cy"):
        room.remove(key, "left", 40.0)
        whole = totals.beside(room.peers.values())
        seen.append((whole.counts["freezes"], whole.dropped["malformed_rtcp"]))
    assert seen == [(5, 2)] * 4
    assert totals.counts == {"freezes": 5, "resent": 0, "switches": 0}


def test_looking_changes_nothing(room: Room, totals: Totals, make_peer: MakePeer) -> None:
    enter(room, make_peer, "ann", "publish")
    freeze(enter(room, make_peer, "bo", "watch"), 1)
    for _ in range(3):
        assert totals.beside(room.peers.values()).counts["freezes"] == 1
    assert totals.counts["freezes"] == 0
    assert totals.dropped == {}


def test_who_is_replaced_counts_too(room: Room, totals: Totals, make_peer: MakePeer) -> None:
    enter(room, make_peer, "ann", "publish")
    freeze(enter(room, make_peer, "bo", "watch"), 2)
    freeze(enter(room, make_peer, "bo", "watch"), 1)
    assert totals.beside(room.peers.values()).counts["freezes"] == 3
