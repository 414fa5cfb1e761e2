"""Requests for keyframes: at once, throttled, repeated until one comes."""

from __future__ import annotations

from media.routing.keyframes import KeyframeRequests


def test_nothing_is_due_that_nobody_wants() -> None:
    assert not KeyframeRequests().due(0.0)


def test_the_first_request_goes_out_at_once() -> None:
    requests = KeyframeRequests()
    requests.want()
    assert requests.due(0.0)


def test_many_viewers_make_one_request() -> None:
    requests = KeyframeRequests(interval=0.5)
    sent = 0
    for tick in range(10):  # half a second, in which ten viewers ask at every tick
        for _ in range(10):
            requests.want()
        sent += requests.due(tick * 0.05)
    assert sent == 1


def test_a_request_inside_the_interval_goes_out_at_its_end() -> None:
    requests = KeyframeRequests(interval=0.5)
    requests.want()
    assert requests.due(10.0)
    requests.arrived()
    requests.want()
    assert not requests.due(10.49)
    assert requests.due(10.5)


def test_a_keyframe_settles_it() -> None:
    requests = KeyframeRequests(interval=0.5)
    requests.want()
    assert requests.due(0.0)
    requests.arrived()
    assert not requests.due(10.0)


def test_a_lost_request_is_repeated() -> None:
    requests = KeyframeRequests(interval=0.5)
    requests.want()
    assert [requests.due(at) for at in (0.0, 0.3, 0.6, 0.9, 1.2)] == [
        True,
        False,
        True,
        False,
        True,
    ]


def test_a_repetition_keeps_its_number_and_what_stays_unanswered_gets_another() -> None:
    """RFC 5104, 4.3.1.1: a sender answers each number once."""
    requests = KeyframeRequests()
    told = []

    def ask(times: int) -> None:
        for _ in range(times):
            requests.want()
            assert requests.due(len(told) * 10.0)
            told.append(requests.command)

    ask(3)
    requests.arrived()
    ask(1)
    requests.arrived()
    ask(5)
    assert told == [1, 1, 2, 3, 4, 4, 5, 5, 6]
    for _ in range(600):
        ask(1)
    assert set(told) == set(range(256))
