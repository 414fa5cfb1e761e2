"""Rules about files that no linter knows: length, hosts, shell scripts, the change log."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = re.compile(
    r"\.git|\.venv|\.cache|\..*_cache|\.hypothesis|__pycache__|node_modules|vendor|data|dist"
    r"|test-results"
)
SOURCES = {".py", ".js", ".css", ".html", ".sh", ""}
LONGEST = 400
LONGER: dict[str, str] = {}
"""Files that are allowed to be longer, each with the reason."""

PICTURES = {".png", ".jpg", ".ico", ".woff2", ".pmtiles", ".webm"}


def ours(folder: Path = ROOT) -> Iterator[Path]:
    """Every file somebody wrote, also those not committed yet."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if NOT_OURS.fullmatch(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from ours(Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_no_source_file_asks_for_a_split() -> None:
    lines = {
        name(path): len(text(path).splitlines())
        for path in ours()
        if path.suffix in SOURCES and path.name not in {"LICENSE"}
    }
    too_long = {file: count for file, count in lines.items() if count > LONGEST}
    assert too_long.keys() == LONGER.keys(), too_long


def test_no_file_names_the_host_of_a_package_registry() -> None:
    registries = [("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com")]
    mirrors = [("deb.debian", "org"), ("security.debian", "org"), ("nodesource", "com")]
    hosts = re.compile("|".join(re.escape(".".join(host)) for host in registries + mirrors))
    found = [
        name(path) for path in ours() if path.suffix not in PICTURES if hosts.search(text(path))
    ]
    assert found == []


def shell_scripts() -> list[Path]:
    folders = (ROOT / "scripts", ROOT / ".ci")
    return [p for folder in folders for p in ours(folder) if text(p).startswith("#!/bin/sh")]


def test_there_are_shell_scripts() -> None:
    assert {"serve", "test", "check", "setup", "run"} <= {path.name for path in shell_scripts()}


@pytest.mark.parametrize("path", shell_scripts(), ids=name)
def test_a_shell_script_stops_at_the_first_error_and_can_be_run(path: Path) -> None:
    lines = text(path).splitlines()
    code = [line for line in lines if line and not line.startswith("#")]
    assert code[0] == "set -eu"
    assert lines[1].startswith("# "), "says what it is for"
    assert os.access(path, os.X_OK)


def test_the_change_log_has_a_place_for_the_next_change() -> None:
    titles = re.findall(r"^## (.*)$", text(ROOT / "CHANGELOG.md"), re.MULTILINE)
    kinds = re.findall(r"^### (.*)$", text(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert titles[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", title) for title in titles[1:])
    assert set(kinds) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_the_readme_starts_with_commands_that_exist() -> None:
    first_screen = "\n".join(text(ROOT / "README.md").splitlines()[:40])
    commands = set(re.findall(r"\bscripts/\w+", first_screen))
    assert {"scripts/serve", "scripts/test"} <= commands
    assert all((ROOT / command).exists() for command in commands)


def test_the_readme_points_to_files_that_exist() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", text(ROOT / "README.md"))
    missing = [t for t in targets if "://" not in t and not (ROOT / t).is_file()]
    assert missing == []
