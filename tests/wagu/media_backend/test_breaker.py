"""When a server is asked again: a breaker in its states, and a budget of retries."""

from __future__ import annotations

from wagu.media_backend.breaker import MOST_RETRIES, OPEN_FOR, OPENS_AFTER, Breaker, Budget


def opened() -> Breaker:
    breaker = Breaker()
    for _ in range(OPENS_AFTER):
        assert breaker.allows(0.0)
        breaker.failed(0.0)
    return breaker


def test_it_opens_after_failures_in_a_row_only() -> None:
    breaker = Breaker()
    for _ in range(3 * OPENS_AFTER):
        breaker.failed(0.0)
        breaker.answered()
        assert breaker.allows(0.0)
    assert not opened().allows(OPEN_FOR - 0.1)


def test_after_a_while_one_may_try() -> None:
    breaker = opened()
    assert breaker.allows(OPEN_FOR)
    assert not breaker.allows(OPEN_FOR), "the others wait for what comes of it"
    breaker.failed(OPEN_FOR)
    assert not breaker.allows(2 * OPEN_FOR - 0.1)
    assert breaker.allows(2 * OPEN_FOR)
    breaker.answered()
    assert breaker.allows(2 * OPEN_FOR)
    assert breaker.is_closed


def test_a_trial_that_never_ends_is_followed_by_another() -> None:
    breaker = opened()
    assert breaker.allows(OPEN_FOR)
    assert breaker.allows(2 * OPEN_FOR)


def test_retries_are_a_tenth_of_what_was_answered() -> None:
    budget = Budget()
    assert sum(budget.spend() for _ in range(100)) == MOST_RETRIES
    for _ in range(10):
        assert not budget.spend()
        budget.earn()
    assert [budget.spend(), budget.spend()] == [True, False]
    for _ in range(1000):
        budget.earn()
    assert sum(budget.spend() for _ in range(100)) == MOST_RETRIES
