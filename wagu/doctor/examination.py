"""All checks in the order in which one would look, each finding as soon as it is there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from wagu.doctor import (
    announced,
    buffers,
    client_files,
    data_folder,
    database,
    elsewhere,
    environment,
    http_port,
    paths,
    public_url,
    services,
    store,
    turn,
)
from wagu.doctor.finding import Finding
from wagu.settings import Settings


async def examine(environ: Iterable[str], *, ask: bool = False) -> AsyncIterator[Finding]:
    """`environ` are the names of all environment variables; `ask` calls AI, places and TURN too."""
    settings, findings = environment.read(environ)
    for each in findings:
        yield each
    if settings is None:
        return
    async for findings in _rounds(settings, ask):
        for each in findings:
            yield each


async def _rounds(settings: Settings, ask: bool) -> AsyncIterator[list[Finding]]:
    yield data_folder.check(settings.data_dir)
    yield await database.check(settings.database)
    yield await store.check(settings.redis_url)
    yield client_files.check()
    served, found = await http_port.check(settings.host, settings.port)
    yield found
    yield public_url.check(settings)
    if settings.media == "embedded":
        async for findings in _media(settings, ask, served=served):
            yield findings
    else:
        yield await elsewhere.check(settings)
    yield await services.check_ai(settings, ask=ask)
    yield await services.check_places(settings, ask=ask)


async def _media(settings: Settings, ask: bool, *, served: bool) -> AsyncIterator[list[Finding]]:
    told = announced.addresses(settings)
    yield announced.check(settings, told)
    yield await paths.check(settings, told, served=served)
    yield buffers.check()
    yield await turn.check(settings, ask=ask)
