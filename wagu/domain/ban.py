"""A ban: who may not come back into one room, and who else is taken for them."""

from __future__ import annotations

from dataclasses import dataclass

from wagu.domain.person import PersonRef
from wagu.errors import Conflict, Forbidden

BANS_MAX = 200
"""Of one room."""

NETWORKS_MAX = 10
"""Of one person: as many as they may have sockets."""


@dataclass(frozen=True, slots=True)
class Ban:
    """`networks` are those that the person was in the room from; `at` is in seconds since the
    epoch."""

    person: PersonRef
    at: float
    networks: tuple[str, ...] = ()


Bans = tuple[Ban, ...]
"""The oldest first."""


def with_ban(bans: Bans, ban: Ban) -> Bans:
    """Who is banned already stays so, from more networks. Errors: Conflict room.bans_full."""
    before = [each for each in bans if each.person.id == ban.person.id]
    others = without(bans, ban.person.id)
    if len(others) >= BANS_MAX:
        raise Conflict("room.bans_full", f"한 방에서 {BANS_MAX}명까지 차단할 수 있어요.")
    known = [network for each in before for network in each.networks]
    networks = tuple(dict.fromkeys([*ban.networks, *known]))[:NETWORKS_MAX]
    return (*others, Ban(ban.person, min(each.at for each in (ban, *before)), networks))


def without(bans: Bans, person: str) -> Bans:
    return tuple(each for each in bans if each.person.id != person)


def names(bans: Bans, person: str) -> bool:
    return any(each.person.id == person for each in bans)


def since(bans: Bans, network: str | None) -> float | None:
    """When somebody was first banned who came from there: a person without an account who began
    later may be the same one under another name."""
    return min((each.at for each in bans if network in each.networks), default=None)


def banned() -> Forbidden:
    return Forbidden("room.banned", "이 방에는 다시 들어올 수 없어요.")


def network_banned() -> Forbidden:
    return Forbidden("room.network_banned", "이 네트워크에서는 로그인해야 들어올 수 있어요.")
