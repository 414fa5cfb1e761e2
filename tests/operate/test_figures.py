"""The dashboard and the alert rules speak of figures that a running server has."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.clients.guest import Guest
from tests.clients.talker import Talker
from tests.conftest import missing
from tests.operate.figures import named, shown
from tests.operate.proxies import FILES

PROMETHEUS_OWN = {"up"}
FIXED = {"kind"}
"""Labels whose values are words of ours, all of them there from the start."""

Figures = dict[str, dict[str, set[str]]]


def alerts() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load((FILES / "alerts.yaml").read_text())["groups"]
    rules: list[dict[str, Any]] = group["rules"]
    return rules


def panels() -> Iterator[dict[str, Any]]:
    board = json.loads((FILES / "grafana.json").read_text())
    yield from (panel for panel in board["panels"] if panel["type"] != "row")


def expressions() -> Iterator[tuple[str, str]]:
    for rule in alerts():
        yield rule["alert"], rule["expr"]
    for panel in panels():
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


@pytest.fixture
async def figures(server: Callable[..., Any]) -> Figures:
    """Of a server that somebody talks on, so that there is a value of everything."""
    here = await asyncio.to_thread(server)
    guest = Guest(here.url, "하늘")
    await guest.become_member()
    await guest.join(await guest.create_share_map())
    talker = Talker(guest)
    await talker.join()
    async with guest.http.get(f"{here.url}/metrics") as answer:
        text = await answer.text()
    await talker.close()
    await guest.close()
    return shown(text)


async def test_every_figure_that_is_named_is_there(figures: Figures) -> None:
    for where, expression in expressions():
        metrics = named(expression)
        assert metrics, f"{where} asks for nothing"
        for metric, matchers in metrics:
            assert metric in figures.keys() | PROMETHEUS_OWN, f"{where}: {metric}"
            labels = figures.get(metric, {})
            for label, operator, value in matchers:
                assert label == "job" or label in labels, f"{where}: {metric} has no {label}"
                if label in FIXED and operator == "=":
                    assert value in labels[label], f"{where}: {metric} has no {label}={value}"
                if label in FIXED and operator == "=~":
                    assert set(value.split("|")) <= labels[label], f"{where}: {value}"
                if label == "route" and operator == "=":
                    assert value in labels[label], f"{where}: no route {value}"


def test_what_waits_on_purpose_is_left_out_of_how_long_answers_take() -> None:
    from wagu.web.routes import ROUTES  # noqa: PLC0415 - all handlers, for one question

    for _, expression in expressions():
        for metric, matchers in named(expression):
            if metric != "wagu_http_seconds_bucket":
                continue
            (pattern,) = [value for label, _, value in matchers if label == "route"]
            left_out = {r.path for r in ROUTES if re.fullmatch(pattern, r.path)}
            assert {path for path in left_out if "hls" not in path and "draft" not in path} == set()
            assert any("hls" in path for path in left_out)
            assert any("draft" in path for path in left_out)


def test_every_alert_says_what_to_do() -> None:
    names = [rule["alert"] for rule in alerts()]
    assert len(names) == len(set(names))
    for rule in alerts():
        assert rule.keys() <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"].keys() == {"summary", "description"}


def test_the_dashboard_can_be_imported() -> None:
    board = json.loads((FILES / "grafana.json").read_text())
    assert board["uid"] == "wagu-book"
    variables = {each["name"] for each in board["templating"]["list"]}
    assert variables == {"source", "job"}
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))
    spaces = [tuple(panel["gridPos"][k] for k in ("x", "y", "w")) for panel in board["panels"]]
    assert all(x + w <= 24 for x, _, w in spaces)
    assert len({(x, y) for x, y, _ in spaces}) == len(spaces)
    for panel in panels():
        assert panel["datasource"] == {"type": "prometheus", "uid": "${source}"}
        assert panel["description"]


# ----------------------------------------------------------------------------- Prometheus itself


def promtool(*arguments: str | Path) -> str:
    program = shutil.which("promtool") or missing("promtool", "prometheus")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_prometheus_takes_its_files() -> None:
    said = promtool("check", "config", FILES / "prometheus.yaml")
    assert f"{len(alerts())} rules found" in said


def fires(name: str, minutes: int, series: dict[str, str], *expected: str) -> dict[str, Any]:
    """A case for `promtool test rules`: on which instances `name` fires after so many minutes."""
    severity = next(rule["labels"]["severity"] for rule in alerts() if rule["alert"] == name)
    known = [{"exp_labels": {"severity": severity, "instance": one}} for one in expected]
    return {
        "interval": "1m",
        "input_series": [{"series": text, "values": values} for text, values in series.items()],
        "alert_rule_test": [{"eval_time": f"{minutes}m", "alertname": name, "exp_alerts": known}],
    }


def test_alerts_fire_when_they_should_and_only_then(tmp_path: Path) -> None:
    at = 'job="wagu", instance="a"'
    ok = f'wagu_http_requests_total{{{at}, status="200", route="/"}}'
    bad = f'wagu_http_requests_total{{{at}, status="500", route="/"}}'
    unready = f'wagu_http_requests_total{{{at}, status="503", route="/readyz"}}'
    peers = f'wagu_media_peers{{{at}, kind="talk"}}'
    packets = f"wagu_media_received_packets_total{{{at}}}"
    sockets = f"wagu_realtime_sockets{{{at}}}"
    cases = [
        fires("WaguFails", 20, {ok: "0+100x20", bad: "0+2x20"}, "a"),
        fires("WaguFails", 20, {ok: "0+1000x20", bad: "0+2x20"}),
        fires("WaguNotReady", 6, {unready: "0+4x6"}, "a"),
        fires("WaguNotReady", 6, {unready: "4x6"}),
        fires("WaguSilentMedia", 20, {peers: "2x20", packets: "9x20"}, "a"),
        fires("WaguSilentMedia", 20, {peers: "2x20", packets: "0+50x20"}),
        fires("WaguSilentMedia", 20, {peers: "0x20", packets: "9x20"}),
        fires("WaguSocketsRunOut", 20, {sockets: "7999x20"}),
    ]
    for case in cases:  # what they say is in the file; here it is when they say it
        for test in case["alert_rule_test"]:
            for alert in test["exp_alerts"]:
                alert["exp_annotations"] = said(test["alertname"], "a", "1.961%")
    file = tmp_path / "cases.yaml"
    rules = {"rule_files": [str(FILES / "alerts.yaml")], "tests": cases}
    file.write_text(yaml.safe_dump(rules), encoding="utf-8")
    promtool("test", "rules", file)


def said(name: str, instance: str, percentage: str) -> dict[str, str]:
    annotations = next(rule["annotations"] for rule in alerts() if rule["alert"] == name)
    return {
        key: text.replace("{{ $labels.instance }}", instance).replace(
            "{{ $value | humanizePercentage }}", percentage
        )
        for key, text in annotations.items()
    }
