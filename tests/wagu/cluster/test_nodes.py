from __future__ import annotations

from wagu.cluster.node import Beat, Node, NodeId, NodeRole
from wagu.cluster.nodes import SILENT_MAX, Nodes

ME, A, B = (Node(NodeId(name), f"http://{name}:8080") for name in ("me", "a", "b"))


def beat(node: Node, rooms: int = 0, *, takes_rooms: bool = True, role: NodeRole = "all") -> Beat:
    return Beat(node, role, takes_rooms, rooms, sockets=0, version="1")


def nodes() -> tuple[Nodes, list[Node]]:
    gone: list[Node] = []
    return Nodes(ME.id, gone.append), gone


def test_who_beats_lives_until_silent_for_too_long() -> None:
    known, gone = nodes()
    assert known.hear(beat(A), 0.0)
    assert not known.hear(beat(A, rooms=2), 1.0)
    known.hear(beat(B), 2.0)
    known.tick(1.0 + SILENT_MAX - 0.1)
    assert [each.node for each in known.all()] == [A, B]

    known.tick(1.0 + SILENT_MAX)

    assert gone == [A]
    assert [each.node for each in known.all()] == [B]
    assert known.hear(beat(A), 9.0), "it may come back"


def test_a_good_bye_is_heeded_once() -> None:
    known, gone = nodes()
    known.hear(beat(A), 0.0)
    known.leave(A)
    known.leave(A)
    known.leave(B)
    assert gone == [A]


def test_a_node_does_not_hear_itself() -> None:
    known, _ = nodes()
    assert not known.hear(beat(ME), 0.0)
    assert known.all() == []


def test_the_roomiest_takes_rooms_and_has_the_fewest() -> None:
    known, _ = nodes()
    assert known.roomiest() is None
    known.hear(beat(A, rooms=3), 0.0)
    known.hear(beat(B, rooms=2), 0.0)
    assert known.roomiest() == B
    known.hear(beat(B, rooms=2, takes_rooms=False), 0.0)
    assert known.roomiest() == A


def test_a_node_signs_leases_and_is_read_from_them() -> None:
    node = Node.new("http://10.0.0.1:8080")
    assert Node.read(str(node)) == node
    assert node.id != Node.new("http://10.0.0.1:8080").id
