"""How a command ends when it cannot go on: one readable line, exit code 1."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from wagu.settings import Settings


def fail(sentence: str) -> NoReturn:
    click.echo(f"wagu: {sentence}", err=True)
    sys.exit(1)


def first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def read_settings(**instead: Any) -> Settings:
    """`instead` are values of options; None is none."""
    from wagu.settings import Settings, SettingsError

    try:
        return Settings.read(
            **{name: value for name, value in instead.items() if value is not None}
        )
    except SettingsError as error:
        fail(str(error))
