"""Who acts: a member with an account, a guest with a name, or a viewer with neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

PersonId = NewType("PersonId", str)
"""Public identity: `m_<member id>`, `g_<random>` or `v_<random>`. Never a secret."""

MemberId = NewType("MemberId", int)


@dataclass(frozen=True, slots=True)
class Person:
    """The authenticated principal of a request or a socket."""

    id: PersonId
    kind: Literal["member", "guest", "viewer"]
    name: str
    member_id: MemberId | None = None
    admin: bool = False


@dataclass(frozen=True, slots=True)
class PersonRef:
    """Someone as others see them: the host of a map or a live, the author of a line."""

    id: PersonId
    name: str


def member_person_id(member_id: MemberId) -> PersonId:
    return PersonId(f"m_{member_id}")
