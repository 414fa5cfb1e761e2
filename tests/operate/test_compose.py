"""compose.yaml, read as a document: no container engine runs in tests."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from wagu.settings import Settings

TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OTHERS = {name: service for name, service in SERVICES.items() if name != "wagu"}
RUNS_ONCE = {"s3-bucket"}


def test_the_profiles_are_those_that_the_head_explains() -> None:
    profiles = {profile for service in OTHERS.values() for profile in service["profiles"]}
    head = TEXT.partition("\nservices:")[0]
    assert set(re.findall(r"^#   ([a-z0-9]+)  ", head, re.MULTILINE)) == profiles
    (example,) = re.findall(r"COMPOSE_PROFILES=([\w,]+)", head)
    assert set(example.split(",")) <= profiles


@pytest.mark.parametrize("name", OTHERS)
def test_what_runs_beside_us_is_pinned_and_looked_after(name: str) -> None:
    service = OTHERS[name]
    tag = service["image"].rpartition(":")[2]
    assert re.search(r"\d+\.\d+|RELEASE\.\d{4}-\d\d-\d\dT", tag), "one release, not a line"
    if name in RUNS_ONCE:
        assert "restart" not in service
        return
    assert service["restart"] == "unless-stopped"
    check = service["healthcheck"]
    assert check["test"][0] == "CMD"
    assert check.keys() >= {"test", "interval", "timeout", "retries"}


def test_who_waits_for_whom() -> None:
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            wanted = "service_completed_successfully" if other in RUNS_ONCE else "service_healthy"
            assert how["condition"] == wanted
            own = service.get("profiles")
            together = own is not None and own == SERVICES[other]["profiles"]
            assert together or how["required"] is False, f"{name} cannot do without {other}"


def test_what_is_mounted_is_there() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            if source.startswith("./"):
                assert (ROOT / source).is_file()
                assert volume.endswith(":ro")
            else:
                assert source in COMPOSE["volumes"]
        for config in service.get("configs", []):
            assert (
                yaml.safe_load(COMPOSE["configs"][config["source"]]["content"])["apiVersion"] == 1
            )


def test_only_settings_that_there_are() -> None:
    named = set(re.findall(r"WAGU_([A-Z_]+)", TEXT))
    assert {name.lower() for name in named} <= Settings.model_fields.keys()


def test_the_settings_of_the_head_are_taken_together(monkeypatch: pytest.MonkeyPatch) -> None:
    head = TEXT.partition("\nservices:")[0].replace("\n#  ", " ")
    given = dict(re.findall(r"(WAGU_[A-Z_]+)=(\S*[^\s,;.])", head))
    assert len(given) >= 9
    for name, value in given.items():
        theirs = value.replace("<yours>", "secret").replace("<public-address>", "203.0.113.7")
        theirs = theirs.replace("<key>", "key").replace("<secret>", 32 * "s")
        monkeypatch.setenv(name, theirs)
    settings = Settings.read()
    assert settings.redis_url == "redis://redis:6379/0"
    assert settings.objects.url == "s3://wagu"
    assert settings.turn_urls == ("turn:203.0.113.7:3478",)


def test_secrets_are_of_whoever_runs_it() -> None:
    secret = re.compile(r"(?i)(?:password|secret|_keys)(?:=|: +)(\S+)")
    found = [
        value
        for line in TEXT.partition("\nservices:")[2].splitlines()
        for value in secret.findall(line)
    ]
    assert len(found) == 5
    assert all(value.startswith("${") and value.endswith(":-}") for value in found), found
