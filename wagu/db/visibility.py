"""`wagu.domain.visibility.may_see` in SQL: whoever reads posts for somebody adds `visible_to`,
whoever reads lives `live_visible_to`.

The subqueries do not depend on the row, so a database answers each once per query and then looks
up; a viewer has hundreds of friends, not millions. A viewer may be VIEWER, a parameter, in queries
that are built once.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    or_,
    select,
    union_all,
)

from wagu.db.schema import block, follow, live, member, post
from wagu.domain.person import MemberId
from wagu.domain.visibility import Visibility

VIEWER: BindParameter[int] = bindparam("viewer", type_=BigInteger)
Viewer = MemberId | BindParameter[int]


def visible_to(viewer: Viewer | None) -> ColumnElement[bool]:
    """A condition on rows of `post`; None is somebody without an account."""
    is_public = post.c.visibility == Visibility.PUBLIC.value
    author_stays = post.c.author_id.not_in(_left())
    if viewer is None:
        return and_(is_public, author_stays)
    is_for_friends = post.c.visibility == Visibility.FRIENDS.value
    others = and_(
        or_(is_public, and_(is_for_friends, post.c.author_id.in_(friends_of(viewer)))),
        post.c.author_id.not_in(blocked_with(viewer)),
        author_stays,
    )
    return or_(post.c.author_id == viewer, others)


def live_visible_to(viewer: Viewer | None) -> ColumnElement[bool]:
    """A condition on rows of `live`: they are public, but not between people who blocked."""
    host_stays = live.c.host_id.not_in(_left())
    if viewer is None:
        return host_stays
    return and_(host_stays, live.c.host_id.not_in(blocked_with(viewer)))


def friends_of(person: Viewer) -> Select[tuple[int]]:
    """Whom they follow and who follow them."""
    back = follow.alias("back")
    mutual = and_(
        back.c.follower_id == follow.c.followee_id, back.c.followee_id == follow.c.follower_id
    )
    return (
        select(follow.c.followee_id)
        .select_from(follow.join(back, mutual))
        .where(follow.c.follower_id == person)
    )


def blocked_with(person: Viewer) -> CompoundSelect[tuple[int]]:
    """Whom they blocked, and who blocked them."""
    return union_all(
        select(block.c.blocked_id).where(block.c.blocker_id == person),
        select(block.c.blocker_id).where(block.c.blocked_id == person),
    )


def _left() -> Select[tuple[int]]:
    return select(member.c.id).where(member.c.deleted_at.is_not(None))
