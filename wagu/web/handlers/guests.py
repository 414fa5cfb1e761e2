"""Be somebody without an account: a name, and a session that remembers it."""

from __future__ import annotations

import secrets
from dataclasses import replace

from aiohttp import web

from wagu.bus import PersonRenamed
from wagu.domain.member import display_name
from wagu.domain.person import Person, PersonId
from wagu.errors import Conflict
from wagu.web import keys
from wagu.web.identity import give_cookie, session_token
from wagu.web.models import Body, Identified, PersonView
from wagu.web.origin import client_address
from wagu.web.rates import rate
from wagu.web.route import Call, encode

A_DAY = rate("1000/day")
"""Of one network, beside the limit by the minute: a guest who was in a room once is remembered for
a month, and a million of them would be half a gigabyte."""


class NewGuest(Body):
    name: str


async def create(call: Call[NewGuest]) -> web.Response:
    """A guest who is one already keeps the id and is renamed."""
    name = display_name(call.input.name, code="guest.bad_name")
    if call.person is not None and call.person.kind == "member":
        raise Conflict("guest.already_member", "이미 회원으로 들어와 있어요.")
    token = session_token(call.request)
    if call.person is None or token is None:
        sender = client_address(call.request, call[keys.SETTINGS])
        await call[keys.RATES].hit(A_DAY, "new guests", sender)
        guest = Person(PersonId(f"g_{secrets.token_urlsafe(9)}"), "guest", name)
        token = await call[keys.SESSIONS].start(guest)
    else:
        guest = replace(call.person, name=name)
        await call[keys.SESSIONS].replace(token, guest)
        call[keys.BUS].publish(PersonRenamed(guest))
    response = encode(Identified(person=PersonView.of_guest(guest)), 201)
    give_cookie(response, call.request, token)
    return response
