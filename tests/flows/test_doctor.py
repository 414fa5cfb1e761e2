"""`wagu doctor` beside a server that runs: real ICE checks to its port, by UDP and by TCP."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

ELSEWHERE = "192.0.2.77"
"""An address that is nobody's (RFC 5737)."""


def consult(server: Any, *arguments: str, **settings: str) -> tuple[int, str]:
    run = subprocess.run(
        [sys.executable, "-m", "wagu", "doctor", *arguments],
        cwd=ROOT,
        env=server.environment | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.stderr == ""
    return run.returncode, run.stdout


def levels(said: str, check: str) -> dict[str, str]:
    """First word of a finding → its level."""
    findings = [each for each in json.loads(said)["findings"] if each["check"] == check]
    return {each["text"].split()[0]: each["level"] for each in findings}


def test_it_rings_the_server_that_runs(server: Callable[..., Any], tmp_path: Path) -> None:
    here = server(WAGU_MEDIA_ADDRESSES=f"127.0.0.1,{ELSEWHERE}")
    code, said = consult(here, "--json")
    assert (code, json.loads(said)["well"]) == (0, True), said
    for check in ("udp", "tcp"):
        assert levels(said, check) == {"127.0.0.1": "ok", ELSEWHERE: "warning"}
    assert levels(said, "http") == {"port": "ok"}

    code, said = consult(here, WAGU_DATA_DIR=str(tmp_path / "other"), WAGU_PORTS="1")
    assert code == 1
    assert "is another one: no server has this data folder" in said
    assert "Did you mean WAGU_PORT?" in said
    assert said.splitlines()[-1].startswith("1 problem, ")

    here.stop()
    assert not (here.data_dir / "bell").exists()
