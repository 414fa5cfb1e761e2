"""The menus of a post."""

from __future__ import annotations

import pytest

from wagu.domain.menu import HIGHEST_PRICE, MENUS_MAX, NewMenu, menus_of
from wagu.errors import Invalid


def menu(name="떡볶이", price=None, text="", photo=None, main=False) -> NewMenu:
    return NewMenu(name, price, text, photo, main)


def test_the_first_is_the_main_one_if_none_is():
    assert [one.main for one in menus_of([menu("a"), menu("b")])] == [True, False]
    assert [one.main for one in menus_of([menu("a"), menu("b", main=True)])] == [False, True]


def test_names_and_texts_are_cleaned():
    (one,) = menus_of([menu("  떡  볶이 ", text=" a \r\n b ")])
    assert (one.name, one.text) == ("떡 볶이", "a\n b")


@pytest.mark.parametrize(
    ("menus", "code"),
    [
        ([], "post.menu_count"),
        ([menu(str(number)) for number in range(MENUS_MAX + 1)], "post.menu_count"),
        ([menu("Soup"), menu("soup ")], "post.same_menu"),
        ([menu("가"), menu("\u1100\u1161")], "post.same_menu"),
        ([menu("a", main=True), menu("b", main=True)], "post.main_menu"),
        ([menu("")], "post.menu_name"),
        ([menu("가" * 41)], "post.menu_name"),
        ([menu("a\u202eb")], "post.menu_name"),
        ([menu(text="가" * 501)], "post.menu_text"),
        ([menu(price=-1)], "post.menu_price"),
        ([menu(price=HIGHEST_PRICE + 1)], "post.menu_price"),
    ],
)
def test_menus_that_cannot_be(menus, code):
    with pytest.raises(Invalid) as refused:
        menus_of(menus)
    assert (refused.value.code, refused.value.field) == (code, "menus")


def test_as_many_as_may_be():
    assert len(menus_of([menu(str(number), price=0) for number in range(MENUS_MAX)])) == MENUS_MAX
    assert menus_of([menu(price=HIGHEST_PRICE)])
