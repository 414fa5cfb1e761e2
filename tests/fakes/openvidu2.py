"""OpenVidu 2 as its REST reference shows it: sessions, connections whose token is good once, and
webhooks that carry the configured header and are neither signed nor sent again."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from tests.fakes.media_server import FakeServer

SECRET = "MY_SECRET"
BASIC = "Basic " + base64.b64encode(f"OPENVIDUAPP:{SECRET}".encode()).decode()


class Refused(Exception):
    """A token that the server does not take."""


@dataclass
class Connection:
    id: str
    session: str
    data: str
    role: str
    token: str
    status: str = "pending"
    streams: dict[str, dict[str, Any]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        active = self.status == "active"
        return {
            "id": self.id,
            "object": "connection",
            "type": "WEBRTC",
            "status": self.status,
            "sessionId": self.session,
            "createdAt": 1795000000000,
            "activeAt": 1795000000000 if active else None,
            "platform": "Chrome 156.0.0.0 on Linux 64-bit" if active else None,
            "token": self.token,
            "serverData": self.data,
            "clientData": "" if active else None,
            "record": False,
            "role": self.role,
            "kurentoOptions": None,
            "rtspUri": None,
            "publishers": list(self.streams.values()) if active else None,
            "subscribers": [] if active else None,
        }


@dataclass
class FakeOpenVidu2(FakeServer):
    sessions: dict[str, dict[str, Connection]] = field(default_factory=dict)
    _number: int = 0

    def routes(self) -> list[web.RouteDef]:
        base = "/openvidu/api/sessions"
        return [
            web.post(base, self.create),
            web.get(base, self.list_all),
            web.delete(base + "/{id}", self.delete),
            web.get(base + "/{id}/connection", self.connections),
            web.post(base + "/{id}/connection", self.connect),
            web.delete(base + "/{id}/connection/{connection}", self.disconnect),
        ]

    # ------------------------------------------------------------------------------ what clients do

    async def enter(self, token: str) -> tuple[str, Connection]:
        query = parse_qs(urlsplit(token).query)
        name = query["sessionId"][0]
        for one in self.sessions.get(name, {}).values():
            if one.token == token and one.status == "pending":
                one.status = "active"
                await self._say("participantJoined", name, connectionId=one.id, serverData=one.data)
                return name, one
        raise Refused("Token is not valid for this session, or was used")

    async def publish(self, session: str, one: Connection, kind: str) -> str:
        if one.role == "SUBSCRIBER":
            raise Refused("SUBSCRIBER cannot publish")
        stream = self._next("str")
        options = {
            "hasAudio": kind == "AUDIO",
            "audioActive": kind == "AUDIO",
            "hasVideo": kind == "VIDEO",
            "videoActive": kind == "VIDEO",
        }
        one.streams[stream] = {"createdAt": 1, "streamId": stream, "mediaOptions": options}
        await self._say(
            "webrtcConnectionCreated", session, connection="OUTBOUND", connectionId=one.id
        )
        return stream

    async def unpublish(self, session: str, one: Connection, stream: str) -> None:
        del one.streams[stream]
        await self._say("webrtcConnectionDestroyed", session, connectionId=one.id)

    async def quit(self, session: str, one: Connection) -> None:
        await self._drop(session, one, "disconnect")

    # ------------------------------------------------------------------------------ what we ask for

    async def create(self, request: web.Request) -> web.Response:
        self._check(request)
        name = (await request.json()).get("customSessionId", "")
        if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
            return web.Response(status=400)
        if name in self.sessions:
            return web.Response(status=409)
        self.sessions[name] = {}
        return web.json_response({"id": name, "object": "session", "sessionId": name})

    async def list_all(self, request: web.Request) -> web.Response:
        self._check(request)
        content = [
            {
                "id": name,
                "object": "session",
                "sessionId": name,
                "createdAt": 1795000000000,
                "recording": False,
                "connections": _listed(connections),
            }
            for name, connections in self.sessions.items()
        ]
        return web.json_response({"numberOfElements": len(content), "content": content})

    async def delete(self, request: web.Request) -> web.Response:
        self._check(request)
        name = request.match_info["id"]
        if name not in self.sessions:
            return web.Response(status=404)
        for one in list(self.sessions[name].values()):
            await self._drop(name, one, "sessionClosedByServer")
        self.sessions.pop(name, None)
        await self._say("sessionDestroyed", name, reason="sessionClosedByServer")
        return web.Response(status=204)

    async def connections(self, request: web.Request) -> web.Response:
        self._check(request)
        found = self.sessions.get(request.match_info["id"])
        return web.Response(status=404) if found is None else web.json_response(_listed(found))

    async def connect(self, request: web.Request) -> web.Response:
        self._check(request)
        name, body = request.match_info["id"], await request.json()
        if name not in self.sessions:
            return web.Response(status=404)
        known = body.get("role") in ("SUBSCRIBER", "PUBLISHER", "MODERATOR")
        if body.get("type") != "WEBRTC" or not known or len(body.get("data", "")) > 10_000:
            return web.Response(status=400)
        made = self._next("con")
        token = f"wss://127.0.0.1:{self.port}?sessionId={name}&token=tok_{made}"
        one = Connection(made, name, body["data"], body["role"], token)
        self.sessions[name][made] = one
        return web.json_response(one.to_json())

    async def disconnect(self, request: web.Request) -> web.Response:
        self._check(request)
        name, id_ = request.match_info["id"], request.match_info["connection"]
        if name not in self.sessions:
            return web.Response(status=400)
        one = self.sessions[name].get(id_)
        if one is None:
            return web.Response(status=404)
        await self._drop(name, one, "forceDisconnectByServer")
        return web.Response(status=204)

    # --------------------------------------------------------------------------------------- inside

    def _check(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != BASIC:
            raise web.HTTPUnauthorized

    def _next(self, prefix: str) -> str:
        self._number += 1
        return f"{prefix}_{self._number}"

    async def _drop(self, session: str, one: Connection, reason: str) -> None:
        """The last one to leave takes the session along."""
        self.sessions[session].pop(one.id, None)
        if one.status == "active":
            await self._say(
                "participantLeft", session, connectionId=one.id, serverData=one.data, reason=reason
            )
            if not any(each.status == "active" for each in self.sessions[session].values()):
                self.sessions.pop(session, None)

    async def _say(self, event: str, session: str, **more: Any) -> None:
        said = {"event": event, "sessionId": session, "timestamp": 1795000000000, **more}
        await self.tell(BASIC, json.dumps(said).encode())


def _listed(connections: dict[str, Connection]) -> dict[str, Any]:
    """Those that are in use; pending ones only with `pendingConnections=true`."""
    content = [one.to_json() for one in connections.values() if one.status == "active"]
    return {"numberOfElements": len(content), "content": content}
