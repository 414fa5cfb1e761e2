"""What scripts/bench compares with itself: who takes turns, and what is said of both."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import fields
from subprocess import PIPE
from types import SimpleNamespace

import pytest

from benches.machine import let_helpers_wait
from benches.rtc.comers import coming
from benches.rtc.scenarios import SCENARIOS
from benches.rtc.trial import Result
from benches.serving import serving
from benches.sfu import Side, compared, costs_of, sides_of


def result(**given):
    values = {field.name: 0.0 for field in fields(Result)} | {
        "server": "wagu",
        "viewers": 50,
        "beside": False,
    }
    return Result(**values | given)


def test_what_goes_on_beside_is_compared_with_nothing():
    for name in ("joins", "mixed"):
        sides = sides_of(SCENARIOS[name], janus=True)
        assert sides == [Side("wagu", beside=False), Side("wagu", beside=True)]
    assert [side.server for side in sides_of(SCENARIOS["audio"], janus=True)] == ["wagu", "janus"]
    assert sides_of(SCENARIOS["audio"], janus=False) == [Side("wagu", beside=False)]


def test_a_join_costs_what_the_server_took_more():
    alone = result(share=0.1, p50=1.0, p99=3.0)
    beside = result(share=0.6, p50=2.0, p99=9.0, came=50.0, beside=True)
    said = compared(alone, beside)
    assert said == "p50 1.0 → 2.0 ms, p99 3.0 → 9.0 ms, 50 joins/s of 10.0 ms"
    assert compared(result(cost=3.0), result(server="janus", cost=4.0)) == "0.75 × Janus"
    costs = costs_of([result(cost=3.0), result(cost=5.0), result(cost=4.0, beside=True)])
    assert costs == {"wagu": {50: [3.0, 5.0]}, "wagu+": {50: [4.0]}}


@pytest.mark.timeout(60)
def test_people_come_to_a_real_server_again_and_again(tmp_path):
    where = SimpleNamespace(address="127.0.0.1", profile="gcm")
    core = min(os.sched_getaffinity(0))
    with (
        serving(tmp_path, WAGU_SNAPSHOTS="0") as site,
        coming("wagu", site.url, where, core) as comers,
    ):
        first = comers.count
        while comers.count < first + 10:
            time.sleep(0.05)


def policies(pid: int) -> dict[int, int]:
    tasks = [int(task) for task in os.listdir(f"/proc/{pid}/task")]
    return {task: os.sched_getscheduler(task) for task in tasks}


def test_only_the_loop_of_a_server_goes_first():
    # As anybody may, though a bench has it go before all others.
    waits = (
        "import threading\n"
        "threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
        "input(print(flush=True))\n"
    )
    command = ["chrt", "--batch", "0", sys.executable, "-c", waits]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) as server:
        assert server.stdout is not None
        server.stdout.readline()
        assert list(policies(server.pid).values()) == [os.SCHED_BATCH] * 2
        let_helpers_wait(server.pid)
        found = policies(server.pid)
        assert found.pop(server.pid) == os.SCHED_BATCH | os.SCHED_RESET_ON_FORK
        assert list(found.values()) == [os.SCHED_OTHER]
        server.communicate("\n")
    assert server.returncode == 0
