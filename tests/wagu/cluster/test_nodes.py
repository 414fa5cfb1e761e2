from __future__ import annotations

from collections import Counter

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


def test_of_two_who_take_rooms_the_one_with_fewer_gets_the_next() -> None:
    known, _ = nodes()
    assert known.roomier() is None
    known.hear(beat(A, rooms=3), 0.0)
    known.hear(beat(B, rooms=2), 0.0)
    assert known.roomier() == B
    known.hear(beat(B, rooms=2, takes_rooms=False), 0.0)
    assert known.roomier() == A


def test_the_emptiest_of_many_does_not_get_everything() -> None:
    """All who ask see what was a second ago."""
    known, _ = nodes()
    others = [Node(NodeId(f"n{number}"), f"http://10.0.1.{number}:8080") for number in range(10)]
    for number, other in enumerate(others):
        known.hear(beat(other, rooms=number), 0.0)
    chosen = Counter(known.roomier() for _ in range(1_000))
    assert 120 < chosen[others[0]] < 280, "whenever it is one of the two: 1 in 5"
    assert chosen[others[-1]] == 0, "the fullest is never the emptier of two"


def test_a_node_signs_leases_and_is_read_from_them() -> None:
    node = Node.new("http://10.0.0.1:8080")
    assert Node.read(str(node)) == node
    assert node.id != Node.new("http://10.0.0.1:8080").id
