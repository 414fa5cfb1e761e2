"""Who may see a post, in words; `tests/wagu/db/test_visibility.py` asks the database the same."""

from __future__ import annotations

import pytest

from wagu.domain.visibility import Relation, Visibility, may_see

PRIVATE, FRIENDS, PUBLIC = Visibility


@pytest.mark.parametrize(
    ("relation", "sees"),
    [
        (Relation(), {PUBLIC}),
        (Relation(is_author=True), {PRIVATE, FRIENDS, PUBLIC}),
        (Relation(follows=True), {PUBLIC}),
        (Relation(followed=True), {PUBLIC}),
        (Relation(follows=True, followed=True), {FRIENDS, PUBLIC}),
        (Relation(follows=True, followed=True, blocked=True), set()),
        (Relation(blocked=True), set()),
        (Relation(author_left=True), set()),
        (Relation(follows=True, followed=True, author_left=True), set()),
        (Relation(is_author=True, author_left=True), {PRIVATE, FRIENDS, PUBLIC}),
    ],
)
def test_who_sees_what(relation, sees):
    assert {visibility for visibility in Visibility if may_see(relation, visibility)} == sees
