"""Chat: one line to everyone in the room, kept for those who come later."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from unicodedata import category

from wagu.domain.person import PersonRef
from wagu.ephemeral.chats import Chats
from wagu.errors import Invalid, Unauthenticated
from wagu.realtime import messages as m
from wagu.realtime.client import Client, Handler
from wagu.realtime.delivery import Delivery
from wagu.realtime.room import chat_state, in_room

LONGEST = 500


class ChatDesk:
    def __init__(self, chats: Chats, delivery: Delivery, clock: Callable[[], float]) -> None:
        self._chats = chats
        self._delivery = delivery
        self._clock = clock
        self.handlers: Mapping[type[m.ClientMessage], Handler] = {m.Chat: self._say}

    async def _say(self, client: Client, message: m.Chat) -> None:
        room = in_room(client.room)
        if client.person.kind == "viewer":
            raise Unauthenticated("auth.required", "이름을 정하면 이야기할 수 있어요.")
        text = chat_text(message.text)
        author = PersonRef(client.person.id, client.person.name)
        # Without a nonce of the client's a lost answer of the store could still say it twice.
        nonce = message.nonce or secrets.token_urlsafe(12)
        line, fresh = await self._chats.say(room.key, author, text, nonce, self._clock())
        if fresh or not room.knows(line):  # kept before, and the store's answer was lost
            self._delivery.perform(room, room.said(line, nonce))
        else:
            self._delivery.send(client, m.Chatted(chat_state(line), nonce))


def chat_text(raw: str) -> str:
    """Trimmed, without control characters. Errors: Invalid chat.empty, chat.too_long."""
    text = "".join(char for char in raw if char in "\n\t" or category(char) != "Cc").strip()
    if not text:
        raise Invalid("chat.empty", "빈 말은 보낼 수 없어요.")
    if len(text) > LONGEST:
        raise Invalid("chat.too_long", f"한 번에 {LONGEST}자까지 보낼 수 있어요.")
    return text
