"""The command line. Imports nothing heavy before a command needs it: --help must be instant."""

from __future__ import annotations

import click

from wagu.commands.backup import backup, restore
from wagu.commands.doctor import doctor
from wagu.commands.objects import objects
from wagu.commands.probe import probe
from wagu.commands.serving import migrate, serve
from wagu.commands.user import user


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Wagu Book: eat together. Settings are WAGU_* environment variables."""


for command in (serve, migrate, backup, restore, user, objects, doctor, probe):
    main.add_command(command)
