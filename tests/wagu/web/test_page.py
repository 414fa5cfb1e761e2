"""The page names ahead what its view will import, all of it and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wagu.web.client import find_client
from wagu.web.page import START, Page, fits

MAP = '{"imports": {"lib": "/static/vendor/lib.js", "far": "https://elsewhere.example/far.js"}}'
APP = """import { render } from 'lib';
import './shell.js';
// import './never.js';
route('/', view(() => import('./views/home.js')));
route('/live/new', view(() => import('./views/studio.js'), 'css/live'));
route('/live/:id', view(() => import('./views/live.js'), 'css/live'), { tab: 'live' });
"""
FILES = {
    "js/app.js": APP,
    "js/shell.js": "export { a } from './a.js';\nconst later = () => import('./later.js');\n",
    "js/a.js": "import { b } from './b.js';\n",
    "js/b.js": "import {\n  a,\n} from './a.js';\n",
    "js/views/live.js": "import '../a.js';\nvoid import('../media/sfu.js');\n",
    "js/media/sfu.js": "/** @typedef {import('../types.js').T} T */\n",
    "js/views/home.js": "import far from 'far';\n",
    "js/views/studio.js": "import x from 'unheard-of';\n",
    "vendor/lib.js": 'import{h}from"lib";import e from"lib";export{h}',
}


@pytest.fixture
def page(tmp_path: Path) -> Page:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    script = f'<script type="module" src="{START}"></script>'
    (tmp_path / "index.html").write_text(f'<script type="importmap">{MAP}</script>{script}')
    return Page(tmp_path)


def named(page: Page, path: str) -> tuple[list[str], list[str]]:
    """What is asked for with the shell, and what after it."""
    before, after = page.of(path).decode().split(START)
    found = (re.findall(r'modulepreload" href="/static/([^"]+)"', part) for part in (before, after))
    return next(found), next(found)


SHELL = ["vendor/lib.js", "js/shell.js", "js/a.js", "js/b.js"]


def test_the_shell_comes_before_the_view_and_nothing_twice(page: Page) -> None:
    assert named(page, "/live/x1") == (SHELL, ["js/views/live.js", "js/media/sfu.js"])


def test_the_first_route_that_fits_is_the_view(page: Page) -> None:
    assert named(page, "/live/new/")[1] == ["js/views/studio.js"]
    assert named(page, "/")[1] == ["js/views/home.js"]
    assert named(page, "/nowhere") == (SHELL, [])


def test_what_waits_for_the_shell_does_not_hold_up_its_requests(page: Page) -> None:
    links = re.findall(r"<link[^>]*>", page.of("/live/x1").decode())
    low = [link for link in links if 'fetchpriority="low"' in link]
    assert ["views/live.js" in low[0], len(low), len(links)] == [True, 2, 6]


@pytest.mark.parametrize(
    ("pattern", "path", "fit"),
    [
        ("/", "/", True),
        ("/", "/x", False),
        ("/live", "/live/", True),
        ("/live/:id", "/live/", False),
        ("/live/:id", "/live//", False),
        ("/live/:id", "/live/x", True),
        ("/members/:name/followers", "/members/kim/followers", True),
        ("/members/:name/followers", "/members/kim/followings", False),
    ],
)
def test_patterns_fit_as_in_the_client(pattern: str, path: str, fit: bool) -> None:
    assert fits(pattern, path) is fit


def test_a_page_without_a_place_for_the_links_is_refused(page: Page) -> None:
    (page.root / "index.html").write_text("<script src=/static/js/app.js></script>")
    with pytest.raises(ValueError, match="has no"):
        Page(page.root)


def test_every_route_of_the_client_is_known() -> None:
    page = find_client().page
    routes = (page.root / "js/app.js").read_text().count("\nroute('")
    assert len(page.views) == routes > 20


def test_all_that_is_named_is_there() -> None:
    page = find_client().page
    for view in page.views.values():
        for name in page.modules(START, view):
            assert (page.root / name.removeprefix("/static/")).is_file(), f"{view} needs {name}"


def test_who_watches_does_not_fetch_a_map() -> None:
    """It weighs more than all the rest of that view."""
    page = find_client().page
    assert not [name for name in page.modules(page.views["/live/:id"]) if "leaflet" in name]
