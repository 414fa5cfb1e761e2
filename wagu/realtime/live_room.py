"""A live's room: a host, any number of viewers, one line about the state, and chat.

Nobody is told who comes and goes: with a thousand viewers that alone would be a million messages.
The count is enough, at most once a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from wagu.domain.live import Live, LiveState
from wagu.domain.person import PersonId
from wagu.domain.place import Place
from wagu.domain.stage import GUESTS_MAX, Guests, find
from wagu.ephemeral.chats import ChatLine
from wagu.media_backend.base import RoomKey
from wagu.realtime import messages as m
from wagu.realtime import states as s
from wagu.realtime.room import Effect, Room, SocketId, ToAll, chat_state

TELL_EVERY = 1.0
PEOPLE_SHOWN = 50


class LiveRoom(Room):
    people_max = 5000

    def __init__(
        self,
        key: RoomKey,
        live: Live,
        chat: Iterable[ChatLine],
        guests: Guests = (),
        places: Sequence[str | None] = (),
    ) -> None:
        """`places`: who is seen beside the host already."""
        super().__init__(key, chat)
        self.live = live
        self._guests = guests
        self._places = list(places) or [None] * GUESTS_MAX
        self._departed: set[PersonId] = set()
        self._muted: set[PersonId] = set()
        self._peak = live.peak_viewers
        self._told: s.LiveInfo | None = self.info()  # None: not everybody heard the same
        self._told_at = float("-inf")

    @property
    def host(self) -> PersonId:
        return self.live.host.id

    @property
    def viewers(self) -> int:
        """People here other than the host; one who lost the connection still counts for 15 s."""
        return self.size - (1 if self.live.host.id in self._occupants else 0)

    def set_state(self, state: LiveState) -> None:
        self.live = replace(self.live, state=state)

    # ---------------------------------------------------------------------------------------- stage

    def take_guests(self, guests: Guests) -> list[Effect]:
        before, self._guests = self._guests, guests
        return [] if guests == before else [ToAll(m.Stage(self.stage()))]

    def take_places(self, places: Sequence[str | None]) -> list[Effect]:
        before, self._places = self._places, list(places)
        return [] if self._places == before else [ToAll(m.Stage(self.stage()))]

    def is_seen(self, person: PersonId) -> bool:
        """Whether they have a place beside the host."""
        return person in self._places

    def is_muted(self, person: PersonId) -> bool:
        return person in self._muted

    def mute_guest(self, person: PersonId, muted: bool) -> list[Effect]:
        if muted == (person in self._muted):
            return []
        (self._muted.add if muted else self._muted.discard)(person)
        return [ToAll(m.Stage(self.stage()))]

    def forget(self, person: PersonId) -> None:
        if find(self._guests, person) is not None:
            self._departed.add(person)

    def take_departed(self) -> frozenset[PersonId]:
        """Guests who left the room since this was asked; unless they are back."""
        departed, self._departed = self._departed, set()
        return frozenset(each for each in departed if self.person(each) is None)

    def stage(self) -> s.StageState:
        guests = [
            s.GuestState(
                each.person.id,
                each.person.name,
                "accepted" if each.accepted else "invited",
                each.person.id in self._muted,
            )
            for each in self._guests
        ]
        return s.StageState(guests, list(self._places))

    # ---------------------------------------------------------------------------------------- state

    def announce(self, message: m.ServerMessage, but: SocketId | None) -> list[Effect]:
        return []

    def settle(self, now: float) -> list[Effect]:
        """Tell of a changed state or count, unless something was told less than a second ago."""
        info = self.info()
        if info == self._told or now - self._told_at < TELL_EVERY:
            return []
        self._told, self._told_at = info, now
        return [ToAll(m.LiveMessage(info))]

    def takes_peak(self) -> bool:
        """Whether more watch now than ever before; asked once per peak."""
        if self.viewers <= self._peak:
            return False
        self._peak = self.viewers
        return True

    def joined(self, socket: SocketId, now: float) -> m.Joined:
        """The whole state for a socket that has entered. `now` in seconds since the epoch."""
        info = self.info()
        if info != self._told:
            # Were it as before when the others may be told, this one would never hear of it.
            self._told = None
        return m.Joined(
            room=self.key,
            now=round(now * 1000),
            you=self.you(socket),
            title=self.live.title,
            expires_at=None,
            require_account=False,
            people=self.people(PEOPLE_SHOWN),
            presence={},
            chat=[chat_state(line) for line in self.chat],
            ballot=None,
            mine=[],
            live=info,
            stage=self.stage(),
            ice_servers=[],  # tickets have them
        )

    def info(self) -> s.LiveInfo:
        live = self.live
        return s.LiveInfo(
            id=live.id,
            title=live.title,
            host=s.PersonRefState(live.host.id, live.host.name),
            place=None if live.place is None else _place_state(live.place),
            state=live.state.value,
            viewers=self.viewers,
        )


def _place_state(place: Place) -> s.PlaceState:
    return s.PlaceState(
        place.id, place.name, (place.at.lat, place.at.lng), place.category, place.address
    )
