"""What tests of ballots over sockets share."""

from __future__ import annotations

from typing import Any

NAME, AT = "을지면옥", [37.5662, 126.9915]


async def nominated(talker: Any, name: str = NAME, **fields: Any) -> str:
    """The id of what was nominated."""
    await talker.send("nominate", name=name, at=fields.pop("at", AT), **fields)
    ballot = await talker.ballot(lambda each: name in names_in(each))
    nominee: str = ballot["nominees"][-1]["id"]
    return nominee


def names_in(ballot: dict[str, Any]) -> list[str]:
    return [each["name"] for each in ballot["nominees"]]


def is_closed(ballot: dict[str, Any]) -> bool:
    return bool(ballot["phase"] == "closed")


def is_empty(ballot: dict[str, Any]) -> bool:
    return not ballot["nominees"]
