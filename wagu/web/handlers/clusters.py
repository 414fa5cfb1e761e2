"""What a map shows: places, those that stand close together as one, and where somebody is live."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from wagu.domain.cluster import Cluster
from wagu.domain.place import LONGEST_CATEGORY
from wagu.web import keys
from wagu.web.handlers.lives import snapshot_of
from wagu.web.handlers.places import BoxText, PlaceView, box_of
from wagu.web.models import LatLng, Query, View
from wagu.web.route import Call

Corners = Annotated[
    tuple[float, float, float, float], Field(description="[south, west, north, east]")
]


class ClusterQuery(Query):
    bbox: BoxText
    zoom: Annotated[float, Field(ge=0, le=24)]
    category: Annotated[str | None, Field(max_length=LONGEST_CATEGORY)] = None


class ClusterView(View):
    at: LatLng
    box: Annotated[Corners, Field(description="holds all its places: zoom here to see them")]
    count: int
    lives: Annotated[int, Field(description="on air at its places")]
    snapshot: Annotated[str | None, Field(description="address of a picture of one of those lives")]
    place: Annotated[PlaceView | None, Field(description="when it is only one")]

    @classmethod
    def of(cls, call: Call[Any], cluster: Cluster) -> ClusterView:
        box = cluster.box
        return cls(
            at=(cluster.at.lat, cluster.at.lng),
            box=(box.south, box.west, box.north, box.east),
            count=cluster.count,
            lives=len(cluster.lives),
            snapshot=next(filter(None, (snapshot_of(call, live) for live in cluster.lives)), None),
            place=None if cluster.place is None else PlaceView.of(cluster.place),
        )


class ClustersView(View):
    clusters: list[ClusterView]


async def index(call: Call[ClusterQuery]) -> ClustersView:
    query = call.input
    found = await call[keys.CLUSTERS].inside(
        box_of(query.bbox), zoom=query.zoom, category=query.category, viewer=call.viewer
    )
    return ClustersView(clusters=[ClusterView.of(call, cluster) for cluster in found])
