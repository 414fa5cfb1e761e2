"""What a page says and hears on its WebSocket, and what it says on HTTP: the last of each type."""

from __future__ import annotations

import json
from typing import Any

from playwright.async_api import Page, WebSocket

Message = dict[str, Any]


class Wire:
    """Listens from the first moment of a page on; over reloads and reconnects."""

    def __init__(self, page: Page) -> None:
        self.heard: dict[str, Message] = {}
        self.said: dict[str, Message] = {}
        self.opened = 0
        page.on("websocket", self._on_websocket)

    @property
    def slots(self) -> list[str | None]:
        """Whose voice each slot carries, as the server last told."""
        told = self.heard.get("voice_slots") or self.heard.get("voice_answer") or {}
        return list(told.get("slots", []))

    def _on_websocket(self, socket: WebSocket) -> None:
        self.opened += 1
        socket.on("framereceived", lambda frame: self._take(self.heard, frame))
        socket.on("framesent", lambda frame: self._take(self.said, frame))

    def _take(self, into: dict[str, Message], frame: str | bytes) -> None:
        message: Message = json.loads(frame)
        if message["type"] == "voice_answer":
            self.heard.pop("voice_slots", None)  # of the connection before
        if message["type"] == "look":
            message = into.get("look", {}) | message  # what it leaves out is unchanged
        into[message["type"]] = message
