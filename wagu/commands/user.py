"""`wagu user`: look after members."""

from __future__ import annotations

from collections.abc import Callable

import click

from wagu.commands.trouble import fail, read_settings


@click.group()
def user() -> None:
    """Look after members."""


@user.command("add")
@click.argument("username")
@click.option("--name", help="What others see; the username when left out.")
@click.option("--admin", "is_admin", is_flag=True)
@click.password_option()
def add(username: str, name: str | None, is_admin: bool, password: str) -> None:
    """Make a member."""
    from wagu import admin

    _do(lambda: admin.add_user(read_settings(), username, password, name=name, admin=is_admin))


@user.command("password")
@click.argument("username")
@click.password_option()
def set_password(username: str, password: str) -> None:
    """Give a member a new password."""
    from wagu import admin

    _do(lambda: admin.set_password(read_settings(), username, password))


@user.command("admin")
@click.argument("username")
@click.option("--revoke", is_flag=True, help="Take the right away.")
def set_admin(username: str, revoke: bool) -> None:
    """Make a member an admin."""
    from wagu import admin

    _do(lambda: admin.set_admin(read_settings(), username, admin=not revoke))


def _do(work: Callable[[], str]) -> None:
    from wagu.admin import CannotDo

    try:
        click.echo(work())
    except CannotDo as error:
        fail(str(error))
