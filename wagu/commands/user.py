"""`wagu user`: look after members."""

from __future__ import annotations

from collections.abc import Callable

import click

from wagu.commands.trouble import fail, read_settings

PASSWORD = "Asked for when it is not here, where a list of processes would show it."


@click.group()
def user() -> None:
    """Look after members, with the settings of the server, beside it or while it is stopped.

    \b
      wagu user add mina --name 민아 --admin         asks for her password
      wagu user password mina                      when she forgot it
      wagu user admin mina --revoke

    In a container: docker compose exec wagu wagu user add mina
    """


@user.command("add")
@click.argument("username")
@click.option("--name", help="What others see; the username when left out.")
@click.option("--admin", "is_admin", is_flag=True, help="May look after everything.")
@click.password_option(help=PASSWORD)
def add(username: str, name: str | None, is_admin: bool, password: str) -> None:
    """Make a member, also where WAGU_SIGNUP=closed keeps others out.

    USERNAME is what they log in with: 3 to 30 letters, digits, dots and underscores.
    """
    from wagu import admin

    _do(lambda: admin.add_user(read_settings(), username, password, name=name, admin=is_admin))


@user.command("password")
@click.argument("username")
@click.password_option(help=PASSWORD)
def set_password(username: str, password: str) -> None:
    """Give a member a new password. Where they are signed in they stay so."""
    from wagu import admin

    _do(lambda: admin.set_password(read_settings(), username, password))


@user.command("admin")
@click.argument("username")
@click.option("--revoke", is_flag=True, help="Take the right away.")
def set_admin(username: str, revoke: bool) -> None:
    """Make a member an admin, or no longer one.

    Admins moderate every room, see the figures of all streams, and delete what others wrote.
    """
    from wagu import admin

    _do(lambda: admin.set_admin(read_settings(), username, admin=not revoke))


def _do(work: Callable[[], str]) -> None:
    from wagu.admin import CannotDo

    try:
        click.echo(work())
    except CannotDo as error:
        fail(str(error))
