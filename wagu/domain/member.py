"""A member: someone with an account. What usernames, passwords and names may be."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from wagu.domain.person import MemberId, Person, member_person_id
from wagu.domain.text import clean_line
from wagu.errors import Invalid

USERNAME = re.compile(r"[a-z0-9_.]{3,30}", re.ASCII)
RESERVED = frozenset({"available"})  # /api/members/available is no profile
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200
LONGEST_NAME = 20


@dataclass(frozen=True, slots=True)
class Member:
    id: MemberId
    username: str
    name: str
    admin: bool

    @property
    def person(self) -> Person:
        """The member as the principal of requests and sockets."""
        return Person(member_person_id(self.id), "member", self.name, self.id, self.admin)


def username_of(raw: str) -> str:
    """Lower-cased; the same name in other letters is the same account."""
    username = unicodedata.normalize("NFC", raw).strip().lower()
    if not USERNAME.fullmatch(username) or username in RESERVED:
        raise Invalid(
            "member.bad_username",
            "아이디는 영문 소문자, 숫자, 밑줄(_), 점(.)으로 3–30자예요.",
            field="username",
        )
    return username


def password_of(raw: str) -> str:
    """NFC, so that the same keys on another system give the same password. White space counts."""
    password = unicodedata.normalize("NFC", raw)
    sound = not any(unicodedata.category(char) in ("Cc", "Cs") for char in password)
    if not (sound and SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD):
        raise Invalid(
            "member.bad_password",
            f"비밀번호는 {SHORTEST_PASSWORD}–{LONGEST_PASSWORD}자예요.",
            field="password",
        )
    return password


def display_name(raw: str, *, code: str = "member.bad_name") -> str:
    """The name others see, of a member or a guest."""
    name = clean_line(raw, LONGEST_NAME)
    if name is None:
        raise Invalid(code, f"이름은 1–{LONGEST_NAME}자예요.", field="name")
    return name
