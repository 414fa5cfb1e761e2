"""Posts: write one, read it, change it, delete it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from wagu.db.posts import Where
from wagu.domain.key import LARGEST_ID
from wagu.domain.menu import MENUS_MAX, Menu, menus_of
from wagu.domain.menu import NewMenu as DomainMenu
from wagu.domain.person import MemberId, member_person_id
from wagu.domain.photo import photo_id
from wagu.domain.place import NewPlace as DomainPlace
from wagu.domain.place import PlaceId
from wagu.domain.post import (
    Author,
    Card,
    Category,
    Post,
    TextOrigin,
    eaten_on,
    post_id,
    post_rating,
    post_text,
)
from wagu.domain.post import NewPost as DomainPost
from wagu.domain.visibility import Visibility
from wagu.errors import Forbidden, Invalid, NotFound
from wagu.web import keys
from wagu.web.handlers.photos import PictureView, photo_url
from wagu.web.handlers.places import NewPlace, PlaceView, new_place
from wagu.web.models import Body, Millis, View, millis
from wagu.web.route import Call

Stars = Annotated[int | None, Field(description="1–5")]
Day = Annotated[datetime.date | None, Field(description="YYYY-MM-DD")]


class NewMenu(Body):
    name: str
    price: Annotated[int | None, Field(description="in won")] = None
    text: str = ""
    photo_id: Annotated[str | None, Field(description="of an upload of one's own")] = None
    main: Annotated[bool, Field(description="of one menu; the first, if of none")] = False


class NewPost(Body):
    place_id: Annotated[int | None, Field(ge=1, le=LARGEST_ID)] = None
    place: Annotated[
        NewPlace | None, Field(description="instead of `place_id`: one that is not known yet")
    ] = None
    category: Category
    rating: Stars = None
    visibility: Visibility
    text: str = ""
    text_origin: TextOrigin = TextOrigin.OWN
    eaten_on: Day = None
    menus: Annotated[list[NewMenu], Field(description=f"1–{MENUS_MAX}, each name once")]


class PostChange(Body):
    """What is left out stays; `menus` are all of them, in their new order."""

    place_id: Annotated[int | None, Field(ge=1, le=LARGEST_ID)] = None
    place: NewPlace | None = None
    category: Category = Field(default=Category.OTHER)
    rating: Stars = None
    visibility: Visibility = Field(default=Visibility.PRIVATE)
    text: str = ""
    text_origin: TextOrigin = TextOrigin.OWN
    eaten_on: Day = None
    menus: list[NewMenu] = Field(default=[])


class AuthorView(View):
    id: str
    name: str
    username: str
    photo: Annotated[str | None, Field(description="address of a small picture of their face")]

    @classmethod
    def of(cls, author: Author) -> AuthorView:
        return cls(
            id=member_person_id(author.id),
            name=author.name,
            username=author.username,
            photo=None if author.photo is None else photo_url(author.photo),
        )


class MenuView(View):
    name: str
    price: int | None
    text: str
    photo: PictureView | None
    main: bool

    @classmethod
    def of(cls, menu: Menu) -> MenuView:
        return cls(
            name=menu.name,
            price=menu.price,
            text=menu.text,
            photo=None if menu.photo is None else PictureView.of(menu.photo),
            main=menu.main,
        )


class PostView(View):
    id: int
    author: AuthorView
    mine: bool
    place: PlaceView
    category: Category
    rating: int | None
    visibility: Visibility
    text: str
    text_origin: TextOrigin
    eaten_on: datetime.date | None
    menus: list[MenuView]
    created_at: Millis
    updated_at: Millis


class CardView(View):
    """A post in a list."""

    id: int
    author: AuthorView
    mine: bool
    place: PlaceView
    category: Category
    rating: int | None
    visibility: Visibility
    excerpt: Annotated[str, Field(description="the beginning of the text")]
    text_origin: TextOrigin
    eaten_on: datetime.date | None
    menu: Annotated[str, Field(description="the main one")]
    price: int | None
    photos: Annotated[list[PictureView], Field(description="the main menu's first")]
    created_at: Millis

    @classmethod
    def of(cls, card: Card, viewer: MemberId | None) -> CardView:
        return cls(
            id=card.id,
            author=AuthorView.of(card.author),
            mine=card.author.id == viewer,
            place=PlaceView.of(card.place),
            category=card.category,
            rating=card.rating,
            visibility=card.visibility,
            excerpt=card.excerpt,
            text_origin=card.text_origin,
            eaten_on=card.eaten_on,
            menu=card.menu,
            price=card.price,
            photos=[PictureView.of(picture) for picture in card.pictures],
            created_at=millis(card.created_at),
        )


class OnePost(View):
    post: PostView


async def create(call: Call[NewPost]) -> OnePost:
    _, author = call.member
    given, now = call.input, call.now
    wanted = DomainPost(
        category=given.category,
        rating=post_rating(given.rating),
        visibility=given.visibility,
        text=post_text(given.text),
        text_origin=given.text_origin,
        eaten_on=eaten_on(given.eaten_on, now),
        menus=_menus(given.menus),
    )
    where = _where(given, wanted.category)
    if where is None:
        raise _one_place()
    found = await call[keys.POSTS].create(author, wanted, where, now)
    return OnePost(post=_view(await call[keys.POSTS].get(found, author), author))


async def show(call: Call[None]) -> OnePost:
    viewer = call.viewer
    post = await call[keys.POSTS].get(post_id(call.path("id")), viewer)
    return OnePost(post=_view(post, viewer))


async def change(call: Call[PostChange]) -> OnePost:
    """By its author. Photos that no menu shows any more are forgotten."""
    _, author = call.member
    post = await call[keys.POSTS].get(post_id(call.path("id")), author)
    if post.author.id != author:
        raise _not_author()
    wanted = _changed(post, call.input, call.now)
    where = _where(call.input, wanted.category) or post.place.id
    released = await call[keys.POSTS].update(author, post.id, wanted, where, call.now)
    await call[keys.ALBUM].forget(released)
    return OnePost(post=_view(await call[keys.POSTS].get(post.id, author), author))


async def delete(call: Call[None]) -> None:
    """By its author, or by an admin, who need not see it: somebody who did complained."""
    person, member_id = call.member
    found = post_id(call.path("id"))
    if not person.admin:
        post = await call[keys.POSTS].get(found, member_id)
        if post.author.id != member_id:
            raise _not_author()
    released = await call[keys.POSTS].delete(found, None if person.admin else member_id)
    await call[keys.ALBUM].forget(released)


def _changed(post: Post, given: PostChange, now: float) -> DomainPost:
    said = given.model_fields_set

    def kept(name: str) -> Any:
        return getattr(given if name in said else post, name)

    return DomainPost(
        category=kept("category"),
        rating=post_rating(kept("rating")),
        visibility=kept("visibility"),
        text=post_text(kept("text")),
        text_origin=kept("text_origin"),
        eaten_on=eaten_on(given.eaten_on, now) if "eaten_on" in said else post.eaten_on,
        menus=_menus(given.menus) if "menus" in said else tuple(map(_as_written, post.menus)),
    )


def _menus(given: Sequence[NewMenu]) -> tuple[DomainMenu, ...]:
    return menus_of([_menu(menu) for menu in given])


def _menu(given: NewMenu) -> DomainMenu:
    try:
        photo = None if given.photo_id is None else photo_id(given.photo_id)
    except NotFound as unknown:
        raise Invalid(unknown.code, unknown.message, field="menus") from None
    return DomainMenu(given.name, given.price, given.text, photo, given.main)


def _as_written(menu: Menu) -> DomainMenu:
    photo = None if menu.photo is None else menu.photo.id
    return DomainMenu(menu.name, menu.price, menu.text, photo, menu.main)


def _where(given: NewPost | PostChange, category: Category) -> Where | None:
    """None when no place was named. A new place is of the meal's category, if of no other."""
    if given.place is not None and given.place_id is not None:
        raise _one_place()
    if given.place_id is not None:
        return PlaceId(given.place_id)
    if given.place is None:
        return None
    place = new_place(given.place)
    return DomainPlace(place.name, place.at, place.category or category.value, place.address)


def _view(post: Post, viewer: MemberId | None) -> PostView:
    return PostView(
        id=post.id,
        author=AuthorView.of(post.author),
        mine=post.author.id == viewer,
        place=PlaceView.of(post.place),
        category=post.category,
        rating=post.rating,
        visibility=post.visibility,
        text=post.text,
        text_origin=post.text_origin,
        eaten_on=post.eaten_on,
        menus=[MenuView.of(menu) for menu in post.menus],
        created_at=millis(post.created_at),
        updated_at=millis(post.updated_at),
    )


def _one_place() -> Invalid:
    return Invalid("post.one_place", "장소를 하나 골라 주세요.", field="place_id")


def _not_author() -> Forbidden:
    return Forbidden("post.not_author", "글을 쓴 사람만 할 수 있어요.")
