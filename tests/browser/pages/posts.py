"""Writing a record of a meal, and reading it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from playwright.async_api import FilePayload, Locator, Page, expect

from tests.browser.pages.visitor import Visitor
from tests.browser.pages.words import ko


class Editor:
    """The form, for a new record or an old one."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page: Page = visitor.page
        self.form = self.page.get_by_test_id("editor")
        self.cards = self.form.get_by_test_id("menu-card")
        self.slots = self.form.get_by_test_id("photo-slot")
        self.place = self.form.get_by_test_id("place")
        self.text = self.form.get_by_label(re.compile("^" + ko("write.text")))
        self.restored = self.form.get_by_test_id("restored")
        self.sheet = self.page.get_by_test_id("place-sheet")

    @classmethod
    async def new(cls, visitor: Visitor, query: str = "") -> Editor:
        await visitor.open(f"/posts/new{query}")
        editor = cls(visitor)
        await expect(editor.form).to_be_visible()
        return editor

    @classmethod
    async def by_plus(cls, visitor: Visitor) -> Editor:
        """The way that people go: the big +, then the first choice."""
        await visitor.open("/")
        create = visitor.page.get_by_role("button", name=ko("nav.create"))
        await create.locator("visible=true").first.click()
        await visitor.page.get_by_role("link", name=ko("create.meal")).click()
        editor = cls(visitor)
        await expect(editor.form).to_be_visible()
        return editor

    @classmethod
    async def of(cls, visitor: Visitor, post: int) -> Editor:
        await visitor.open(f"/posts/{post}/edit")
        editor = cls(visitor)
        await expect(editor.form).to_be_visible()
        return editor

    async def pick_photos(self, photos: Sequence[FilePayload]) -> None:
        """Several at once, as from a phone's gallery."""
        await self.form.get_by_test_id("photos").set_input_files(photos)

    async def photos_are(self, *states: str) -> None:
        """In the order of the cards: waiting, sending, failed, cancelled, done, empty."""
        for number, state in enumerate(states):
            await expect(self.slots.nth(number)).to_have_attribute("data-state", state)
        await expect(self.slots).to_have_count(len(states))

    def progress(self, number: int) -> Locator:
        return self.slots.nth(number).get_by_role("progressbar")

    async def stop_photo(self, number: int) -> None:
        name = ko("write.photo_cancel", n=number + 1)
        await self.form.get_by_role("button", name=name).click()

    async def retry_photo(self, number: int) -> None:
        again = self.slots.nth(number).get_by_role("button", name=ko("write.photo_retry"))
        await again.click()

    async def write_menu(self, number: int, name: str, price: str = "", text: str = "") -> None:
        card = self.cards.nth(number)
        for field, value in (("menu-name", name), ("menu-price", price), ("menu-text", text)):
            if value:
                await card.locator(f"[name={field}]").fill(value)

    async def menu_names(self) -> list[str]:
        fields = await self.cards.locator("[name=menu-name]").all()
        return [await field.input_value() for field in fields]

    async def choose_place(self, name: str) -> None:
        """Among those that are known, by its name."""
        await self.open_places()
        await self.sheet.get_by_label(ko("write.place_search")).fill(name)
        results = self.sheet.get_by_role("region", name=ko("write.place_known"))
        await results.get_by_role("button", name=name).first.click()
        await expect(self.place).to_contain_text(name)

    async def open_places(self) -> None:
        await self.place.locator(".place-choose").click()
        await expect(self.sheet).to_be_visible()

    async def choose_kind(self, name: str) -> None:
        await self.form.get_by_test_id("category").get_by_role("button", name=name).click()

    async def rate(self, stars: int) -> None:
        await self.form.get_by_test_id("rating").locator("label").nth(stars - 1).click()

    async def show_to(self, who: str) -> None:
        """private, friends or public."""
        group = self.form.get_by_test_id("visibility")
        await group.locator("label").filter(has_text=ko(f"write.visibility_{who}")).click()

    async def is_kept(self) -> None:
        await expect(self.form.get_by_text(ko("write.kept"))).to_be_visible()

    async def send(self) -> None:
        await self.form.locator("[type=submit]").click()

    async def save(self) -> Post:
        await self.send()
        post = Post(self.visitor)
        await expect(post.article).to_be_visible()
        return post


class Draft:
    """The help with the text: what is asked for, what came, what to do with it."""

    def __init__(self, editor: Editor) -> None:
        self.editor = editor
        self.panel = editor.form.get_by_test_id("draft")
        self.verdict = self.panel.get_by_test_id("draft-verdict")
        self.problem = self.panel.get_by_role("alert")
        self.stop = self._button("draft.stop")
        self.again = self._button("draft.again")
        self.undo = self._button("draft.undo")
        self.accept = self._button("draft.accept")

    async def ask(self, notes: str = "", tone: str = "record", *, ai: bool = True) -> None:
        await self._button("draft.start_ai" if ai else "draft.start_template").click()
        await self.panel.get_by_label(re.compile("^" + ko("draft.words"))).fill(notes)
        await self.panel.locator("label").filter(has_text=ko(f"draft.tone_{tone}")).click()
        await self._button("draft.write").click()

    async def write_again(self, language: str | None = None) -> None:
        """With the wishes as they are, but for the language."""
        if language is not None:
            await self.panel.locator(f"input[name=language][value={language}] + span").click()
        await self._button("draft.again").or_(self._button("draft.write")).click()

    def _button(self, key: str) -> Locator:
        return self.panel.get_by_role("button", name=ko(key), exact=True)


class Guesses:
    """What a model believes to see on the photos."""

    def __init__(self, editor: Editor) -> None:
        self.editor = editor
        self.panel = editor.form.get_by_test_id("suggestion")
        self.problem = self.panel.get_by_role("alert")
        self.ask = self.panel.get_by_role("button", name=ko("suggest.ask"))
        self.stop = self.panel.get_by_role("button", name=ko("suggest.stop"))

    def of_card(self, number: int, name: str) -> Locator:
        names = self.editor.cards.nth(number).get_by_role("group", name=ko("suggest.names"))
        return names.get_by_role("button", name=name)

    def category(self, name: str) -> Locator:
        return self.panel.get_by_role("button", name=ko("suggest.category", name=name))

    def more(self, name: str) -> Locator:
        """One that no card is left for."""
        return self.panel.get_by_role("button", name=ko("suggest.add", name=name))


class Post:
    """A record as it is read."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page: Page = visitor.page
        self.article = self.page.get_by_test_id("post")
        self.text = self.article.get_by_test_id("post-text")
        self.origin = self.article.get_by_test_id("origin")
        self.menus = self.article.get_by_test_id("menu")
        self.viewer = self.page.get_by_test_id("viewer")
        self.unknown = self.page.get_by_test_id("post-unknown")

    @property
    def id(self) -> int:
        return int(self.page.url.rsplit("/", 1)[1])

    async def open(self, post: int) -> None:
        await self.visitor.open(f"/posts/{post}")

    async def enlarge(self, menu: str) -> None:
        strip = self.article.locator(".gallery-strip")
        await strip.get_by_role("button", name=ko("post.photo_open", menu=menu)).click()
        await expect(self.viewer).to_be_visible()

    async def shown_file(self) -> str:
        """The path of the file in the viewer, once it is there."""
        image = self.viewer.locator("img").first
        await expect(image).to_have_js_property("complete", True)
        source: Any = await image.evaluate("image => image.currentSrc")
        return str(source).removeprefix(self.visitor.url)

    async def delete(self) -> None:
        await self.article.get_by_role("button", name=ko("post.delete")).click()
        question = self.page.get_by_role("alertdialog")
        await question.get_by_role("button", name=ko("post.delete")).click()
