"""The base classes of what comes in and goes out, and the views that several nouns share.

A model is made ready when it is first used, in a millisecond, and not at the start (`defer_build`):
there are more than a hundred, and most servers never see half of them.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from wagu.domain.member import Member
from wagu.domain.person import Person, PersonRef

UNSTORABLE = re.compile("[\0\ud800-\udfff]")

LatLng = Annotated[tuple[float, float], Field(description="[latitude, longitude] in WGS84 degrees")]
Millis = Annotated[int, Field(description="milliseconds since the Unix epoch")]


class Body(BaseModel):
    """A JSON body: strict (`false` is no number), nothing unknown, no NaN."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True
    )


class Query(BaseModel):
    """Query parameters: always text, so numbers are read from it; unknown ones are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False, defer_build=True)

    @field_validator("*", mode="before")
    @classmethod
    def _can_be_asked(cls, value: Any) -> Any:
        """No database compares with NUL or half a character."""
        if isinstance(value, str) and UNSTORABLE.search(value):
            raise ValueError("has characters that are none")
        return value


class View(BaseModel):
    """A JSON answer. What was not set is left out; None is sent as null."""

    model_config = ConfigDict(frozen=True, defer_build=True)


class Problem(View):
    code: Annotated[str, Field(examples=["member.username_taken"])]
    message: Annotated[str, Field(description="for people, in Korean")]
    field: Annotated[str, Field(description="the culprit, where there is one")] = ""


class ErrorView(View):
    error: Problem


class PersonRefView(View):
    id: str
    name: str

    @classmethod
    def of(cls, person: PersonRef) -> PersonRefView:
        return cls(id=person.id, name=person.name)


class PersonView(View):
    """Yourself."""

    id: str
    name: str
    kind: Literal["member", "guest", "viewer"]
    admin: bool
    username: Annotated[str, Field(description="of members only")] = ""

    @classmethod
    def of_member(cls, member: Member) -> PersonView:
        person = member.person
        return cls(
            id=person.id,
            name=person.name,
            kind=person.kind,
            admin=person.admin,
            username=member.username,
        )

    @classmethod
    def of_guest(cls, person: Person) -> PersonView:
        return cls(id=person.id, name=person.name, kind=person.kind, admin=False)


class Identified(View):
    person: PersonView


def millis(seconds: float) -> int:
    return round(seconds * 1000)
