"""One's own account in a browser: profile, password, taking data along and bringing it, the end."""

from __future__ import annotations

import asyncio
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import FilePayload, expect

from tests.browser.pages.account import AccountForm, AccountPages
from tests.browser.pages.parties import Arrive
from tests.browser.pages.people import MemberPage, bowl, join, record, says
from tests.browser.pages.pictures import take
from tests.browser.pages.visitor import DESKTOP, PASSWORD, PHONE, Visitor
from tests.browser.pages.words import ko

pytestmark = [pytest.mark.browser, pytest.mark.pages]

NAME, USERNAME = "지민", "jimin"
FRESH = "bibimbap-3-geureut"

TAKEOUT = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [126.9991, 37.5662]},
            "properties": {"location": {"name": "을지면옥", "address": "서울 중구"}},
        },
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [0, 0]},
            "properties": {"Title": "어딘지 모르는 집"},
        },
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [127.0, 37.5]},
            "properties": {},
        },
    ],
}


@pytest.fixture
def here(server: Callable[..., Any]) -> Any:
    return server(WAGU_RATE_LIMITS="off")


async def member(arrive: Arrive, here: Any, device: dict[str, Any]) -> Visitor:
    visitor = await arrive(here, NAME, device)
    await join(visitor, USERNAME)
    return visitor


def file(name: str, content: bytes, kind: str) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_a_profile_is_edited_and_its_draft_outlives_a_reload(
    here: Any, arrive: Arrive, device: dict[str, Any], test_results: Path
) -> None:
    jimin = await member(arrive, here, device)
    kind = "phone" if device is PHONE else "desktop"
    await jimin.open("/me")
    await expect(jimin.page.get_by_role("link", name=ko("account.edit"))).to_be_visible()
    await take(jimin, test_results, f"me-member-{kind}")
    await jimin.page.get_by_role("link", name=ko("account.edit")).click()

    pages = AccountPages(jimin)
    await pages.bio.fill("냉면을 찾아 다녀요.")
    await pages.name.fill("")
    jimin.troubles.expect("422 PATCH", "400 PATCH", r"status of 4\d\d")
    await pages.save.click()
    await expect(jimin.page.get_by_text(ko("error.member.bad_name"))).to_be_visible()
    await expect(pages.bio).to_have_value("냉면을 찾아 다녀요.")
    await pages.name.fill("지민이")
    await jimin.page.reload()
    await expect(pages.name).to_have_value("지민이")
    await expect(pages.bio).to_have_value("냉면을 찾아 다녀요.")

    await pages.face_input.set_input_files(file("bowl.jpg", bowl(), "image/jpeg"))
    await expect(jimin.page.get_by_text(ko("account.face_unsaved"))).to_be_visible()
    await expect(pages.face).to_be_visible()
    await take(jimin, test_results, f"me-edit-{kind}")
    await pages.save.click()
    await says(jimin, ko("account.saved"))
    await expect(jimin.page.get_by_role("heading", name="지민이", level=1)).to_be_visible()
    await expect(jimin.page.get_by_text("냉면을 찾아 다녀요.")).to_be_visible()
    await jimin.page.reload()
    await expect(jimin.page.locator(".me-link:visible .avatar img")).to_be_visible()

    await jimin.open("/me/edit")
    await pages.remove_face.click()
    await pages.save.click()
    await says(jimin, ko("account.saved"))
    account = await jimin.api("GET", "/api/me")
    assert account["me"]["photo"] is None


async def test_a_file_that_is_no_picture_is_refused_in_words(here: Any, arrive: Arrive) -> None:
    jimin = await member(arrive, here, DESKTOP)
    jimin.troubles.expect("POST .*/api/photos", r"status of 4\d\d")
    await jimin.open("/me/edit")
    pages = AccountPages(jimin)
    await pages.face_input.set_input_files(file("notes.png", b"no picture at all", "image/png"))
    note = jimin.page.locator(".face-actions .note.error")
    await expect(note).to_contain_text("사진")
    await expect(pages.save).to_be_enabled()


async def test_another_password_ends_the_other_sessions(here: Any, arrive: Arrive) -> None:
    jimin = await member(arrive, here, DESKTOP)
    elsewhere = await arrive(here, NAME, PHONE)
    credentials = {"username": USERNAME, "password": PASSWORD}
    await elsewhere.api("POST", "/api/session", credentials)
    jimin.troubles.expect("403 POST", "status of 403")
    await jimin.open("/me/security")
    pages = AccountPages(jimin)
    await pages.old_password.fill("this is not it")
    await pages.new_password.fill(FRESH)
    await pages.change_password.click()
    await expect(jimin.page.get_by_text(ko("error.auth.wrong_password"))).to_be_visible()
    await expect(pages.old_password).to_be_focused()
    await pages.old_password.fill(PASSWORD)
    await pages.change_password.click()
    await says(jimin, ko("account.password_changed"))
    await expect(pages.new_password).to_have_value("")

    await elsewhere.open("/me/edit")
    await expect(elsewhere.page).to_have_url(f"{here.url}/login?next=%2Fme%2Fedit")
    elsewhere.troubles.expect("401 POST", "status of 401")
    form = AccountForm(elsewhere.page, ko("auth.login"))
    await form.username.fill(USERNAME)
    await form.password.fill(PASSWORD)
    await form.send.click()
    await expect(form.problem.filter(has_text=ko("error.auth.bad_credentials"))).to_be_visible()
    await form.password.fill(FRESH)
    await form.send.click()
    await expect(elsewhere.page).to_have_url(f"{here.url}/me/edit")


async def test_everything_is_taken_along_in_a_zip(
    here: Any, arrive: Arrive, test_results: Path
) -> None:
    jimin = await member(arrive, here, DESKTOP)
    await record(jimin, "평양냉면", "private", photo=True)
    await jimin.open("/me/data")
    section = jimin.page.get_by_test_id("export")
    await expect(section).to_contain_text(ko("account.export_size", n=1))
    await take(jimin, test_results, "me-data-desktop")
    async with jimin.page.expect_download() as coming:
        await section.get_by_role("link", name=ko("account.export_do")).click()
    download = await coming.value
    assert download.suggested_filename.startswith(f"wagu-{USERNAME}-")
    with zipfile.ZipFile(await download.path()) as archive:
        assert archive.testzip() is None
        posts = json.loads(archive.read("posts.json"))
        photos = [name for name in archive.namelist() if name.startswith("photos/")]
    assert [post["menus"][0]["name"] for post in posts] == ["평양냉면"]
    assert len(photos) == 1


async def test_saved_places_are_shown_before_they_come(
    here: Any, arrive: Arrive, test_results: Path
) -> None:
    jimin = await member(arrive, here, PHONE)
    await jimin.open("/me/data")
    chosen = jimin.page.get_by_test_id("import-input")
    await chosen.set_input_files(file("notes.json", b"[1, 2]", "application/json"))
    problem = jimin.page.get_by_test_id("import").get_by_role("alert")
    await expect(problem).to_have_text(ko("error.import.not_geojson"))

    content = json.dumps(TAKEOUT).encode()
    await chosen.set_input_files(file("Saved Places.json", content, "application/json"))
    preview = jimin.page.get_by_test_id("import-preview")
    await expect(preview).to_contain_text(ko("account.import_come", n=1))
    await expect(preview).to_contain_text("을지면옥")
    await preview.get_by_text(ko("account.import_left", n=2)).click()
    await expect(preview.get_by_text("어딘지 모르는 집")).to_be_visible()
    await expect(preview.get_by_text(ko("account.import_no_point"))).to_be_visible()
    await expect(preview.get_by_text(ko("account.import_no_name"))).to_be_visible()
    await jimin.page.get_by_test_id("import").scroll_into_view_if_needed()
    await take(jimin, test_results, "import-phone")
    assert (await jimin.api("GET", "/api/places"))["places"] == []
    await jimin.page.get_by_role("button", name=ko("account.import_do", n=1)).click()
    done = jimin.page.get_by_test_id("import-result")
    await expect(done).to_have_text(ko("account.import_added", n=1))
    places = (await jimin.api("GET", "/api/places"))["places"]
    assert [place["name"] for place in places] == ["을지면옥"]


async def test_an_account_is_closed_with_a_typed_word_and_opened_again(
    here: Any, arrive: Arrive, test_results: Path
) -> None:
    jimin = await member(arrive, here, PHONE)
    await record(jimin, "평양냉면", "public")
    stranger = await arrive(here, "누구", DESKTOP)
    await jimin.open("/me/data")
    pages = AccountPages(jimin)
    await pages.closing.get_by_role("button", name=ko("account.close_begin")).click()
    await pages.typed.fill("somebody else")
    await pages.password.fill(PASSWORD)
    await pages.close_now.click()
    await expect(pages.closing).to_contain_text(ko("error.account.not_typed"))
    await take(jimin, test_results, "close-phone")
    await pages.typed.fill(USERNAME)
    await pages.close_now.click()
    farewell = jimin.page.get_by_test_id("farewell")
    await expect(farewell).to_be_visible()
    await take(jimin, test_results, "farewell-phone")
    stranger.troubles.expect("404")
    await asyncio.gather(stranger.open(f"/members/{USERNAME}"))
    await expect(MemberPage(stranger, USERNAME, NAME).nobody).to_be_visible()

    jimin.troubles.expect("409 POST", "status of 409")
    await jimin.open("/login?next=%2Fme")
    form = AccountForm(jimin.page, ko("auth.login"))
    await form.username.fill(USERNAME)
    await form.password.fill(PASSWORD)
    await form.send.click()
    restore = jimin.page.get_by_test_id("restore")
    await expect(restore).to_be_visible()
    await take(jimin, test_results, "restore-phone")
    await restore.get_by_role("button", name=ko("auth.restore")).click()
    await says(jimin, ko("auth.restored"))
    await expect(jimin.page).to_have_url(f"{here.url}/me")
    await stranger.page.reload()
    await expect(MemberPage(stranger, USERNAME, NAME).posts).to_have_count(1)
