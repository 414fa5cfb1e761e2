"""The nodes of the service, for whoever runs it, by what each said of itself a second ago."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from wagu.cluster.node import Beat, NodeRole
from wagu.web import keys
from wagu.web.models import View
from wagu.web.route import Call


class NodeView(View):
    id: str
    role: NodeRole
    version: str
    takes_rooms: Annotated[bool, Field(description="false of one that is about to stop, too")]
    rooms: int
    sockets: int
    asked: Annotated[bool, Field(description="this answer is from it")]


class NodesView(View):
    nodes: list[NodeView]


async def index(call: Call[None]) -> NodesView:
    own, *others = call[keys.OVERVIEW].beats()
    views = [_view(own, asked=True), *(_view(beat, asked=False) for beat in others)]
    return NodesView(nodes=views)


def _view(beat: Beat, *, asked: bool) -> NodeView:
    return NodeView(
        id=beat.node.id,
        role=beat.role,
        version=beat.version,
        takes_rooms=beat.takes_rooms,
        rooms=beat.rooms,
        sockets=beat.sockets,
        asked=asked,
    )
