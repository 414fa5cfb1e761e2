"""The rows of members, and the set-up link that some of them use."""

from __future__ import annotations

import pytest

from wagu.db.admins import Admins
from wagu.db.members import MemberRows
from wagu.db.setup import SetupLink, digest
from wagu.domain.person import MemberId
from wagu.errors import Conflict, Forbidden, NotFound


@pytest.fixture
def rows(db):
    return MemberRows(db)


async def create(rows, username="jimin", **rest):
    return await rows.create(username=username, name="지민", password_hash="h", now=1.0, **rest)


@pytest.mark.sql
async def test_a_member_comes_back_by_id_and_by_username(rows):
    made = await create(rows)
    assert await rows.get(made.id) == await rows.by_username("jimin") == made
    assert await rows.exists("jimin")
    assert not await rows.exists("haneul")
    with pytest.raises(NotFound):
        await rows.get(MemberId(9))
    with pytest.raises(NotFound):
        await rows.by_username("haneul")


@pytest.mark.sql
async def test_credentials(rows):
    made = await create(rows)
    found = await rows.credentials("jimin")
    assert (found.member, found.password_hash) == (made, "h")
    assert await rows.credentials("haneul") is None


@pytest.mark.sql
async def test_a_username_exists_once(rows):
    await create(rows)
    with pytest.raises(Conflict, match=r"member\.username_taken"):
        await create(rows)


@pytest.mark.sql
async def test_a_rehash_does_not_undo_a_change(rows):
    made = await create(rows)
    await rows.set_password_hash(made.id, "changed")
    await rows.set_password_hash(made.id, "rehashed", instead_of="h")
    assert (await rows.credentials("jimin")).password_hash == "changed"
    await rows.set_password_hash(made.id, "rehashed", instead_of="changed")
    assert (await rows.credentials("jimin")).password_hash == "rehashed"


@pytest.mark.sql
async def test_a_setup_link_is_renewed_until_there_is_an_admin(db, rows):
    link = SetupLink(db)
    first, second = await link.renew(), await link.renew()
    assert (await link.opens(first), await link.opens(second)) == (False, True)
    with pytest.raises(Forbidden, match=r"setup\.bad_token"):
        await create(rows, setup_digest=digest(first))
    assert not await rows.exists("jimin")
    assert (await create(rows, setup_digest=digest(second))).admin
    assert not await link.opens(second)
    assert await link.renew() is None


@pytest.mark.sql
async def test_an_admin_made_by_hand_ends_the_setup(db, rows):
    link = SetupLink(db)
    token = await link.renew()
    await create(rows, admin=True)
    assert not await link.opens(token)


@pytest.mark.sql
async def test_a_member_who_becomes_an_admin_ends_the_setup(db, rows):
    await create(rows, "haneul")
    link = SetupLink(db)
    token = await link.renew()
    assert (await Admins(db).set_admin("haneul", True)).admin
    assert not await link.opens(token)


async def test_the_token_itself_is_not_kept(db, tmp_path):
    token = await SetupLink(db).renew()
    async with db.write():
        pass
    kept = b"".join(path.read_bytes() for path in (tmp_path / "below").iterdir())
    assert token.encode() not in kept
    assert digest(token).encode() in kept
