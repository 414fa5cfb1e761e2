"""Logs: two forms, and what never appears in them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROGRAM = """
import logging
import structlog
from aiohttp.http import HttpProcessingError
from wagu import log

log.configure({level!r}, {form!r})
structlog.get_logger("wagu.x").info("> 200 GET /지도", ms=1.5)
structlog.get_logger("wagu.x").debug("quiet")
logging.getLogger("media.x").warning("x dropped: %s", "why")
for one in ("httpx2", "httpcore2.connection", "openai._base_client"):
    logging.getLogger(one).info("POST https://models.example/v1?key=hunter2")
for error in (HttpProcessingError(message="junk"), KeyError("real")):
    try:
        raise error
    except Exception:
        logging.getLogger("aiohttp.server").exception("Error handling request")
try:
    password = "hunter2"
    raise ValueError("boom")
except ValueError:
    structlog.get_logger("wagu.x").exception("x failed")
"""


def said(level: str, form: str) -> str:
    program = PROGRAM.format(level=level, form=form)
    command = [sys.executable, "-c", program]
    return subprocess.run(command, check=True, capture_output=True, text=True).stderr


def test_one_json_object_a_line_from_us_and_from_libraries():
    lines = [json.loads(line) for line in said("info", "json").splitlines()]
    assert [line["event"] for line in lines] == [
        "> 200 GET /지도",
        "x dropped: why",
        "Error handling request",
        "x failed",
    ]
    first = lines[0]
    assert (first["level"], first["logger"], first["ms"]) == ("info", "wagu.x", 1.5)
    assert first["timestamp"].endswith("Z")
    assert lines[1]["level"] == "warning"
    assert "KeyError" in lines[2]["exception"]
    assert "ValueError: boom" in lines[3]["exception"]


@pytest.mark.parametrize("form", ["console", "json"])
def test_scanners_make_no_tracebacks_and_tracebacks_show_no_variables(form):
    text = said("debug", form)
    assert "quiet" in text
    assert "HttpProcessingError" not in text
    assert "ValueError: boom" in text
    assert "hunter2" not in text.replace('password = "hunter2"', "")


def test_the_level_counts():
    text = said("warning", "console")
    assert "200 GET" not in text
    assert "x dropped: why" in text
