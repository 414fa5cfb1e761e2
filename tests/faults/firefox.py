"""A program: Firefox in the network namespace where it is started, driven from outside.

    python tests/faults/firefox.py <address to be driven at> <firefox> --remote-debugging-port=0 …

Playwright takes it for Firefox itself. WebDriver BiDi listens on the loopback address of its own
namespace only, so it is passed on from `address`, and the line on stderr that says where it listens
is changed accordingly. On the way, commands that this Firefox does not know are answered as done:
Playwright sends them for every context, and cameras and microphones are granted by preferences.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, web

LISTENING = re.compile(rb"(WebDriver BiDi listening on )ws://(\S+)")
SPARED = ("emulation.setMediaFeaturesOverride", "permissions.setPermission")
Socket = ClientWebSocketResponse | web.WebSocketResponse


def spared(frame: str) -> str | None:
    """The answer to a command that Firefox is spared, None for every other."""
    if not any(method in frame for method in SPARED):
        return None
    command = json.loads(frame)
    if command.get("method") not in SPARED:
        return None
    return json.dumps({"type": "success", "id": command["id"], "result": {}})


async def pass_on(source: Socket, target: Socket) -> None:
    """Until one of them is closed; `source` is told what `target` is spared."""
    async for message in source:
        if message.type is not WSMsgType.TEXT:
            continue
        if answer := spared(message.data):
            await source.send_str(answer)
        else:
            await target.send_str(message.data)
    await target.close()


async def open_door(address: str, inner: str) -> int:
    """Serve the WebSockets of `inner` (host:port) at `address`; the port."""

    async def pass_through(request: web.Request) -> web.WebSocketResponse:
        outside = web.WebSocketResponse(max_msg_size=0)
        await outside.prepare(request)
        async with (
            ClientSession() as session,
            session.ws_connect(f"ws://{inner}{request.path}", max_msg_size=0) as inside,
        ):
            await asyncio.gather(pass_on(outside, inside), pass_on(inside, outside))
        return outside

    app = web.Application()
    app.router.add_get("/{path:.*}", pass_through)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, address, 0).start()
    return int(runner.addresses[0][1])


async def main(address: str, *command: str) -> int:
    """Firefox's exit status."""
    firefox = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    assert firefox.stderr is not None
    async for line in firefox.stderr:
        said = line
        if found := LISTENING.search(line):
            port = await open_door(address, found[2].decode())
            said = b"%sws://%s:%d\n" % (found[1], address.encode(), port)
        sys.stderr.buffer.write(said)
        sys.stderr.buffer.flush()
    return await firefox.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*sys.argv[1:])))
