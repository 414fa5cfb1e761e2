"""The command line. Imports nothing heavy before a command needs it: --help must be instant."""

from __future__ import annotations

import click

from wagu.commands.backup import backup, restore
from wagu.commands.bench import bench
from wagu.commands.doctor import doctor
from wagu.commands.objects import objects
from wagu.commands.probe import probe
from wagu.commands.serving import migrate, serve
from wagu.commands.user import user


class InOrder(click.Group):
    """Shows commands as they were added: what comes first in the life of a server comes first."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=InOrder, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Wagu Book: eat together, on one shared map.

    \b
      wagu serve                     serve on http://localhost:8080; Ctrl-C stops it
      wagu doctor                    why nobody hears anybody, and all else that goes wrong
      wagu backup FILE               everything that lasts, into one file, while it runs

    Settings are environment variables (WAGU_PORT=9000 wagu serve), and the same for each command:
    one that looks after a server has to be given that server's. README.md has a table of them;
    those that hold a secret can be read from a file (WAGU_REDIS_URL_FILE=/run/secrets/redis).
    """


for command in (serve, doctor, user, backup, restore, objects, migrate, probe, bench):
    main.add_command(command)
