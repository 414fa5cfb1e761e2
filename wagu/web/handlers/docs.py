"""The OpenAPI document, and a page that shows it; everything is served from here, offline too."""

from __future__ import annotations

import json

from aiohttp import web

from wagu.web.client import inline_script_hashes
from wagu.web.headers import content_security_policy
from wagu.web.openapi import DOCUMENT
from wagu.web.route import JSON, Call

PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Wagu Book API</title>
    <link rel="icon" href="/static/favicon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/static/vendor/swagger-ui/swagger-ui.css">
  </head>
  <body>
    <div id="docs"></div>
    <script src="/static/vendor/swagger-ui/swagger-ui-bundle.js"></script>
    <script>
      SwaggerUIBundle({ url: "/api/openapi.json", dom_id: "#docs", deepLinking: true });
    </script>
  </body>
</html>
"""
POLICY = content_security_policy(
    scripts=("'self'", *inline_script_hashes(PAGE)), images=("'self'", "data:")
)


async def openapi(call: Call[None]) -> web.Response:
    document = call.request.app[DOCUMENT]()
    return web.Response(text=json.dumps(document, ensure_ascii=False), content_type=JSON)


async def page(_call: Call[None]) -> web.Response:
    headers = {"Content-Security-Policy": POLICY}
    return web.Response(text=PAGE, content_type="text/html", charset="utf-8", headers=headers)
