"""`wagu doctor`: look before anyone complains."""

from __future__ import annotations

import asyncio
import os
import sys

import click


@click.command()
@click.option("--ask", is_flag=True, help="Also call the AI endpoint, places and TURN servers.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def doctor(ask: bool, as_json: bool) -> None:
    """Check that all is in order, before anyone complains.

    Run it as the user of the server, with the same WAGU_* settings: beside a server that runs,
    where it sends real ICE checks to each announced address by UDP and by TCP, or before its first
    start.

    \b
    ok       as it should be
    warning  may be meant so, or cannot be known from here
    problem  somebody will complain; the line below says what to do

    Exit code 1 when there is a problem.
    """
    from wagu.doctor import report
    from wagu.doctor.examination import examine
    from wagu.doctor.finding import Finding

    findings: list[Finding] = []

    async def look() -> None:
        async for finding in examine(os.environ, ask=ask):
            findings.append(finding)
            for line in [] if as_json else report.lines(finding):
                click.echo(line)

    asyncio.run(look())
    click.echo(report.as_json(findings) if as_json else report.summary(findings))
    sys.exit(0 if report.well(findings) else 1)
