"""`WAGU_<NAME>_FILE` in place of `WAGU_<NAME>`, for what may hold a password."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path


class SettingsError(Exception):
    """A setting that cannot be used; the text is one readable line."""


def secrets_from_files(
    environ: Mapping[str, str], prefix: str, names: Iterable[str]
) -> dict[str, str]:
    """By name, those that a file holds. Raises SettingsError."""
    found: dict[str, str] = {}
    for name in names:
        variable = f"{prefix}{name.upper()}_FILE"
        path = environ.get(variable)
        if not path:
            continue
        if environ.get(prefix + name.upper()):
            raise SettingsError(f"{variable} and {prefix}{name.upper()} are both set: keep one")
        try:
            found[name] = Path(path).read_text(encoding="utf-8").strip()
        except OSError as wrong:
            raise SettingsError(f"{variable} cannot be read: {path}: {wrong.strerror}") from None
    return found
