"""PROTOCOL.md and the code name the same messages, and every example on the page is true."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

import wagu.realtime
from wagu.realtime import client as codes
from wagu.realtime import messages as m

PAGE = Path(wagu.realtime.__path__[0]) / "PROTOCOL.md"
TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES: list[dict[str, Any]] = [
    json.loads(block) for block in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
]
FROM_CLIENT = m.types_of(m.FromClient)
FROM_SERVER = m.types_of(m.FromServer)


def test_each_type_is_shown_exactly_once() -> None:
    shown = Counter(example["type"] for example in EXAMPLES)
    assert shown == Counter([*FROM_CLIENT, *FROM_SERVER])


def test_no_type_goes_both_ways() -> None:
    assert not FROM_CLIENT.keys() & FROM_SERVER.keys()


def example(type_: str) -> dict[str, Any]:
    return next(each for each in EXAMPLES if each["type"] == type_)


@pytest.mark.parametrize("type_", sorted(FROM_CLIENT))
def test_a_client_message_reads_as_shown(type_: str) -> None:
    shown = example(type_)
    message = m.decode(json.dumps(shown))
    assert isinstance(message, FROM_CLIENT[type_])
    fields = {field.encode_name for field in msgspec.structs.fields(type(message))}
    assert fields == (shown.keys() - {"type"}) | {"n"}, "every field is shown, and no other"


@pytest.mark.parametrize("type_", sorted(FROM_SERVER))
def test_a_server_message_writes_as_shown(type_: str) -> None:
    shown = example(type_)
    message = msgspec.convert(shown, FROM_SERVER[type_])
    assert json.loads(m.encode(message)) == as_numbers(shown)


def as_numbers(value: Any) -> Any:
    """1 and 1.0 are one number in JSON."""
    return json.loads(json.dumps(value))


def test_every_close_code_is_on_the_page() -> None:
    for code in (codes.SHUTDOWN, codes.SILENT, codes.SIGNED_OUT, codes.SLOW, codes.FLOOD):
        assert re.search(rf"closed with {code}\b", TEXT), code


def test_every_error_code_of_this_side_is_on_the_page() -> None:
    folder = PAGE.parent
    sources = [*folder.glob("*.py"), folder.parent / "domain" / "ballot.py"]
    used = {
        code
        for source in sources
        for code in re.findall(r'"([a-z_]+\.[a-z_]+)"', source.read_text(encoding="utf-8"))
        if not code.startswith(("wagu.", "server.full", "request."))
    }
    assert used
    assert {code for code in used if f"`{code}`" not in TEXT} == set()
