"""Recording a meal and reading it, on a phone and on a desktop."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Route, expect

from tests.browser.pages import dishes
from tests.browser.pages.account import log_out
from tests.browser.pages.parties import HOST, SEA, SKY, Arrive
from tests.browser.pages.posts import Editor, Post
from tests.browser.pages.visitor import DESKTOP, PASSWORD, PHONE, Visitor
from tests.browser.pages.words import ko
from tests.clients.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.pages]

NOODLES = "을지면옥"
AT = (37.5662, 126.9915)
PHOTOS = "**/api/photos"

Take = Callable[[Visitor, str], Awaitable[None]]


@pytest.fixture
def take(test_results: Path) -> Take:
    folder = test_results / "posts"
    folder.mkdir(exist_ok=True)

    async def take(visitor: Visitor, name: str) -> None:
        await visitor.page.evaluate("document.fonts.ready")
        await visitor.page.screenshot(path=folder / f"{name}.png")

    return take


async def member_at_the_table(arrive: Arrive, here: Any, device: dict[str, Any]) -> Visitor:
    """Somebody with an account, where a place is known."""
    visitor = await arrive(here, HOST, device)
    await visitor.become_member()
    await visitor.add_place(NOODLES, *AT, "한식")
    return visitor


async def record(visitor: Visitor, **changes: Any) -> int:
    """A record, the short way."""
    place = await visitor.add_place(NOODLES, *AT, "한식")
    meal = {
        "place_id": place["id"],
        "category": "한식",
        "visibility": "public",
        "text": "육수가 시원했다.",
        "menus": [{"name": "물냉면", "price": 12000}],
    }
    made = await visitor.api("POST", "/api/posts", meal | changes)
    return int(made["post"]["id"])


@pytest.mark.parametrize(("device", "size"), [(PHONE, "phone"), (DESKTOP, "desktop")])
async def test_a_meal_with_several_photos(
    server: Callable[..., Any], arrive: Arrive, take: Take, device: dict[str, Any], size: str
) -> None:
    me = await member_at_the_table(arrive, server(), device)
    me.troubles.expect(r"ERR_INTERNET_DISCONNECTED")
    editor = await Editor.by_plus(me)
    await take(me, f"write-empty-{size}")

    gates = [asyncio.Event() for _ in range(4)]
    arrived: list[Route] = []

    async def slow(route: Route) -> None:
        number = len(arrived)
        arrived.append(route)
        if number >= len(gates):
            return await route.continue_()
        await gates[number].wait()
        if number == 1:
            return await route.abort("internetdisconnected")
        return await route.continue_()

    await me.page.route(PHOTOS, slow)
    await editor.pick_photos([dishes.dish(number) for number in range(4)])
    await editor.photos_are("sending", "sending", "sending", "waiting")
    await expect(editor.progress(0)).to_be_visible()
    assert len(arrived) == 3
    await take(me, f"write-sending-{size}")

    await editor.stop_photo(2)  # the next one takes its turn
    await editor.photos_are("sending", "sending", "cancelled", "sending")
    gates[1].set()
    await editor.photos_are("sending", "failed", "cancelled", "sending")
    await expect(editor.slots.nth(1)).to_contain_text(ko("error.network"))
    await take(me, f"write-failed-{size}")
    for gate in gates:
        gate.set()
    await editor.retry_photo(1)
    await editor.retry_photo(2)
    await editor.photos_are("done", "done", "done", "done")

    await editor.write_menu(0, "만두", "9000")
    await editor.write_menu(1, "물냉면", "12,000원", "육수가 시원하고 면이 쫄깃했어요")
    await editor.write_menu(2, "수육", "28000")
    await editor.write_menu(3, "비빔냉면")
    await editor.cards.nth(1).get_by_role("button", name=ko("write.menu_main")).click()
    await editor.cards.nth(1).get_by_role("button", name=ko("write.menu_up", n=2)).click()
    assert (await editor.menu_names())[:2] == ["물냉면", "만두"]
    await editor.choose_place(NOODLES)
    await editor.rate(4)
    await editor.show_to("public")
    await editor.text.fill("여름이 끝나기 전에 한 번 더.\n줄은 길었지만 금방 빠진다.")
    await take(me, f"write-filled-{size}")
    post = await editor.save()

    await expect(post.menus).to_have_count(4)
    await expect(post.menus.first).to_contain_text("물냉면")
    await expect(post.menus.first).to_contain_text(ko("post.main"))
    await expect(post.menus.first).to_contain_text("12,000원")
    await expect(post.article).to_contain_text(ko("post.visibility_public"))
    await expect(post.article.get_by_role("img", name=ko("post.rating", n=4))).to_be_visible()
    await expect(post.article.get_by_role("heading", level=1)).to_contain_text(NOODLES)
    await expect(post.origin).to_have_count(0)
    await take(me, f"post-{size}")
    await post.enlarge("물냉면")
    assert re.fullmatch(r"/photos/[\w-]+/2048\.webp", await post.shown_file())
    await take(me, f"viewer-{size}")
    await me.page.go_back()  # closes what lies over the page, and leaves the page where it is
    await expect(post.viewer).to_have_count(0)
    await expect(post.article).to_be_visible()


async def test_a_photo_shows_how_far_it_is(server: Callable[..., Any], arrive: Arrive) -> None:
    me = await member_at_the_table(arrive, server(), PHONE)
    editor = await Editor.new(me)
    line = await me.context.new_cdp_session(me.page)
    bytes_a_second = 60_000
    speed = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_a_second}
    await line.send("Network.emulateNetworkConditions", {"offline": False, **speed})
    await editor.pick_photos([dishes.dish(1)])

    async def part_of_it() -> bool:
        return 0 < int(await editor.progress(0).get_attribute("value") or 0) < 100

    await eventually(part_of_it, "some of the photo is sent, and not all")
    speed["uploadThroughput"] = -1
    await line.send("Network.emulateNetworkConditions", {"offline": False, **speed})
    await editor.photos_are("done")


async def test_nothing_typed_is_lost(
    server: Callable[..., Any], arrive: Arrive, take: Take
) -> None:
    me = await member_at_the_table(arrive, server(), PHONE)
    username = (await me.api("GET", "/api/session"))["person"]["username"]
    editor = await Editor.new(me)
    never = asyncio.Event()

    async def hold(route: Route) -> None:
        await never.wait()

    await editor.pick_photos([dishes.dish(1)])
    await editor.photos_are("done")
    await me.page.route(PHOTOS, hold)
    await editor.pick_photos([dishes.dish(2)])
    await editor.write_menu(0, "물냉면", "12000")
    await editor.text.fill("국물까지 다")
    await editor.is_kept()
    await me.page.unroute(PHOTOS)

    await me.page.reload()  # in the middle of an upload, which begins again
    await expect(editor.restored).to_be_visible()
    await expect(editor.text).to_have_value("국물까지 다")
    assert await editor.menu_names() == ["물냉면", ""]
    await editor.photos_are("done", "done")
    await take(me, "write-restored-phone")

    await log_out(me)
    await me.become_member()  # somebody else at the same device sees nothing of it
    await me.open("/posts/new")
    await expect(editor.form).to_be_visible()
    await expect(editor.restored).to_have_count(0)
    await me.api("POST", "/api/session", {"username": username, "password": PASSWORD})
    await me.open("/posts/new")
    await expect(editor.text).to_have_value("국물까지 다")

    await editor.restored.get_by_role("button", name=ko("write.discard")).click()
    question = me.page.get_by_role("alertdialog")
    await question.get_by_role("button", name=ko("cancel")).click()
    await expect(editor.text).to_have_value("국물까지 다")
    await editor.restored.get_by_role("button", name=ko("write.discard")).click()
    await question.get_by_role("button", name=ko("write.discard")).click()
    await expect(editor.text).to_have_value("")
    await me.page.reload()
    await expect(editor.form).to_be_visible()
    await expect(editor.restored).to_have_count(0)
    never.set()


async def test_what_is_wrong_is_said_where_it_is_wrong(
    server: Callable[..., Any], arrive: Arrive, take: Take
) -> None:
    me = await member_at_the_table(arrive, server(), PHONE)
    me.troubles.expect(
        r"415 POST .*/api/photos", r"status of 4(15|22|00)", r"422 POST .*/api/posts"
    )
    editor = await Editor.new(me)
    await editor.send()
    for key in ("error.post.menu_name", "error.post.one_place", "error.post.no_category"):
        await expect(editor.form.get_by_text(ko(key)).first).to_be_visible()
    await expect(editor.cards.first.locator("[name=menu-name]")).to_be_focused()
    await take(me, "write-wrong-phone")

    await editor.pick_photos([dishes.no_photo()])
    await editor.photos_are("failed")
    await expect(editor.slots.first).to_contain_text(ko("error.image.unknown_format"))
    await editor.write_menu(0, "물냉면")
    await editor.choose_place(NOODLES)  # and with it, its kind of food
    await editor.send()
    await expect(editor.slots.first).to_contain_text(ko("error.image.unknown_format"))
    await take(me, "write-no-photo-phone")
    await editor.form.get_by_role("button", name=ko("write.photo_remove", n=1)).click()

    await editor.form.get_by_role("button", name=ko("write.menu_add")).click()
    await editor.write_menu(1, "물냉면")
    await editor.send()
    await expect(editor.cards.nth(1)).to_contain_text(ko("error.post.same_menu"))
    await editor.write_menu(1, "수육")

    async def too_long(route: Route) -> None:
        error = {"code": "post.bad_text", "message": "글은 5000자까지예요.", "field": "text"}
        await route.fulfill(status=422, json={"error": error})

    await me.page.route("**/api/posts", too_long)
    await editor.text.fill("길다")
    await editor.send()
    await expect(editor.form.get_by_text(ko("error.post.bad_text"))).to_be_visible()
    await expect(editor.text).to_be_focused()
    await me.page.unroute("**/api/posts")
    await editor.save()


async def test_a_new_place_on_the_map_where_the_photo_was_taken(
    server: Callable[..., Any], arrive: Arrive, take: Take
) -> None:
    me = await member_at_the_table(arrive, server(), DESKTOP)
    editor = await Editor.new(me)
    await editor.pick_photos([dishes.dish(3, at=(37.5663, 126.9917))])
    hint = editor.form.get_by_test_id("place-hint")
    await expect(hint).to_contain_text(ko("write.place_hint"))
    await hint.get_by_role("button", name=ko("write.place_hint_use")).click()
    near = editor.sheet.get_by_role("region", name=ko("write.place_near_photo"))
    await expect(near).to_contain_text(NOODLES)
    await take(me, "place-near-desktop")

    await editor.sheet.get_by_role("button", name=ko("write.place_on_map")).click()
    ground = editor.sheet.get_by_test_id("place-map")
    await expect(ground.locator("path")).to_have_count(1)  # the known place
    await ground.click(position={"x": 90, "y": 120})
    await editor.sheet.get_by_label(ko("write.place_name")).fill("을지로 만두집")
    await take(me, "place-map-desktop")
    await editor.sheet.get_by_role("button", name=ko("write.place_use")).click()
    await expect(editor.place).to_contain_text("을지로 만두집")
    await expect(editor.place).to_contain_text(ko("write.place_new"))
    await editor.choose_kind("분식")
    await editor.write_menu(0, "찐만두")
    post = await editor.save()
    await expect(post.article.get_by_role("heading", level=1)).to_contain_text("을지로 만두집")
    found = (await me.api("GET", "/api/places?q=만두집"))["places"]
    assert abs(found[0]["at"][0] - 37.5663) < 0.01
    assert abs(found[0]["at"][1] - 126.9917) < 0.01


async def test_change_it_hide_it_delete_it(
    server: Callable[..., Any], arrive: Arrive, take: Take
) -> None:
    here = server()
    me, friend, guest = await asyncio.gather(
        arrive(here, HOST, PHONE), arrive(here, SKY), arrive(here, SEA, PHONE)
    )
    await asyncio.gather(me.become_member(), friend.become_member())
    post_id = await record(me)
    for visitor in (friend, guest):
        visitor.troubles.expect(rf"404 GET .*/api/posts/{post_id}", r"status of 404")
        seen = Post(visitor)
        await seen.open(post_id)
        await expect(seen.text).to_have_text("육수가 시원했다.")
        await expect(seen.article.get_by_role("button", name=ko("post.delete"))).to_have_count(0)

    editor = await Editor.of(me, post_id)
    await editor.text.fill("육수가 아주 시원했다.")
    await editor.show_to("private")
    await me.page.reload()  # before it was saved
    await expect(editor.restored).to_contain_text(ko("write.restored_edit"))
    await expect(editor.text).to_have_value("육수가 아주 시원했다.")
    post = await editor.save()
    await expect(post.text).to_have_text("육수가 아주 시원했다.")
    await expect(post.article).to_contain_text(ko("post.visibility_private"))

    for visitor, name in ((friend, "member"), (guest, "guest")):
        seen = Post(visitor)
        await seen.open(post_id)
        await expect(seen.unknown).to_contain_text(ko("post.unknown"))
        await take(visitor, f"post-unknown-{name}")
    back = guest.page.get_by_role("main").get_by_role("link", name=ko("post.login"))
    await expect(back).to_have_attribute("href", f"/login?next=%2Fposts%2F{post_id}")

    public = await record(me, visibility="public")
    await friend.open(f"/posts/{public}/edit")
    await expect(friend.page.get_by_test_id("post-closed")).to_contain_text(ko("post.not_yours"))
    await guest.open("/posts/new")
    await expect(guest.page).to_have_url(re.compile(r"/login\?next=%2Fposts%2Fnew$"))

    await post.open(post_id)
    await post.delete()
    await expect(me.page).to_have_url(f"{me.url}/")
    assert (await me.answer("GET", f"/api/posts/{post_id}")).status == 404
