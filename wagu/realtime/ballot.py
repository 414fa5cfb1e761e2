"""The ballot of a shared map: nominations, votes, and a close that happens exactly once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from weakref import WeakSet

from wagu.domain.ballot import BallotView, Nomination, NomineeId, check_nomination, refusal
from wagu.domain.person import Person
from wagu.domain.place import place_category, place_name, place_point
from wagu.ephemeral.ballots import Ballots
from wagu.errors import Unavailable, WaguError
from wagu.realtime import messages as m
from wagu.realtime.background import Background
from wagu.realtime.client import Client, Handler
from wagu.realtime.delivery import Delivery
from wagu.realtime.map_room import MapRoom, as_map
from wagu.realtime.places import Places


class BallotDesk:
    def __init__(
        self, ballots: Ballots, places: Places, delivery: Delivery, background: Background
    ) -> None:
        self._ballots = ballots
        self._places = places
        self._delivery = delivery
        self._background = background
        self._considering: set[MapRoom] = set()
        self._doubtful: WeakSet[MapRoom] = WeakSet()  # a room may end before it is read again
        self.handlers: Mapping[type[m.ClientMessage], Handler] = {
            m.Nominate: self._careful(self._nominate),
            m.Withdraw: self._careful(self._withdraw),
            m.Vote: self._careful(self._vote),
            m.Done: self._careful(self._done),
            m.CloseBallot: self._careful(self._close),
            m.NewBallot: self._careful(self._new),
        }

    def _careful(self, handler: Handler) -> Handler:
        """What was refused, or got no answer, may have happened all the same: a store that loses an
        answer is asked again, and refuses the repetition. Then all see it by reading again."""

        async def handle(client: Client, message: m.ClientMessage) -> None:
            room = client.room
            try:
                await handler(client, message)
            except WaguError as error:
                doubtful = isinstance(error, Unavailable) or error.code.startswith("ballot.")
                if doubtful and isinstance(room, MapRoom):
                    self._doubtful.add(room)
                    self.consider(room)
                raise

        return handle

    # ----------------------------------------------------------------------------------- nominating

    async def _nominate(self, client: Client, message: m.Nominate) -> None:
        room = as_map(client.room)
        nomination = await self._nomination(room, client.person, message)
        self._show(room, await self._ballots.nominate(room.key, nomination))

    async def _nomination(self, room: MapRoom, person: Person, message: m.Nominate) -> Nomination:
        """A known place is taken from our records, not from the message."""
        if message.place_id is not None:
            place = await self._places.known(message.place_id)
            at = (place.at.lat, place.at.lng)
            return Nomination(place.name, at, person.id, place.id, place.category, person.name)
        point = place_point(*message.at)
        nomination = Nomination(
            place_name(message.name),
            (point.lat, point.lng),
            person.id,
            category=place_category(message.category),
            by_name=person.name,
        )
        if person.member_id is None:
            return nomination
        # Looked at first, so that a refused nomination leaves no place behind.
        check_nomination(room.ballot, nomination)
        place = await self._places.learn(
            nomination.name, point, nomination.category, person.member_id
        )
        return replace(nomination, place_id=place.id)

    async def _withdraw(self, client: Client, message: m.Withdraw) -> None:
        room = as_map(client.room)
        view = await self._ballots.withdraw(
            room.key, NomineeId(message.nominee), client.person.id, host=_is_host(client, room)
        )
        self._show(room, view)

    # --------------------------------------------------------------------------------------- voting

    async def _vote(self, client: Client, message: m.Vote) -> None:
        room, person = as_map(client.room), client.person.id
        mine = await self._ballots.vote(room.key, person, NomineeId(message.nominee), on=message.on)
        self._delivery.perform(room, room.take_votes(person, mine))

    async def _done(self, client: Client, message: m.Done) -> None:
        room = as_map(client.room)
        self._show(room, await self._ballots.set_done(room.key, client.person.id, on=message.on))
        await self._close_if_done(room)

    # -------------------------------------------------------------------------------------- closing

    async def _close(self, client: Client, _message: m.CloseBallot) -> None:
        room = as_map(client.room)
        _must_be_host(client, room)
        self._show(room, await self._ballots.close(room.key))

    async def _new(self, client: Client, message: m.NewBallot) -> None:
        room = as_map(client.room)
        _must_be_host(client, room)
        keep = frozenset(NomineeId(each) for each in message.keep)
        self._show(room, await self._ballots.next_round(room.key, keep))

    def consider(self, room: MapRoom) -> None:
        """Someone is gone, or time passed: maybe everyone who stayed is done. Asked with every
        heartbeat, so a store that is away is no more than a delay."""
        if room in self._considering:
            return
        if room in self._doubtful or room.everyone_done():
            self._considering.add(room)
            self._background.spawn("consider ballot", self._consider(room))

    async def _consider(self, room: MapRoom) -> None:
        try:
            if room in self._doubtful:
                await self._read_again(room)
            await self._close_if_done(room)
        finally:
            self._considering.discard(room)

    async def _read_again(self, room: MapRoom) -> None:
        self._doubtful.discard(room)  # before reading: what is refused meanwhile is a new doubt
        try:
            self._show(room, await self._ballots.view(room.key))
        except Unavailable:
            self._doubtful.add(room)

    async def _close_if_done(self, room: MapRoom) -> None:
        """The store looks again, at the one moment that counts."""
        if room.everyone_done():
            self._show(room, await self._ballots.close_if_done(room.key, room.expected()))

    def _show(self, room: MapRoom, view: BallotView) -> None:
        self._delivery.perform(room, room.take_ballot(view))


def _is_host(client: Client, room: MapRoom) -> bool:
    return client.person.id == room.share_map.host.id


def _must_be_host(client: Client, room: MapRoom) -> None:
    if not _is_host(client, room):
        raise refusal("ballot.not_host")
