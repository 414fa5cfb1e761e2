"""Facts that one part of the process tells the others, so that web and realtime never meet.

Delivery is synchronous and in order; a handler must not block, and one that fails is logged and
stops nobody. Where nodes share a service, wagu.cluster.bus tells the others, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar

import structlog

from wagu.domain.live import LiveId, LiveState
from wagu.domain.person import Person, PersonId

log = structlog.get_logger("wagu.bus")


@dataclass(frozen=True, slots=True)
class ShareMapEnded:
    """The host (or an admin) ended a shared map."""

    id: str


@dataclass(frozen=True, slots=True)
class LiveCreated:
    id: LiveId


@dataclass(frozen=True, slots=True)
class LiveEnded:
    """A live is over. by_host: ended on purpose. host_gone: its publisher never came back."""

    id: LiveId
    reason: Literal["by_host", "by_admin", "host_gone"]


@dataclass(frozen=True, slots=True)
class LiveStateChanged:
    id: LiveId
    state: LiveState


@dataclass(frozen=True, slots=True)
class ViewersChanged:
    id: LiveId
    viewers: int


@dataclass(frozen=True, slots=True)
class PictureTaken:
    """What a live shows can be seen anew; each picture has another number."""

    id: LiveId
    number: int


@dataclass(frozen=True, slots=True)
class PersonBlocked:
    """From now on neither of the two sees the other."""

    by: PersonId
    whom: PersonId


@dataclass(frozen=True, slots=True)
class PersonRenamed:
    """The person's session already carries the new name."""

    person: Person


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """One session of this person ended; the person may have others."""

    person_id: PersonId


Event = (
    ShareMapEnded
    | LiveCreated
    | LiveEnded
    | LiveStateChanged
    | ViewersChanged
    | PictureTaken
    | PersonBlocked
    | PersonRenamed
    | SessionEnded
)
E = TypeVar("E", bound=Event)


class Bus(Protocol):
    def publish(self, event: Event) -> None: ...

    def subscribe(self, kind: type[E], handler: Callable[[E], None]) -> None: ...


class LocalBus:
    """The bus of a single process."""

    def __init__(self) -> None:
        self._handlers: defaultdict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)

    def publish(self, event: Event) -> None:
        for handler in self._handlers[type(event)]:
            try:
                handler(event)
            except Exception:
                log.exception("x dropped: bus handler failed", bus_event=type(event).__name__)

    def subscribe(self, kind: type[E], handler: Callable[[E], None]) -> None:
        self._handlers[kind].append(handler)
