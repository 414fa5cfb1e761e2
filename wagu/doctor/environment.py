"""The settings: readable, and no variable that nothing reads (a typing mistake)."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from wagu.doctor.finding import Finding, ok, problem, warning
from wagu.settings import PREFIX, SECRETS, Settings, SettingsError

ALIKE = 0.85
"""How close a name must be to be meant (difflib's measure)."""

OTHERS = frozenset(
    {"WAGU_CHROMIUM", "WAGU_PROBE_PASSWORD", "WAGU_TEST_WORKERS", "WAGU_TEST_BROWSERS"}
)
"""Read by scripts and tests."""


def read(environ: Iterable[str]) -> tuple[Settings | None, list[Finding]]:
    """`environ` are the names of all variables."""
    names = {PREFIX + name.upper() for name in Settings.model_fields}
    known = names | {f"{PREFIX}{name.upper()}_FILE" for name in SECRETS} | OTHERS
    found = [_unknown(name, names) for name in sorted(environ) if name.startswith(PREFIX)
             and name not in known]  # fmt: skip
    try:
        settings = Settings.read()
    except SettingsError as wrong:
        advice = "Correct it: the server does not start like this."
        return None, [problem("settings", str(wrong), advice), *found]
    return settings, [ok("settings", "all can be used"), *found]


def _unknown(name: str, known: Iterable[str]) -> Finding:
    close = difflib.get_close_matches(name, known, 1, ALIKE)
    meant = f"Did you mean {close[0]}?" if close else "README.md has a table of all there are."
    return warning("settings", f"{name} is set, and nothing reads it", meant)
