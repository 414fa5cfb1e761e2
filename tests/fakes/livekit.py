"""LiveKit as its documentation and protocol show it: tokens checked as the server checks them,
Twirp with its errors and spelling, signed webhooks that say of a track's owner only who it is."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import OctKey

from tests.fakes.media_server import FakeServer

KEY, SECRET = "APIwagu", "a-secret-of-thirty-two-characters-or-more"
STATUSES = {"not_found": 404, "unauthenticated": 401, "permission_denied": 403, "bad_route": 404}


class Refused(Exception):
    """A token that the server does not take; the text is what it says."""


@dataclass
class Participant:
    sid: str
    identity: str
    metadata: str
    grants: dict[str, Any]
    tracks: dict[str, dict[str, Any]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "sid": self.sid,
            "identity": self.identity,
            "state": "ACTIVE",
            "tracks": list(self.tracks.values()),
            "metadata": self.metadata,
            "joined_at": "1795000000",
            "name": "",
            "version": 1,
            "permission": {"can_subscribe": True, "hidden": self.grants["hidden"]},
            "is_publisher": bool(self.tracks),
            "disconnect_reason": "UNKNOWN_REASON",
        }


@dataclass
class FakeLiveKit(FakeServer):
    rooms: dict[str, dict[str, Participant]] = field(default_factory=dict)
    knocks: list[dict[str, Any]] = field(default_factory=list)
    """The claims of the tokens that browsers came with; there is no media to let them in to."""
    _number: int = 0

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/twirp/livekit.RoomService/{method}", self.twirp),
            web.get("/rtc{rest:.*}", self.knock),
        ]

    # ------------------------------------------------------------------------------ what clients do

    async def enter(self, token: str) -> tuple[str, Participant]:
        """As a browser does with a token; the room is made if there is none (`auto_create`)."""
        claims = self.verify(token)
        video = claims["video"]
        if not video.get("roomJoin") or not video.get("room"):
            raise Refused("no permission to join the room")
        name, identity = video["room"], claims["sub"]
        if name not in self.rooms:
            await self._make(name)
        former = self.rooms[name].get(identity)
        made = Participant(self._next("PA"), identity, claims.get("metadata", ""), video)
        self.rooms[name][identity] = made
        await self._say("participant_joined", name, made)
        if former is not None:
            await self._say("participant_left", name, former, reason="DUPLICATE_IDENTITY")
        return name, made

    async def knock(self, request: web.Request) -> web.Response:
        self.knocks.append(self.verify(request.query["access_token"]))
        return web.Response(status=503, headers={"Access-Control-Allow-Origin": "*"})

    async def publish(self, room: str, who: Participant, kind: str) -> str:
        """kind: AUDIO of a microphone, VIDEO of a camera."""
        source = {"AUDIO": "microphone", "VIDEO": "camera"}[kind]
        grants = who.grants
        allowed = grants.get("canPublishSources")
        if not grants.get("canPublish", True) or (allowed and source not in allowed):
            raise Refused("insufficient permissions to publish")
        sid = self._next("TR")
        track = {"sid": sid, "type": kind, "name": "", "muted": False, "source": source.upper()}
        who.tracks[sid] = track
        await self._say("track_published", room, who, track=track)
        return sid

    async def unpublish(self, room: str, who: Participant, sid: str) -> None:
        await self._say("track_unpublished", room, who, track=who.tracks.pop(sid))

    async def quit(self, room: str, who: Participant, reason: str = "CLIENT_INITIATED") -> None:
        if self.rooms.get(room, {}).get(who.identity) is who:
            del self.rooms[room][who.identity]
        await self._say("participant_left", room, who, reason=reason)

    def verify(self, token: str) -> dict[str, Any]:
        try:
            claims = jwt.decode(token, OctKey.import_key(SECRET), algorithms=["HS256"]).claims
        except Exception as wrong:
            raise Refused(f"invalid token: {wrong}") from None
        if claims.get("iss") != KEY:
            raise Refused("invalid API key")
        now = self.clock()
        if not claims.get("nbf", 0) <= now < claims["exp"]:
            raise Refused("token is expired")
        return claims

    # ------------------------------------------------------------------------------ what we ask for

    async def twirp(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            return _error("bad_route", f"unexpected Content-Type: {request.content_type}")
        body, method = await request.json(), request.match_info["method"]
        try:
            bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
            video = self.verify(bearer).get("video", {})
        except Refused as refused:
            return _error("unauthenticated", str(refused))
        calls = {
            "CreateRoom": (self._create, "roomCreate"),
            "DeleteRoom": (self._delete, "roomCreate"),
            "ListRooms": (self._list_rooms, "roomList"),
            "ListParticipants": (self._list_participants, "roomAdmin"),
            "RemoveParticipant": (self._remove, "roomAdmin"),
            "MutePublishedTrack": (self._mute, "roomAdmin"),
        }
        if method not in calls:
            return _error("bad_route", f"no handler for path {request.path}")
        call, grant = calls[method]
        in_room = grant != "roomAdmin" or video.get("room") == body.get("room")
        if not video.get(grant) or not in_room:
            return _error("permission_denied", "permissions denied")
        try:
            return web.json_response(await call(body))
        except KeyError:
            return _error("not_found", "requested room or participant does not exist")

    async def _create(self, body: dict[str, Any]) -> dict[str, Any]:
        if body["name"] not in self.rooms:
            await self._make(body["name"])
        return self._room(body["name"])

    async def _delete(self, body: dict[str, Any]) -> dict[str, Any]:
        gone = self.rooms.pop(body["room"])
        for one in gone.values():
            await self._say("participant_left", body["room"], one, reason="ROOM_DELETED")
        await self._say("room_finished", body["room"])
        return {}

    async def _list_rooms(self, body: dict[str, Any]) -> dict[str, Any]:
        names = body.get("names") or list(self.rooms)
        return {"rooms": [self._room(name) for name in names if name in self.rooms]}

    async def _list_participants(self, body: dict[str, Any]) -> dict[str, Any]:
        found = self.rooms.get(body["room"], {}).values()
        return {"participants": [one.to_json() for one in found]}

    async def _remove(self, body: dict[str, Any]) -> dict[str, Any]:
        one = self.rooms[body["room"]].pop(body["identity"])
        await self._say("participant_left", body["room"], one, reason="PARTICIPANT_REMOVED")
        return {}

    async def _mute(self, body: dict[str, Any]) -> dict[str, Any]:
        track = self.rooms[body["room"]][body["identity"]].tracks[body["track_sid"]]
        assert body["muted"], "the server's default forbids to unmute somebody"
        track["muted"] = True
        return {"track": track}

    # --------------------------------------------------------------------------------------- inside

    async def _make(self, name: str) -> None:
        self.rooms[name] = {}
        await self._say("room_started", name)

    def _room(self, name: str) -> dict[str, Any]:
        visible = [one for one in self.rooms[name].values() if not one.grants["hidden"]]
        return {
            "sid": f"RM_{name}",
            "name": name,
            "empty_timeout": 60,
            "max_participants": 0,
            "creation_time": "1795000000",
            "num_participants": len(visible),
            "active_recording": False,
        }

    def _next(self, prefix: str) -> str:
        self._number += 1
        return f"{prefix}_{self._number}"

    async def _say(
        self,
        event: str,
        room: str,
        who: Participant | None = None,
        *,
        reason: str | None = None,
        track: dict[str, Any] | None = None,
    ) -> None:
        said: dict[str, Any] = {"event": event, "id": self._next("EV"), "createdAt": "1795000000"}
        said["room"] = {"sid": f"RM_{room}", "name": room}
        if who is not None:
            said["participant"] = {"sid": who.sid, "identity": who.identity}
            if track is None:
                said["participant"] |= {"state": "ACTIVE", "metadata": who.metadata}
        if reason is not None:
            said["participant"] |= {"state": "DISCONNECTED", "disconnectReason": reason}
        if track is not None:
            # The encoding leaves out what is the default of the protocol: AUDIO, false, "".
            said["track"] = {name: value for name, value in track.items() if value}
        body = json.dumps(said).encode()
        await self.tell(sign(body, self.clock()), body)


def sign(body: bytes, now: float, secret: str = SECRET, **claims: Any) -> str:
    digest = base64.b64encode(sha256(body).digest()).decode()
    said = {"iss": KEY, "nbf": int(now), "exp": int(now) + 300, "sha256": digest, **claims}
    return jwt.encode({"alg": "HS256"}, said, OctKey.import_key(secret))


def _error(code: str, message: str) -> web.Response:
    return web.json_response({"code": code, "msg": message}, status=STATUSES[code])
