"""A shared map's room: its people, where they look, the ballot as everyone may see it."""

from __future__ import annotations

from collections.abc import Iterable

from wagu.domain.ballot import BallotView, Mine, Phase, all_done
from wagu.domain.person import PersonId
from wagu.domain.turn import IceServer
from wagu.ephemeral.chats import ChatLine
from wagu.ephemeral.share_maps import ShareMap
from wagu.errors import Conflict
from wagu.media_backend.base import RoomKey
from wagu.realtime import messages as m
from wagu.realtime import states as s
from wagu.realtime.presence import Presence
from wagu.realtime.room import (
    AWAY_FOR,
    Effect,
    Room,
    SocketId,
    ToAll,
    ToPerson,
    chat_state,
    in_room,
)


class MapRoom(Room):
    people_max = 300

    def __init__(
        self, key: RoomKey, share_map: ShareMap, chat: Iterable[ChatLine], ballot: BallotView
    ) -> None:
        super().__init__(key, chat)
        self.share_map = share_map
        self.ballot = ballot
        self.presence = Presence()
        self._votes: dict[PersonId, Mine] = {}
        self._waits = ballot.version > 0
        """For those who were here before the server or the room ended: they are on their way back,
        and a store knows what people did, not who they were."""
        self._waits_since: float | None = None

    @property
    def host(self) -> PersonId:
        return self.share_map.host.id

    def tick(self, now: float) -> list[Effect]:
        if self._waits:
            self._waits_since = now if self._waits_since is None else self._waits_since
            self._waits = now - self._waits_since < AWAY_FOR
        return super().tick(now)

    def forget(self, person: PersonId) -> None:
        self.presence.forget(person)
        self._votes.pop(person, None)

    def take_ballot(self, view: BallotView) -> list[Effect]:
        """Answers of the store may overtake each other: only the newest counts."""
        if view.version <= self.ballot.version:
            return []
        self.ballot = view
        return [ToAll(m.BallotMessage(ballot_state(view)))]

    def take_votes(self, person: PersonId, mine: Mine) -> list[Effect]:
        newest = self._newest(person, mine)
        if person in self._occupants:
            self._votes[person] = newest
        return [ToPerson(person, m.Votes(newest.round, list(newest.nominees)))]

    def _newest(self, person: PersonId, mine: Mine) -> Mine:
        known = self._votes.get(person, mine)
        return mine if mine.version >= known.version else known

    def everyone_done(self) -> bool:
        """Whether the ballot may close by itself. Nobody is forgotten for being away a moment."""
        if self._waits or self.ballot.phase is not Phase.OPEN:
            return False
        return all_done(self.ballot, self.expected())

    def joined(
        self, socket: SocketId, mine: Mine, now: float, turn: tuple[IceServer, ...] = ()
    ) -> m.Joined:
        """The whole state for a socket that has entered. `now` in seconds since the epoch."""
        you = self.you(socket)
        votes = self._newest(PersonId(you.id), mine)
        return m.Joined(
            room=self.key,
            now=round(now * 1000),
            you=you,
            title=self.share_map.title,
            expires_at=round(self.share_map.expires_at * 1000),
            require_account=self.share_map.require_account,
            people=self.people(self.people_max),
            presence=self.presence.everyone(),
            chat=[chat_state(line) for line in self.chat],
            ballot=ballot_state(self.ballot),
            mine=list(votes.nominees) if votes.round == self.ballot.round else [],
            live=None,
            stage=None,
            ice_servers=[
                s.IceServerState(each.urls, each.username, each.credential) for each in turn
            ],
        )


def as_map(room: Room | None) -> MapRoom:
    """Errors: Conflict room.not_joined, room.not_a_map."""
    entered = in_room(room)
    if isinstance(entered, MapRoom):
        return entered
    raise Conflict("room.not_a_map", "공유 지도에서만 할 수 있어요.")


def ballot_state(view: BallotView) -> s.BallotState:
    result = view.result
    return s.BallotState(
        round=view.round,
        phase=view.phase.value,
        nominees=[
            s.NomineeState(
                each.id, each.name, each.at, each.place_id, each.category, each.by, each.by_name
            )
            for each in view.nominees
        ],
        done=sorted(view.done),
        result=None
        if result is None
        else s.ResultState(dict(result.counts.items()), list(result.winners), result.voters),
    )
