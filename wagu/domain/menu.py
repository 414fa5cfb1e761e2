"""What was eaten: the menus of a post, of which one is the main one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wagu.domain.photo import PhotoId, Picture
from wagu.domain.text import clean_line, clean_text
from wagu.errors import Invalid

MENUS_MAX = 10
LONGEST_NAME = 40
LONGEST_TEXT = 500
HIGHEST_PRICE = 100_000_000


@dataclass(frozen=True, slots=True)
class NewMenu:
    """A menu as its author writes it; `price` in won."""

    name: str
    price: int | None
    text: str
    photo: PhotoId | None
    main: bool


@dataclass(frozen=True, slots=True)
class Menu:
    name: str
    price: int | None
    text: str
    photo: Picture | None
    main: bool


def menus_of(wanted: Sequence[NewMenu]) -> tuple[NewMenu, ...]:
    """Cleaned, 1–10, each name once (in any letters), one main one: the first if none is marked."""
    if not 1 <= len(wanted) <= MENUS_MAX:
        raise Invalid("post.menu_count", f"메뉴는 1–{MENUS_MAX}개예요.", field="menus")
    menus = [_cleaned(menu) for menu in wanted]
    if len({menu.name.casefold() for menu in menus}) < len(menus):
        raise Invalid("post.same_menu", "메뉴 이름이 겹쳐요.", field="menus")
    mains = sum(menu.main for menu in menus)
    if mains > 1:
        raise Invalid("post.main_menu", "대표 메뉴는 하나예요.", field="menus")
    if mains == 0:
        menus[0] = replace(menus[0], main=True)
    return tuple(menus)


def _cleaned(menu: NewMenu) -> NewMenu:
    name = clean_line(menu.name, LONGEST_NAME)
    if name is None:
        raise Invalid("post.menu_name", f"메뉴 이름은 1–{LONGEST_NAME}자예요.", field="menus")
    text = clean_text(menu.text, LONGEST_TEXT)
    if text is None:
        raise Invalid("post.menu_text", f"메뉴 설명은 {LONGEST_TEXT}자까지예요.", field="menus")
    if menu.price is not None and not 0 <= menu.price <= HIGHEST_PRICE:
        raise Invalid("post.menu_price", "가격이 올바르지 않아요.", field="menus")
    return replace(menu, name=name, text=text)
