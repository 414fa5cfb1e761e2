"""One page for every view, files for the rest."""

from __future__ import annotations

import pytest

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    "path", ["/", "/map/Zk3v0aQ1nB5c7D9eF2gH4i", "/setup/abc", "/login?next=/", "/members/kim.chi"]
)
async def test_a_view_is_the_one_page(site, path):
    response = await site.visitor().raw("GET", path, headers=HTML)
    assert response.status == 200
    assert response.content_type == "text/html"
    assert "importmap" in await response.text()
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["/favicon.ico", "/js/app.js", "/api", "/api/x", "/whip", "/tiles/"]
)
async def test_what_is_no_view_is_unknown(site, path):
    status, answer = await site.visitor().get(path, headers=HTML)
    assert (status, answer["error"]["code"]) == (404, "route.unknown")


async def test_whoever_wants_json_gets_no_page(site):
    status, answer = await site.visitor().get("/nope", headers={"Accept": "application/json"})
    assert (status, answer["error"]["code"]) == (404, "route.unknown")


async def test_head_is_like_get_without_a_body(site):
    for path in ("/", "/api/config", "/static/index.html"):
        response = await site.visitor().raw("HEAD", path)
        assert (response.status, await response.read()) == (200, b"")


@pytest.mark.parametrize("path", ["/", "/live/x", "/static/index.html", "/static/vendor/preact.js"])
async def test_scripts_and_pages_are_checked_again_and_answer_304(site, path):
    visitor = site.visitor()
    first = await visitor.raw("GET", path)
    assert first.headers["Cache-Control"] == "no-cache"
    tag = first.headers["ETag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await visitor.raw("GET", path, headers={"If-None-Match": known})
        assert (again.status, await again.read()) == (304, b"")
        assert again.headers["ETag"] == tag
    assert (await visitor.raw("GET", path, headers={"If-None-Match": '"other"'})).status == 200


async def test_a_page_names_what_its_view_imports_and_no_other(site):
    visitor = site.visitor()
    live, map_ = [await (await visitor.raw("GET", path)).text() for path in ("/live/x", "/map/y")]
    named = 'rel="modulepreload" href="/static/js/views/{}.js"'
    assert named.format("live") in live
    assert named.format("share-map") not in live
    assert named.format("share-map") in map_
    head = await visitor.raw("HEAD", "/live/x")
    assert int(head.headers["Content-Length"]) == len(live.encode())


async def test_icons_are_kept_for_a_day(site):
    icon = await site.visitor().raw("GET", "/static/vendor/icons/mic.svg")
    assert (icon.status, icon.headers["Cache-Control"]) == (200, "public, max-age=86400")
