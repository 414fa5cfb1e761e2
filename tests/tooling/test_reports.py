"""What a test run says at its end: what was measured, one line of counts, and no success with a
test left out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REPORT = """<testsuites><testsuite>
  <testcase name="a"><system-out>log
figure: back after 2.5 s
</system-out></testcase><testcase name="b"/>
  <testcase name="c"><failure>no</failure></testcase>
  <testcase name="d"><error>no</error></testcase>
  <testcase name="e"><skipped/></testcase>
</testsuite></testsuites>"""


def test_reports_add_up(tmp_path: Path) -> None:
    reports = [tmp_path / "one.xml", tmp_path / "two.xml"]
    for report in reports:
        report.write_text(REPORT)
    summary = [sys.executable, ROOT / "scripts" / "summary.py", *reports]
    said = subprocess.check_output(summary, text=True).splitlines()
    assert said == ["a: back after 2.5 s"] * 2 + ["4 passed, 4 failed, 2 skipped"]


@pytest.mark.parametrize(
    ("ci", "body", "code"),
    [
        # What the test in the run that is looked at does; nothing is skipped here.
        ("true", "pytest.skip('no tool')", pytest.ExitCode.TESTS_FAILED),
        ("", "pytest.skip('no tool')", pytest.ExitCode.OK),
        ("true", "pass", pytest.ExitCode.OK),
    ],
)
def test_a_skip_fails_a_run_in_ci_only(
    tmp_path: Path, ci: str, body: str, code: pytest.ExitCode
) -> None:
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_it.py").write_text(f"import pytest\ndef test_it():\n    {body}\n")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "-p", "no:asyncio", tmp_path],
        env=os.environ | {"CI": ci, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert run.returncode == code, run.stdout
