"""What is installed is pinned with hashes, from whichever registry, and is what was asked for."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LISTS = ("runtime", "dev", "build")


def pinned(list_name: str) -> dict[str, list[tuple[Requirement, int]]]:
    """Package name → its pins (one per marker), each with its number of hashes."""
    content = (ROOT / "requirements" / f"{list_name}.txt").read_text().replace("\\\n", " ")
    pins: dict[str, list[tuple[Requirement, int]]] = {}
    for line in content.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        what, *hashes = line.split(" --hash=sha256:")
        requirement = Requirement(what.strip())
        pins.setdefault(normal(requirement.name), []).append((requirement, len(hashes)))
    return pins


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for(list_name: str) -> list[Requirement]:
    runtime = PROJECT["project"]["dependencies"]
    texts = {
        "runtime": runtime,
        "dev": runtime + PROJECT["project"]["optional-dependencies"]["dev"],
        "build": PROJECT["build-system"]["requires"],
    }
    return [Requirement(text) for text in texts[list_name]]


@pytest.mark.parametrize("list_name", LISTS)
def test_every_package_has_one_exact_version_and_hashes(list_name: str) -> None:
    for pins in pinned(list_name).values():
        here = [pin for pin, _ in pins if not pin.marker or pin.marker.evaluate()]
        assert len(here) <= 1, pins
        for pin, hashes in pins:
            assert re.fullmatch(r"==[\w.+!]+", str(pin.specifier)), pin
            assert pin.url is None
            assert hashes > 0, pin


@pytest.mark.parametrize("list_name", LISTS)
def test_the_pins_are_what_the_project_asks_for(list_name: str) -> None:
    pins = pinned(list_name)
    for wanted in asked_for(list_name):
        assert normal(wanted.name) in pins, f"{wanted}: run scripts/lock"
        for pin, _ in pins[normal(wanted.name)]:
            version = str(pin.specifier).removeprefix("==")
            assert wanted.specifier.contains(version), f"{wanted} is not {version}: scripts/lock"


def test_development_runs_what_is_deployed() -> None:
    runtime, dev = pinned("runtime"), pinned("dev")
    assert {name: [str(p) for p, _ in pins] for name, pins in runtime.items()}.items() <= {
        name: [str(p) for p, _ in pins] for name, pins in dev.items()
    }.items()


def test_npm_packages_have_hashes_and_no_address() -> None:
    content = (ROOT / "package-lock.json").read_text()
    packages = json.loads(content)["packages"]
    own = packages.pop("")
    assert '"resolved"' not in content
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    manifest = json.loads((ROOT / "package.json").read_text())
    for kind in ("dependencies", "devDependencies"):
        assert own[kind] == manifest[kind], "run scripts/lock"
        for name, version in manifest[kind].items():
            assert packages[f"node_modules/{name}"]["version"] == version
