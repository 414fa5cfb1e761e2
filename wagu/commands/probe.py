"""`wagu probe`: publish, watch and talk without a browser, and see what flows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from wagu.commands.trouble import fail

if TYPE_CHECKING:
    from wagu.probe.figures import Figures
    from wagu.probe.probes import Show, Who

Command = TypeVar("Command", bound=Callable[..., Any])

FOR_ALL = (
    click.option(
        "--seconds",
        type=click.FloatRange(1, 86_400),
        default=10.0,
        show_default=True,
        help="How long; Ctrl-C ends it before.",
    ),
    click.option("--turn", is_flag=True, help="Also try the TURN servers that the server names."),
    click.option("--json", "as_json", is_flag=True, help="Only the figures of the end, as JSON."),
    click.option("--username", help="Log in as this member."),
    click.option(
        "--password",
        envvar="WAGU_PROBE_PASSWORD",
        help="Theirs; asked for when it is neither here nor in WAGU_PROBE_PASSWORD.",
    ),
)
TOKEN = click.option("--token", help="Of a ticket, instead of logging in.")
FILE = click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Send this file, again and again, instead of the test picture and tone.",
)


def for_all(command: Command) -> Command:
    for option in reversed(FOR_ALL):
        command = option(command)
    return command


@click.group()
def probe() -> None:
    """Publish, watch or talk without a browser, and see what flows.

    LINK is what people pass on: the address of a live or of a shared map. Run a probe from the
    network that complains, or two of them against each other:

    \b
      wagu probe publish https://wagu.example.org/live/Qm… --username mina
      wagu probe watch   https://wagu.example.org/live/Qm…
      wagu probe talk    https://wagu.example.org/map/Zk3…

    \b
    loss     packets that never came, also not when asked for again; over 5 % is seen and heard
    jitter   how unevenly they came; over 50 ms is heard
    RTT      there and back, of what we send
    freezes  pictures that stood still for longer than three usual gaps between frames
    layer    the size of the picture; it switches where the link carries more, or less
    estimate what the receiver believes that the picture's way to it carries

    Exit code 1 when nothing flowed: no connection, or not one packet.
    """


@probe.command()
@click.argument("link")
@FILE
@click.option("--size", default="640x360", show_default=True, metavar="WxH", help="Of the picture.")
@click.option("--rate", type=click.IntRange(1, 60), default=20, show_default=True, help="Frames/s.")
@TOKEN
@for_all
def publish(link: str, file: Path | None, size: str, rate: int, **common: Any) -> None:
    """Publish a test picture, or a file.

    Into a live of one's own, with a tone.
    """
    width, height = _size(size)
    if common["username"] is None and common["token"] is None:
        fail("a live is published by its host: give --username, or the --token of a ticket")
    who = _who(**common)

    def start(show: Show) -> Coroutine[Any, Any, Figures]:
        from wagu.probe import probes
        from wagu.probe.site import Link

        what = probes.What(file, width, height, rate)
        live = Link.read(link, "live")
        return probes.publish(live, who, what, common["seconds"], show, turn=common["turn"])

    _run(start, common["as_json"])


@probe.command()
@click.argument("link")
@TOKEN
@for_all
def watch(link: str, **common: Any) -> None:
    """Watch a live.

    Waits for its host, no longer than --seconds.
    """
    who = _who(**common)

    def start(show: Show) -> Coroutine[Any, Any, Figures]:
        from wagu.probe import probes
        from wagu.probe.site import Link

        live = Link.read(link, "live")
        return probes.watch(live, who, common["seconds"], show, turn=common["turn"])

    _run(start, common["as_json"])


@probe.command()
@click.argument("link")
@FILE
@click.option("--name", default="probe", show_default=True, help="As a guest without --username.")
@for_all
def talk(link: str, file: Path | None, name: str, **common: Any) -> None:
    """Talk in a shared map. Others hear it!

    A tone, or a file's sound.
    """
    who = _who(name=name, **common)

    def start(show: Show) -> Coroutine[Any, Any, Figures]:
        from wagu.probe import probes
        from wagu.probe.site import Link

        room = Link.read(link, "map")
        what = probes.What(file)
        return probes.talk(room, who, what, common["seconds"], show, turn=common["turn"])

    _run(start, common["as_json"])


def _run(start: Callable[[Show], Coroutine[Any, Any, Figures]], as_json: bool) -> None:
    import asyncio

    from wagu.probe import report
    from wagu.probe.errors import ProbeFailed

    terminal = sys.stdout.isatty()

    def show(figures: Figures) -> None:
        if not as_json:
            text = report.line(figures)
            click.echo(f"\r\x1b[K{text}" if terminal else text, nl=not terminal)

    try:
        figures = asyncio.run(start(show))
    except ProbeFailed as error:
        fail(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    if as_json:
        click.echo(report.as_json(figures))
    else:
        click.echo("\n" * terminal + "\n".join(report.table(figures)))
    if not figures.flows:
        fail("connected, and not one packet flowed")


def _who(
    *,
    username: str | None,
    password: str | None,
    token: str | None = None,
    name: str = "probe",
    **_others: Any,
) -> Who:
    from wagu.probe.probes import Who

    if username is not None and password is None:
        password = click.prompt("Password", hide_input=True)
    return Who(username, password or "", token, name)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        fail(f"--size looks like 640x360, and not like {text}")
    wide, high = int(width), int(height)
    if wide % 2 or high % 2 or not (64 <= wide <= 1920 and 36 <= high <= 1080):
        fail("--size: even numbers from 64x36 to 1920x1080")
    return wide, high
