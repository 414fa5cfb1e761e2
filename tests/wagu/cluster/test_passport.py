from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagu.cluster.node import NodeId
from wagu.cluster.passport import GOOD_FOR, Passport, Passports
from wagu.domain.person import PersonId
from wagu.ephemeral import open_store
from wagu.errors import Forbidden

WHO = Passport(NodeId("n_1"), 1000.0, "POST", "/whip/x?y=%20", "10.0.0.7", True, PersonId("v_1"))


class Pair:
    """Two nodes that share a store."""

    def __init__(self, folder: Path) -> None:
        self.now = 1000.0
        self.store = open_store(None, folder, lambda: self.now)
        self.here, self.there = (Passports(self.store, lambda: self.now) for _ in range(2))


@pytest.fixture
async def pair(tmp_path: Path) -> Pair:
    made = Pair(tmp_path)
    await made.store.start()
    await made.here.start()
    await made.there.start()
    return made


def test_is_read_by_another_node(pair: Pair) -> None:
    assert pair.there.read(pair.here.issue(WHO), WHO.method, WHO.path) == WHO


@pytest.mark.parametrize(
    ("method", "path", "later"),
    [("GET", WHO.path, 0.0), ("POST", "/whip/x", 0.0), ("POST", WHO.path, GOOD_FOR + 1)],
    ids=["another method", "another address", "too late"],
)
def test_is_good_for_one_request(pair: Pair, method: str, path: str, later: float) -> None:
    text = pair.here.issue(WHO)
    pair.now += later
    refused(pair.there, text, method, path)


def test_cannot_be_changed(pair: Pair) -> None:
    text = pair.here.issue(WHO)
    for at in (0, 10, -1):
        changed = list(text)
        changed[at] = "A" if changed[at] != "A" else "B"
        refused(pair.there, "".join(changed), WHO.method, WHO.path)


async def test_another_service_does_not_take_it(pair: Pair, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Pair(tmp_path / "other")
    await other.store.start()
    await other.here.start()
    refused(other.here, pair.here.issue(WHO), WHO.method, WHO.path)


async def test_a_store_that_lost_the_secret_is_given_it_again(pair: Pair) -> None:
    await pair.store.delete("cluster/secret")
    await pair.here.keep()
    new = Passports(pair.store, lambda: pair.now)
    await new.start()
    assert new.read(pair.here.issue(WHO), WHO.method, WHO.path) == WHO


async def test_where_two_secrets_were_made_all_come_to_one(pair: Pair) -> None:
    await pair.store.delete("cluster/secret")
    new = Passports(pair.store, lambda: pair.now)
    await new.start()
    refused(new, pair.here.issue(WHO), WHO.method, WHO.path)
    await pair.here.keep()
    assert new.read(pair.here.issue(WHO), WHO.method, WHO.path) == WHO


@given(st.text(max_size=100))
def test_who_is_alone_believes_nobody(text: str) -> None:
    refused(Passports(None, lambda: 0.0), text, "GET", "/ws")


def refused(passports: Passports, text: str, method: str, path: str) -> None:
    with pytest.raises(Forbidden) as error:
        passports.read(text, method, path)
    assert error.value.code == "node.bad_passport"
