"""The thin layer between aiohttp and handlers: a Route says everything about a request, and
`endpoint` does it in this order: origin, rate, node, person, access, input, handler, answer."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from aiohttp import web
from limits import RateLimitItem
from pydantic import BaseModel, ValidationError

from wagu.domain.person import MemberId, Person
from wagu.errors import BadRequest, Forbidden, Invalid, Unauthenticated, UnsupportedMedia
from wagu.web import keys
from wagu.web.elsewhere import answer_elsewhere, is_passed_on
from wagu.web.identity import person_of
from wagu.web.models import Body, Query, View
from wagu.web.origin import check_same_origin, client_address

JSON = "application/json"
In_co = TypeVar("In_co", covariant=True)
T = TypeVar("T")


class Access(enum.IntEnum):
    """The least that the sender must be. Who owns what is checked by the handler."""

    PUBLIC = 0
    GUEST = 1
    MEMBER = 2
    ADMIN = 3


@dataclass(frozen=True, slots=True)
class Call(Generic[In_co]):
    """One request, checked: `input` is the body or the query of the route, `person` the sender."""

    request: web.Request
    input: In_co
    person: Person | None

    def __getitem__(self, key: web.AppKey[T]) -> T:
        return self.request.app[key]

    @property
    def now(self) -> float:
        return self[keys.CLOCK]()

    @property
    def member(self) -> tuple[Person, MemberId]:
        """The sender of a route whose access is MEMBER."""
        if self.person is None or self.person.member_id is None:
            raise _refused(Access.MEMBER, self.person)
        return self.person, self.person.member_id

    @property
    def viewer(self) -> MemberId | None:
        """The sender as one who may see more than everybody; a guest may not."""
        return None if self.person is None else self.person.member_id

    def path(self, name: str) -> str:
        return self.request.match_info[name]


Handler = Callable[[Call[Any]], Awaitable[View | web.StreamResponse | None]]


@dataclass(frozen=True, slots=True)
class Route:
    """`cross_origin`: other sites may send it, as it is authorised by a bearer token alone.
    `room`: answered where that room is; `{name}` stands for what the path has there. `anonymous`:
    who sent it is not looked up, so it answers while the store of sessions is away."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    path: str
    handler: Handler
    access: Access
    summary: str
    body: type[Body] | None = None
    query: type[Query] | None = None
    returns: type[View] | None = None
    status: int = 200
    rate: RateLimitItem | None = None
    cross_origin: bool = False
    anonymous: bool = False
    room: str | None = None
    takes: str = JSON
    gives: str = JSON


def mount(app: web.Application, routes: Iterable[Route]) -> None:
    routes = tuple(routes)
    preflighted = {route.path for route in routes if route.method == "OPTIONS"}
    for route in routes:
        if route.cross_origin and route.path not in preflighted:
            preflighted.add(route.path)  # one answer for all methods of an address
            app.router.add_options(route.path, _preflight)
        if route.method == "GET":
            app.router.add_get(route.path, endpoint(route))
        else:
            app.router.add_route(route.method, route.path, endpoint(route))


def endpoint(route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def serve(request: web.Request) -> web.StreamResponse:
        settings = request.app[keys.SETTINGS]
        if not is_passed_on(request):  # else the node that it came to has looked
            if not route.cross_origin:
                check_same_origin(request, settings)
            if route.rate is not None:
                sender = client_address(request, settings)
                what = f"{route.method} {route.path}"
                await request.app[keys.RATES].hit(route.rate, what, sender)
        if route.room is not None:
            room = route.room.format_map(request.match_info)
            answer = await answer_elsewhere(request, room)
            if answer is not None:
                return answer
        person = None if route.anonymous else await person_of(request)
        if _standing(person) < route.access:
            raise _refused(route.access, person)
        reply = await route.handler(Call(request, await _input(route, request), person))
        return reply if isinstance(reply, web.StreamResponse) else encode(reply, route.status)

    return serve


async def _preflight(_request: web.Request) -> web.Response:
    return web.Response()  # its headers come from wagu.web.headers


def encode(view: View | None, status: int) -> web.Response:
    """An answer of the API: never stored by a cache."""
    headers = {"Cache-Control": "no-store"}
    if view is None:
        return web.Response(status=status, headers=headers)
    body = view.model_dump_json(exclude_unset=True).encode()
    return web.Response(body=body, status=status, content_type=JSON, headers=headers)


async def _input(route: Route, request: web.Request) -> BaseModel | None:
    try:
        if route.query is not None:
            return route.query.model_validate(dict(request.query))
        if route.body is None:
            return None
        if request.content_type != JSON:
            raise UnsupportedMedia("request.media_type", "JSON으로 보내 주세요.")
        return route.body.model_validate_json(await request.read())
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_context=False, include_input=False)[0]
        if not first["loc"]:  # no JSON, or JSON that is no object
            raise BadRequest("request.malformed", "읽을 수 없는 요청이에요.") from None
        field = str(first["loc"][0])
        raise Invalid("request.invalid", "올바르지 않은 값이에요.", field=field) from None


def _standing(person: Person | None) -> Access:
    if person is None:
        return Access.PUBLIC
    if person.kind != "member":
        return Access.GUEST
    return Access.ADMIN if person.admin else Access.MEMBER


def _refused(access: Access, person: Person | None) -> Unauthenticated | Forbidden:
    if person is None:
        return Unauthenticated("auth.required", "먼저 로그인해 주세요.")
    if access is Access.ADMIN:
        return Forbidden("auth.admin_required", "관리자만 할 수 있어요.")
    return Forbidden("auth.account_required", "회원만 할 수 있어요.")
