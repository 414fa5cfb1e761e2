"""What a post may be."""

from __future__ import annotations

import datetime

import pytest

from wagu.domain.photo import photo_id
from wagu.domain.place import place_id
from wagu.domain.post import eaten_on, post_id, post_rating, post_text
from wagu.errors import Invalid, NotFound

NOON = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC).timestamp()
TODAY = datetime.date(2026, 11, 22)
A_DAY = datetime.timedelta(days=1)


def test_a_text_may_be_empty_and_has_an_end():
    assert post_text("  \n ") == ""
    assert post_text("가" * 5_000) == "가" * 5_000
    with pytest.raises(Invalid, match=r"post\.bad_text"):
        post_text("가" * 5_001)


@pytest.mark.parametrize("stars", [None, 1, 5])
def test_stars(stars):
    assert post_rating(stars) == stars


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_no_stars(stars):
    with pytest.raises(Invalid, match=r"post\.bad_rating"):
        post_rating(stars)


def test_a_meal_is_not_in_the_future_anywhere():
    assert eaten_on(None, NOON) is None
    assert eaten_on(TODAY, NOON) == TODAY
    assert eaten_on(TODAY + A_DAY, NOON) == TODAY + A_DAY, "it is tomorrow on Kiribati"
    for day in (TODAY + 2 * A_DAY, datetime.date(1899, 12, 31)):
        with pytest.raises(Invalid, match=r"post\.bad_date"):
            eaten_on(day, NOON)
    with pytest.raises(Invalid, match=r"post\.bad_date"):
        eaten_on(TODAY + A_DAY, NOON - 3 * 3600)


@pytest.mark.parametrize("parse", [post_id, place_id])
def test_numbers_in_addresses(parse):
    assert parse("12") == 12
    assert parse(str(2**53 - 1)) == 2**53 - 1
    for raw in (
        "",
        "x",
        "-1",
        "1.0",
        "１",
        "٣",
        "²",
        str(2**53),
        "9" * 30,
        " 1",
        "1\x00",
        "\udcff",
    ):
        with pytest.raises(NotFound):
            parse(raw)


def test_ids_of_photos_in_addresses():
    assert photo_id("A" * 20 + "-_") == "A" * 20 + "-_"
    for raw in ("", "A" * 21, "A" * 23, "가" * 22, "A" * 21 + ".", "A" * 22 + "\n"):
        with pytest.raises(NotFound, match=r"photo\.unknown"):
            photo_id(raw)
