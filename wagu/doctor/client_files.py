"""The files of the web client: the page, whatever it names, and what its views import."""

from __future__ import annotations

import re
from pathlib import Path

from wagu.doctor.finding import Finding, ok, problem
from wagu.web.client import find_client
from wagu.web.page import START, Page

NAMED = re.compile(r'"/static/([^"?#]+)[^"]*"')
ADVICE = "Lay them out again: scripts/setup in a checkout, else reinstall."


def check() -> list[Finding]:
    try:
        client = find_client()
    except FileNotFoundError as error:
        return [problem("client", str(error), ADVICE)]
    named, missing = files(client.root)
    if not client.is_complete or missing:
        first = missing[0] if missing else "vendor"
        return [problem("client", f"{first} and maybe others are missing", ADVICE)]
    return [ok("client", f"the page and the {len(named)} files that it needs are there")]


def files(root: Path) -> tuple[list[str], list[str]]:
    """What the page names and its views import, and what of it is missing. A name that ends in `/`
    is a folder."""
    page = Page(root)
    modules = page.modules(START, *page.views.values())
    named = {*NAMED.findall(page.text), *(name.removeprefix("/static/") for name in modules)}
    return sorted(named), sorted(name for name in named if not (root / name).exists())
