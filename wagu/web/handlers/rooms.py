"""The rooms that are open on all nodes, for whoever runs the service, without the keys of shared
maps. Whoever is asked asks the others, each of which answers for itself."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from wagu.cluster.arrivals import PASSPORT
from wagu.cluster.node import Node
from wagu.cluster.ways import Unreachable
from wagu.media_backend.base import RoomKey, label_of
from wagu.media_backend.figures import totals
from wagu.web import keys
from wagu.web.elsewhere import ask
from wagu.web.handlers.media import PUBLIC_PREFIX
from wagu.web.models import View
from wagu.web.route import Call

ANSWERED_WITHIN = 3.0
"""Seconds; a node that is silent for longer is gone for the others as well."""


class RoomMediaView(View):
    peers: Annotated[dict[str, int], Field(description="connections by their role")]
    bits_in: Annotated[int, Field(description="bit/s")]
    bits_out: int


class RoomView(View):
    node: str
    label: Annotated[str, Field(description="as logs name it")]
    kind: Literal["map", "live"]
    live: Annotated[str | None, Field(description="id of the live; of a map nobody is told")]
    people: int
    media: RoomMediaView | None


class Rooms(View):
    rooms: Annotated[list[RoomView], Field(description="those with most people first")]
    silent: Annotated[list[str], Field(description="nodes that did not answer, or not in time")]


async def index(call: Call[None]) -> Rooms:
    if PASSPORT in call.request:
        return Rooms(rooms=_here(call), silent=[])
    others = call[keys.OVERVIEW].others()
    answers = await asyncio.gather(*(_there(call, node) for node in others))
    rooms = [*_here(call), *(room for answer in answers for room in answer or [])]
    silent = [str(node.id) for node, answer in zip(others, answers, strict=True) if answer is None]
    return Rooms(rooms=sorted(rooms, key=lambda room: (-room.people, room.label)), silent=silent)


async def _there(call: Call[None], node: Node) -> list[RoomView] | None:
    try:
        reply = await asyncio.wait_for(ask(call.request, node), ANSWERED_WITHIN)
        return Rooms.model_validate_json(reply.body).rooms
    except (Unreachable, TimeoutError, ValidationError):
        return None


def _here(call: Call[None]) -> list[RoomView]:
    overview = call[keys.OVERVIEW]
    node, people = overview.own().node.id, dict(overview.people())
    media: dict[str, Any] = call[keys.MEDIA].stats().get("rooms", {})
    return [_view(node, RoomKey(key), people.get(key, 0), media.get(key)) for key in people | media]


def _view(node: str, key: RoomKey, people: int, figures: dict[str, Any] | None) -> RoomView:
    is_live = key.startswith(PUBLIC_PREFIX)
    return RoomView(
        node=node,
        label=label_of(key),
        kind="live" if is_live else "map",
        live=key.removeprefix(PUBLIC_PREFIX) if is_live else None,
        people=people,
        media=None if figures is None else _media(key, figures),
    )


def _media(key: str, figures: dict[str, Any]) -> RoomMediaView:
    sums = totals({"rooms": {key: figures}})
    flow = sums["bitrate"]
    return RoomMediaView(
        peers=sums["peers"], bits_in=round(flow["in"]), bits_out=round(flow["out"])
    )
