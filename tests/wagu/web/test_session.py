"""Logging in and out."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from wagu.bus import SessionEnded
from wagu.domain.person import MemberId
from wagu.web import keys

pytestmark = pytest.mark.sql

PASSWORD = "correct horse"


async def log_in(visitor, username="jimin", password=PASSWORD):
    return await visitor.post("/api/session", {"username": username, "password": password})


async def test_nobody_is_nobody(site):
    assert await site.visitor().get("/api/session") == (200, {"person": None})


async def test_a_member_logs_in_elsewhere_and_out(site):
    await site.member("jimin")
    visitor = site.visitor()
    status, answer = await log_in(visitor, "  JIMIN ")
    assert status == 200
    assert answer["person"]["username"] == "jimin"
    assert (await visitor.get("/api/session"))[1] == answer
    response = await visitor.raw("DELETE", "/api/session")
    assert response.status == 204
    assert response.cookies["wagu_session"].value == ""
    assert (await visitor.get("/api/session"))[1] == {"person": None}


async def test_logging_out_ends_the_session_and_not_only_the_cookie(site):
    visitor = await site.member("jimin")
    token = visitor.client.session.cookie_jar.filter_cookies(site.server.make_url("/"))
    kept = token["wagu_session"].value
    heard = site.events(SessionEnded)
    await visitor.delete("/api/session")
    assert heard == [SessionEnded("m_1")]
    thief = site.visitor()
    answer = await thief.get("/api/session", headers={"Cookie": f"wagu_session={kept}"})
    assert answer == (200, {"person": None})


async def test_unknown_user_and_wrong_password_get_one_answer_after_one_verification(
    site, monkeypatch
):
    await site.member("jimin")
    passwords, verified = site.app[keys.PASSWORDS], []
    matches = passwords._matches

    def counted(password: str, password_hash: str) -> bool:
        verified.append(PasswordHasher().check_needs_rehash(password_hash))
        return matches(password, password_hash)

    monkeypatch.setattr(passwords, "_matches", counted)
    answers = [
        await log_in(site.visitor(), "jimin", "wrong horse"),
        await log_in(site.visitor(), "nobody", PASSWORD),
        await log_in(site.visitor(), "!!", PASSWORD),
        await log_in(site.visitor(), "jimin", "short"),
        await log_in(site.visitor(), "jimin", "x" * 5_000),
        await log_in(site.visitor(), "nobody", "nobody has this password"),
    ]
    assert [status for status, _ in answers] == [401] * 6
    assert {answer["error"]["code"] for _, answer in answers} == {"auth.bad_credentials"}
    assert len({str(answer) for _, answer in answers}) == 1
    assert len(verified) == 6
    assert len(set(verified)) == 1, "the stand-in hash costs what a member's costs"


async def test_a_log_in_never_keeps_a_token_somebody_may_have_planted(site):
    await site.member("jimin")
    visitor = await site.guest()
    jar = visitor.client.session.cookie_jar

    def token() -> str:
        return jar.filter_cookies(site.server.make_url("/"))["wagu_session"].value

    before, heard = token(), site.events(SessionEnded)
    await log_in(visitor)
    assert token() != before
    assert [event.person_id[:2] for event in heard] == ["g_"]
    assert await site.app[keys.SESSIONS].resolve(before) is None


async def test_a_hash_with_old_parameters_is_renewed_at_log_in(site):
    await site.member("jimin")
    members = site.app[keys.MEMBERS]
    old = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash(PASSWORD)
    await members.set_password_hash(MemberId(1), old)
    assert (await log_in(site.visitor()))[0] == 200
    renewed = (await members.credentials("jimin")).password_hash
    assert renewed != old
    assert "m=19456,t=2,p=1" in renewed
    assert (await log_in(site.visitor()))[0] == 200


async def test_rights_that_changed_since_the_log_in_count_after_the_next_look(site):
    visitor = await site.member("jimin")
    await site.app[keys.ADMINS].set_admin("jimin", True)
    assert (await visitor.get("/api/session"))[1]["person"]["admin"] is True
    other = await site.member("haneul")
    _, made = await other.post("/api/share-maps", {})
    assert (await visitor.delete(f"/api/share-maps/{made['share_map']['id']}"))[0] == 204


async def test_looking_renews_the_cookie(site):
    visitor = await site.member("jimin")
    response = await visitor.raw("GET", "/api/session")
    assert int(response.cookies["wagu_session"]["max-age"]) == 30 * 86_400


async def test_a_cookie_of_junk_is_nobody(site):
    for junk in ("x", "x" * 5_000, "\udcff\udcfe", "%00", '"'):
        headers = {"Cookie": f"wagu_session={junk}"}
        assert await site.visitor().get("/api/session", headers=headers) == (200, {"person": None})
