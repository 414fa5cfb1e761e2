"""Whether a set-up link still makes the first admin."""

from __future__ import annotations

from wagu.web import keys
from wagu.web.models import View
from wagu.web.route import Call


class SetupView(View):
    valid: bool


async def show(call: Call[None]) -> SetupView:
    return SetupView(valid=await call[keys.SETUP].opens(call.path("token")))
