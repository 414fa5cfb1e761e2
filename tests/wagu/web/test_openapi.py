"""The OpenAPI document is sound, and says what the routes do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from wagu.web.openapi import document
from wagu.web.route import Access
from wagu.web.routes import ROUTES


@pytest.fixture
def made() -> dict[str, Any]:
    return document(ROUTES, title="Wagu Book", version="1.2.3")


def nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        for branch in tree.values():
            yield from nodes(branch)
    elif isinstance(tree, list):
        for branch in tree:
            yield from nodes(branch)


def operations(made) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, item in made["paths"].items()
        for method, operation in item.items()
    ]


def test_every_route_is_there_and_nothing_else(made):
    documented = {(method.upper(), path) for method, path, _ in operations(made)}
    assert documented == {(route.method, route.path) for route in ROUTES}


def test_the_structure_is_openapi_3_1(made):
    assert made["openapi"] == "3.1.0"
    assert made["info"]["title"] == "Wagu Book"
    assert made["info"]["version"] == "1.2.3"
    identifiers = [operation["operationId"] for _, _, operation in operations(made)]
    assert len(set(identifiers)) == len(identifiers)
    for method, path, operation in operations(made):
        assert path.startswith("/")
        assert method in ("get", "post", "put", "patch", "delete", "options")
        assert operation["summary"]
        for status, response in operation["responses"].items():
            assert re.fullmatch(r"[1-5]\d\d|default", status)
            assert response["description"]
        declared = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
        assert declared == set(re.findall(r"\{(\w+)\}", path))
        assert all(each["required"] for each in operation["parameters"] if each["in"] == "path")


def test_every_reference_leads_somewhere(made):
    references = [node["$ref"] for node in nodes(made) if "$ref" in node]
    assert references
    for reference in references:
        target: Any = made
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]
        assert isinstance(target, dict)
    used = {reference.rpartition("/")[2] for reference in references}
    assert used == set(made["components"]["schemas"])


def test_security_is_that_of_the_routes(made):
    for route in ROUTES:
        operation = made["paths"][route.path][route.method.lower()]
        if route.cross_origin and route.method != "OPTIONS":
            assert operation["security"] == [{"ticket": []}]
        elif route.access is Access.PUBLIC:
            assert "security" not in operation
        else:
            assert operation["security"] == [{"session": []}]
    names = {name for node in nodes(made) for need in node.get("security", []) for name in need}
    assert names <= set(made["components"]["securitySchemes"])


def test_bodies_and_answers(made):
    sign_up = made["paths"]["/api/members"]["post"]
    body = sign_up["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/NewMember"}
    schema = made["components"]["schemas"]["NewMember"]
    assert schema["required"] == ["username", "password", "name"]
    assert schema["additionalProperties"] is False
    whip = made["paths"]["/whip/{live}"]["post"]
    assert list(whip["requestBody"]["content"]) == ["application/sdp"]
    assert list(whip["responses"]["201"]["content"]) == ["application/sdp"]
    query = {each["name"]: each for each in made["paths"]["/api/places"]["get"]["parameters"]}
    assert query["limit"]["schema"]["maximum"] == 100
    assert query["limit"]["required"] is False


async def test_it_is_served_and_has_a_page(site):
    visitor = site.visitor()
    status, served = await visitor.get("/api/openapi.json")
    assert status == 200
    assert served["paths"].keys() == {route.path for route in ROUTES}
    page = await visitor.raw("GET", "/api/docs")
    text = await page.text()
    assert page.content_type == "text/html"
    assert "/static/vendor/swagger-ui/swagger-ui-bundle.js" in text
    assert "https://" not in text, "it works offline"


POST = {
    "place": {"name": "면옥", "at": [37.5, 127.0]},
    "category": "한식",
    "visibility": "public",
    "eaten_on": "2026-01-01",
    "menus": [{"name": "냉면"}],
}
QUERIES = {
    "/api/members/available": {"username": "abc"},
    "/api/places/clusters": {"bbox": "37,126,38,128", "zoom": "9"},
    "/api/search": {"q": "면옥"},
    "/api/admin/members": {},
}


async def test_answers_match_their_documented_shape(site):
    """A view in ROUTES is what the handler sends: checked on one answer of each JSON GET."""
    host = await site.known("jimin", admin=True)
    shared = (await host.post("/api/share-maps", {}))[1]["share_map"]["id"]
    live = (await host.post("/api/lives", {"title": "x"}))[1]["live"]["id"]
    await host.post("/api/posts", POST)
    ids = {"share-maps": shared, "lives": live, "posts": "1", "places": "1"}
    for route in ROUTES:
        if route.method != "GET" or route.returns is None:
            continue
        path = route.path.replace("{token}", "x").replace("{username}", "jimin")
        path = path.replace("{id}", ids.get((path + "//").split("/")[2], ""))
        status, answer = await host.get(path, params=QUERIES.get(path, {"q": "x"}))
        assert status == 200, path
        checked = route.returns.model_validate(answer).model_dump(mode="json", exclude_unset=True)
        assert checked == answer, route.path
