"""Who may see a post: the one rule. `wagu.db.visibility` says the same in SQL, and a test walks
every case through both."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Visibility(enum.StrEnum):
    PRIVATE = "private"
    FRIENDS = "friends"
    """Those whom the author follows and who follow the author."""

    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Relation:
    """What a viewer is to the author of a post; without an account, nothing of it."""

    is_author: bool = False
    follows: bool = False
    followed: bool = False
    blocked: bool = False
    """Either of the two blocked the other."""

    author_left: bool = False
    """The author's account is closed, and only waits for its end."""

    @property
    def is_friend(self) -> bool:
        return self.follows and self.followed


def may_see(relation: Relation, visibility: Visibility) -> bool:
    if relation.is_author:
        return True
    if relation.blocked or relation.author_left:
        return False
    if visibility is Visibility.FRIENDS:
        return relation.is_friend
    return visibility is Visibility.PUBLIC
