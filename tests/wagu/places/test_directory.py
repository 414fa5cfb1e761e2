"""The directory: asks once, forgets in time, keeps little."""

from __future__ import annotations

import pytest

from wagu.domain.place import Point
from wagu.errors import WaguError
from wagu.places import directory as module
from wagu.places.directory import KEPT_FOR, Directory
from wagu.places.errors import places_error
from wagu.places.provider import FOUND_MAX, Found


class Fake:
    name, attribution, as_you_type = "fake", "", True

    def __init__(self) -> None:
        self.asked: list[tuple[str, Point | None]] = []
        self.error: WaguError | None = None
        self.closed = False

    async def search(self, text: str, near: Point | None) -> list[Found]:
        self.asked.append((text, near))
        if self.error is not None:
            raise self.error
        return [Found(text, Point(1, 2), None, None)] * (FOUND_MAX + 5)

    async def close(self) -> None:
        self.closed = True


@pytest.fixture
def fake() -> Fake:
    return Fake()


async def test_the_same_question_is_asked_once(fake, time):
    directory = Directory(fake, time)
    first = await directory.search(" 을지  면옥", Point(37.5701, 126.9801))
    assert await directory.search("을지 면옥", Point(37.5699, 126.9799)) == first
    assert fake.asked == [("을지 면옥", Point(37.57, 126.98))]
    assert len(first) == FOUND_MAX


async def test_another_place_or_text_is_another_question(fake, time):
    directory = Directory(fake, time)
    for text, near in (("a", None), ("b", None), ("a", Point(1, 2)), ("a", Point(1, 3))):
        await directory.search(text, near)
    assert len(fake.asked) == 4


async def test_answers_are_forgotten(fake, time):
    directory = Directory(fake, time)
    await directory.search("a", None)
    time.now += KEPT_FOR
    await directory.search("a", None)
    assert len(fake.asked) == 2


async def test_few_answers_are_kept(fake, time, monkeypatch):
    monkeypatch.setattr(module, "KEPT_MAX", 2)
    directory = Directory(fake, time)
    for text in ("a", "b", "a", "c"):  # b is the one that nobody asked for again
        await directory.search(text, None)
    await directory.search("a", None)
    assert len(fake.asked) == 3
    await directory.search("b", None)
    assert len(fake.asked) == 4


async def test_errors_are_not_kept(fake, time):
    directory = Directory(fake, time)
    fake.error = places_error("places.timeout")
    with pytest.raises(WaguError, match=r"places\.timeout"):
        await directory.search("a", None)
    fake.error = None
    assert await directory.search("a", None)


async def test_nothing_is_no_question(fake, time):
    assert await Directory(fake, time).search(" \n", None) == ()
    assert not fake.asked


async def test_ones_own_records_are_not_kept(fake, time):
    directory = Directory(fake, time, keep=False)
    for _ in range(2):
        await directory.search("a", None)
    assert len(fake.asked) == 2
    await directory.close()
    assert fake.closed
