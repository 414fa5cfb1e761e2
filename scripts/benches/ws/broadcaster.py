"""What the hub is compared with: the same messages in rooms, by aiohttp as its documentation shows
it. Nothing is bounded, checked or remembered here.

    python -m benches.ws.broadcaster PORT
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import uvloop
from aiohttp import WSMsgType, web

TICK = 0.05


@dataclass
class Room:
    sockets: dict[web.WebSocketResponse, str] = field(default_factory=dict)
    looks: dict[str, Any] = field(default_factory=dict)

    async def broadcast(self, message: object) -> None:
        text = json.dumps(message, separators=(",", ":"), ensure_ascii=False)
        for socket in list(self.sockets):
            await socket.send_str(text)

    async def tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            if self.looks:
                people, self.looks = self.looks, {}
                await self.broadcast({"type": "presence", "people": people})


class Broadcaster:
    def __init__(self) -> None:
        self._rooms: defaultdict[str, Room] = defaultdict(Room)
        self._ticking: set[asyncio.Task[None]] = set()
        self._names = 0

    async def ready(self, _request: web.Request) -> web.Response:
        return web.Response(text="ready")

    async def enter(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        room = Room()
        # As long as the ids of guests in wagu.
        self._names += 1
        name = f"g_{self._names:022d}"
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    room = await self._hear(socket, name, room, json.loads(frame.data))
        finally:
            room.sockets.pop(socket, None)
        return socket

    async def _hear(
        self, socket: web.WebSocketResponse, name: str, room: Room, message: dict[str, Any]
    ) -> Room:
        match message["type"]:
            case "join":
                new = message["room"] not in self._rooms
                room = self._rooms[message["room"]]
                room.sockets[socket] = name
                if new:
                    self._ticking.add(asyncio.create_task(room.tick()))
                await socket.send_str('{"type":"joined"}')
            case "look":
                room.looks[name] = {"at": message["at"]}
            case "chat":
                chat = {"id": "c-1", "from": {"id": name, "name": name}, "text": message["text"]}
                await room.broadcast({"type": "chatted", "chat": chat})
        return room


async def main(port: int) -> None:
    broadcaster = Broadcaster()
    app = web.Application()
    app.router.add_get("/ws", broadcaster.enter)
    app.router.add_get("/readyz", broadcaster.ready)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=512).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
