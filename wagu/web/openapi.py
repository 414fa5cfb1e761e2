"""The OpenAPI 3.1 document, made from the same Route table that serves the requests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from wagu.web.models import ErrorView
from wagu.web.route import JSON, Access, Route

Document = dict[str, Any]
DOCUMENT: web.AppKey[Callable[[], Document]] = web.AppKey("openapi")
"""Made when somebody asks: all those schemas take 0.1 s, and no start waits for them."""

REFERENCE = "#/components/schemas/{model}"
TEXTS = frozenset({"text/html", "text/plain", "application/sdp", "application/trickle-ice-sdpfrag"})
PATH_TEXT = {"type": "string", "minLength": 1}
PATH_PARAMETER = re.compile(r"\{(\w+)\}")
ABOUT = (
    "A person is known by the session cookie; WHIP and WHEP take a ticket as bearer token. Every "
    'error is {"error": {"code", "message", "field"?}}: codes are stable, messages are for people. '
    "Times are milliseconds since the Unix epoch."
)


def document(routes: Iterable[Route], *, title: str, version: str) -> Document:
    routes = tuple(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "description": ABOUT},
        "paths": paths,
        "components": {
            "schemas": _schemas(routes),
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "wagu_session"},
                "ticket": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    noun = route.handler.__module__.rpartition(".")[2]
    operation: dict[str, Any] = {
        "operationId": f"{noun}.{route.handler.__name__}",
        "tags": [noun],
        "summary": route.summary,
        "parameters": [*_path_parameters(route), *_query_parameters(route)],
        "responses": {
            str(route.status): _response(route),
            "default": _content("An error", JSON, ErrorView),
        },
    }
    if route.cross_origin and route.method != "OPTIONS":  # a preflight carries no ticket
        operation["security"] = [{"ticket": []}]
    elif route.access is not Access.PUBLIC:
        operation["security"] = [{"session": []}]
        operation["description"] = f"Access: {route.access.name.lower()}."
    if route.body is not None:
        operation["requestBody"] = {"required": True, **_content("", JSON, route.body)}
        del operation["requestBody"]["description"]
    elif route.takes != JSON:
        body = {route.takes: {"schema": _raw(route.takes)}}
        operation["requestBody"] = {"required": True, "content": body}
    return operation


def _response(route: Route) -> dict[str, Any]:
    if route.returns is not None:
        return _content(route.summary, JSON, route.returns)
    response: dict[str, Any] = {"description": route.summary}
    if route.gives != JSON:
        response["content"] = {route.gives: {"schema": _raw(route.gives)}}
    return response


def _raw(media_type: str) -> dict[str, Any]:
    """What is no JSON: text; or bytes and streams, of which OpenAPI 3.1 says nothing."""
    return {"type": "string"} if media_type in TEXTS else {}


def _content(description: str, media_type: str, model: type[BaseModel]) -> dict[str, Any]:
    schema = {"$ref": REFERENCE.format(model=model.__name__)}
    return {"description": description, "content": {media_type: {"schema": schema}}}


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": PATH_TEXT}
        for name in PATH_PARAMETER.findall(route.path)
    ]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    schema = route.query.model_json_schema(ref_template=REFERENCE)
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": value}
        for name, value in schema["properties"].items()
    ]


def _schemas(routes: Iterable[Route]) -> dict[str, Any]:
    bodies = {(route.body, "validation") for route in routes if route.body is not None}
    views = {(route.returns, "serialization") for route in routes if route.returns is not None}
    wanted: list[Any] = sorted(bodies | views | {(ErrorView, "serialization")}, key=_by_name)
    _, schema = models_json_schema(wanted, ref_template=REFERENCE)
    queries = {route.query for route in routes if route.query is not None}
    asked = (query.model_json_schema(ref_template=REFERENCE) for query in queries)
    return {name: found for one in (schema, *asked) for name, found in one.get("$defs", {}).items()}


def _by_name(entry: tuple[type[BaseModel], str]) -> str:
    return entry[0].__name__
