"""The nodes of a service, over HTTP: what each says of itself, whoever is asked."""

from __future__ import annotations

from tests.wagu.web.conftest import Site
from wagu.cluster.node import Beat, Node
from wagu.cluster.nodes import Nodes
from wagu.cluster.overview import Overview
from wagu.web.handlers.config import product_version


async def test_a_process_alone_is_one_node(site: Site) -> None:
    admin = await site.known("boss", admin=True)
    status, told = await admin.get("/api/admin/nodes")
    assert status == 200
    (only,) = told["nodes"]
    assert only.pop("id").startswith("n_")
    assert only == {
        "role": "all",
        "version": product_version(),
        "takes_rooms": True,
        "rooms": 0,
        "sockets": 0,
        "asked": True,
    }


def test_whoever_is_asked_comes_first_and_the_others_stay_in_order() -> None:
    me, a, b = (Node.new(f"http://{name}:8080") for name in ("me", "a", "b"))
    known = Nodes(me.id, lambda _: None)
    for node in (b, a):
        known.hear(Beat(node, "media", True, 1, 2, "1"), 0.0)
    overview = Overview(lambda: Beat(me, "all", True, 0, 0, "1"), known, dict)
    assert [beat.node for beat in overview.beats()] == [me, a, b]
    assert overview.others() == [a, b]
    known.leave(a)
    assert overview.others() == [b]
