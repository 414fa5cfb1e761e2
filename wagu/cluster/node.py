"""A node: one serving process, as the others know it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Literal, NewType

import msgspec

NodeId = NewType("NodeId", str)
"""Of one life of a process: whoever starts again is another."""

NodeRole = Literal["all", "web", "media"]
"""all: everything. web: serves clients, keeps no rooms. media: keeps rooms for the others."""


@dataclass(frozen=True, slots=True)
class Node:
    """`url` is where the other nodes reach it over HTTP."""

    id: NodeId
    url: str

    @classmethod
    def new(cls, url: str) -> Node:
        return cls(NodeId(f"n_{secrets.token_hex(5)}"), url)

    def __str__(self) -> str:
        """As it signs leases; `read` is the way back."""
        return f"{self.id} {self.url}"

    @classmethod
    def read(cls, text: str) -> Node:
        name, _, url = text.partition(" ")
        return cls(NodeId(name), url)


class Beat(msgspec.Struct, frozen=True):
    """What a node says of itself every second."""

    node: Node
    role: NodeRole
    takes_rooms: bool
    rooms: int
    sockets: int
    version: str
