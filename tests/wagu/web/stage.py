"""What the permission matrix is played on: an owner with things of every kind, and a cast of people
who each are something else to that owner.

`names` gives what stands in a path for `{name}`; each thing is made when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from tests.clients.waiting import eventually
from tests.wagu.web.conftest import Site, Visitor
from wagu.domain.live import LiveId, LiveState
from wagu.domain.menu import NewMenu, menus_of
from wagu.domain.person import MemberId, Person
from wagu.domain.photo import PhotoId
from wagu.domain.place import NewPlace, Point
from wagu.domain.post import Category, NewPost, TextOrigin
from wagu.domain.visibility import Visibility
from wagu.media_backend.base import RecordingFinished, RoomKey, Snapshot
from wagu.web import keys

CAST = ("anonymous", "guest", "stranger", "follower", "friend", "blocked", "owner", "admin")
FIXED = {
    "size": "256",
    "format": "webp",
    "provider": "kakao",
    "token": "a-guess",
    "resource": "a-guess",
}


class Stage:
    """`number` makes names that no other stage of this site has."""

    def __init__(self, site: Site, number: int) -> None:
        self.site = site
        self.number = number
        self._things: dict[str, str] = {}
        self._people: dict[str, Visitor] = {}

    async def enter(self, who: str) -> Visitor:
        """The same browser each time."""
        if who not in self._people:
            self._people[who] = await self._cast(who)
        return self._people[who]

    async def thing(self, name: str) -> str:
        if name.startswith("="):  # itself
            return name[1:]
        if name in FIXED:
            return FIXED[name]
        if name not in self._things:
            kind, _, which = name.partition(":")
            makers: dict[str, Callable[[str], Awaitable[Any]]] = {
                "username": self._username,
                "newcomer": self._newcomer,
                "place": self._place,
                "post": self._post,
                "photo": self._photo,
                "map": self._map,
                "live": self._live,
                "recording": self._recording,
            }
            self._things[name] = str(await makers[kind](which))
        return self._things[name]

    async def path(self, template: str, names: dict[str, str]) -> str:
        """The template with a thing for each of its parameters."""
        return template.format(**{name: await self.thing(what) for name, what in names.items()})

    # ------------------------------------------------------------------------------------ the cast

    async def _cast(self, who: str) -> Visitor:
        if who == "anonymous":
            return self.site.visitor()
        if who == "guest":
            return await self.site.guest()
        made = await self.site.known(f"{who}{self.number}", admin=who == "admin")
        if who in ("follower", "friend", "blocked"):
            owner = await self.enter("owner")
            people, now = self.site.app[keys.PEOPLE], self.site.clock()
            me, them = MemberId(made.member_id), MemberId(owner.member_id)
            if who == "blocked":
                await people.block(them, f"{who}{self.number}", now)
                return made
            await people.follow(me, f"owner{self.number}", now)
            if who == "friend":
                await people.follow(them, f"{who}{self.number}", now)
        return made

    async def _owner(self) -> MemberId:
        return MemberId((await self.enter("owner")).member_id)

    # ---------------------------------------------------------------------------------- the things

    async def _username(self, _which: str) -> str:
        await self.enter("owner")
        return f"owner{self.number}"

    async def _newcomer(self, _which: str) -> str:
        return f"newcomer{self.number}"

    async def _place(self, _which: str) -> int:
        made = await self.site.app[keys.PLACES].create(
            name="면옥",
            at=Point(37.5, 127.0),
            category=None,
            address=None,
            created_by=await self._owner(),
            now=self.site.clock(),
        )
        return made.id

    async def _post(self, visibility: str) -> int:
        photo = PhotoId(await self.thing(f"photo:{visibility}:shot"))
        wanted = NewPost(
            category=Category.SNACK,
            rating=None,
            visibility=Visibility(visibility),
            text="",
            text_origin=TextOrigin.OWN,
            eaten_on=None,
            menus=menus_of([NewMenu("떡볶이", None, "", photo, False)]),
        )
        where = NewPlace("면옥", Point(37.5, 127.0))
        posts, now = self.site.app[keys.POSTS], self.site.clock()
        return await posts.create(await self._owner(), wanted, where, now)

    async def _photo(self, which: str) -> str:
        """`unused`, `face`, or of a post of that visibility."""
        if which in set(map(str, Visibility)):
            await self.thing(f"post:{which}")
            return self._things[f"photo:{which}:shot"]
        owner = await self._owner()
        photo = await self.site.photo(owner, seed=self.number)
        if which == "face":
            visitor = await self.enter("owner")
            assert (await visitor.patch("/api/me", {"photo_id": photo}))[0] == 200
        return photo

    async def _map(self, _which: str) -> str:
        host = Person(f"m_{await self._owner()}", "member", "owner")
        return (await self.site.app[keys.SHARE_MAPS].create(host, "금요일", False)).id

    async def _live(self, state: str) -> str:
        lives, now = self.site.app[keys.LIVES], self.site.clock()
        made = await lives.create(host=await self._owner(), title="x", place_id=None, now=now)
        self.site.media.pictures[f"live/{made.id}"] = Snapshot(b"RIFFwebp", 1)
        if state == "ended":
            await lives.set_state(made.id, LiveState.ENDED, now)
        return made.id

    async def _recording(self, state: str) -> str:
        """Of the live in that state: a file that media has written."""
        live = await self.thing(f"live:{state}")
        file = self.site.settings.data_dir.resolve() / "recordings" / live / f"{live}.webm"
        file.parent.mkdir(parents=True)
        file.write_bytes(b"\x1a\x45\xdf\xa3")
        self.site.media.tell(RecordingFinished(RoomKey(f"live/{live}"), str(file), 1.0))
        rows = self.site.app[keys.RECORDINGS]
        (made,) = await eventually(lambda: rows.of(LiveId(live)), "the file is kept")
        return made.id
