"""Real worker processes: what they answer, what ends them, what they cannot see."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from PIL import Image

from wagu.errors import Invalid, Unavailable, UnsupportedMedia, WaguError
from wagu.images.jobs import SOURCE_NAME, AddedReply, AddJob, RenderedReply, RenderJob, Want
from wagu.images.worker_process import COMMAND, WorkerProcess

Picture = Callable[..., Image.Image]
Encode = Callable[..., bytes]
Start = Callable[..., WorkerProcess]
Until = Callable[[Callable[[], object]], Awaitable[None]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """`start()` the product's worker, or `start("python code")` one that misbehaves."""
    workers: list[WorkerProcess] = []

    def make(code: str | None = None, timeout: float = 60) -> WorkerProcess:
        command = COMMAND if code is None else (sys.executable, "-c", code)
        workers.append(WorkerProcess(command, timeout))
        return workers[-1]

    yield make
    for worker in workers:
        await worker.stop()


@pytest.fixture
def add(tmp_path: Path) -> Callable[[bytes], AddJob]:
    def job(content: bytes) -> AddJob:
        (tmp_path / "upload").write_bytes(content)
        return AddJob(str(tmp_path / "upload"), str(tmp_path), (Want(256, "webp"),))

    return job


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_it_adds_and_renders(
    start: Start, picture: Picture, encode: Encode, add: Callable[[bytes], AddJob], tmp_path: Path
) -> None:
    worker = start()
    reply = await worker.run(add(encode(picture())))
    assert isinstance(reply, AddedReply)
    assert (reply.width, reply.height, reply.place_hint) == (96, 64, None)
    assert (tmp_path / "256.webp").stat().st_size > 0
    pid = worker.pid
    source = str(tmp_path / SOURCE_NAME)
    rendered = await worker.run(RenderJob(source, str(tmp_path), (Want(512, "jpg", True),)))
    assert rendered == RenderedReply()
    with Image.open(tmp_path / "512-enlarged.jpg") as image:
        assert image.size == (384, 256)
    assert worker.pid == pid, "one process for many jobs"


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (b"hello", UnsupportedMedia, "image.unknown_format"),
        (b"\xff\xd8\xff\xe0", Invalid, "image.broken"),
    ],
)
async def test_refusals_come_through_and_the_process_goes_on(
    content: bytes,
    kind: type[WaguError],
    code: str,
    start: Start,
    picture: Picture,
    encode: Encode,
    add: Callable[[bytes], AddJob],
) -> None:
    worker = start()
    with pytest.raises(kind) as refused:
        await worker.run(add(content))
    assert refused.value.code == code
    pid = worker.pid
    assert isinstance(await worker.run(add(encode(picture()))), AddedReply)
    assert worker.pid == pid


async def test_a_crash_is_the_photos_fault_and_costs_one_process(
    start: Start, add: Callable[[bytes], AddJob]
) -> None:
    """Dies of the first job, as a decoder with a bug does, and answers the others."""
    worker = start(
        "import os, sys, signal\n"
        "job = sys.stdin.buffer.readline()\n"
        "if b'crash' in job: os.kill(os.getpid(), signal.SIGSEGV)\n"
        'print(\'{"type":"rendered"}\', flush=True)\n'
        "sys.stdin.read()"
    )
    with pytest.raises(Invalid) as refused:
        await worker.run(RenderJob("crash", "", ()))
    assert refused.value.code == "image.broken"
    assert worker.pid is None
    assert await worker.run(RenderJob("fine", "", ())) == RenderedReply()


@pytest.mark.parametrize(
    "code",
    [
        "import sys; sys.stdin.buffer.readline(); print('{}', flush=True); sys.stdin.read()",
        "import sys; sys.stdin.buffer.readline(); print('x' * 100_000, flush=True)",
        "import sys; sys.exit(1)",
    ],
)
async def test_nonsense_is_no_answer(code: str, start: Start) -> None:
    with pytest.raises(Invalid):
        await start(code).run(RenderJob("", "", ()))


async def test_one_that_hangs_is_ended(start: Start) -> None:
    worker = start("import sys\nsys.stdin.buffer.readline()\nsys.stdin.read()", timeout=0.5)
    with pytest.raises(Invalid):
        await worker.run(RenderJob("", "", ()))
    assert worker.pid is None


async def test_one_that_computes_for_ever_is_ended_by_the_kernel(start: Start) -> None:
    worker = start(
        "import sys, wagu.images.worker as worker\n"
        "worker.MOST_SECONDS = 0\n"
        "sys.stdin.buffer.readline()\n"
        "worker._allow_processor_time()\n"
        "while True: pass"
    )
    with pytest.raises(Invalid):
        await worker.run(RenderJob("", "", ()))


async def test_memory_is_bounded(start: Start) -> None:
    worker = start(
        "import sys, wagu.images.worker as worker\n"
        "worker._limit_myself()\n"
        "sys.stdin.buffer.readline()\n"
        "try: bytearray(worker.MOST_MEMORY)\n"
        'except MemoryError: print(\'{"type":"rendered"}\', flush=True)\n'
        "sys.stdin.read()"
    )
    assert await worker.run(RenderJob("", "", ())) == RenderedReply()


async def test_who_is_cancelled_leaves_no_process(start: Start, until: Until) -> None:
    worker = start("import sys\nsys.stdin.read()")
    task = asyncio.create_task(worker.run(RenderJob("", "", ())))
    await until(lambda: worker.pid)
    pid = worker.pid
    assert pid is not None
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not is_alive(pid)


async def test_stopping_while_it_works_is_busy_not_broken(start: Start, until: Until) -> None:
    worker = start("import sys\nsys.stdin.read()")
    task = asyncio.create_task(worker.run(RenderJob("", "", ())))
    await until(lambda: worker.pid)
    await worker.stop()
    with pytest.raises(Unavailable) as refused:
        await task
    assert refused.value.code == "image.busy"


async def test_it_does_not_see_our_secrets(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAGU_DATABASE_URL", "postgresql://secret")
    worker = start(
        "import os, sys\n"
        "sys.stdin.buffer.readline()\n"
        "kind = 'rendered' if 'secret' not in str(os.environ) else 'failed'\n"
        'print(\'{"type":"%s","code":"image.broken"}\' % kind, flush=True)\n'
        "sys.stdin.read()"
    )
    assert await worker.run(RenderJob("", "", ())) == RenderedReply()


async def test_it_ends_with_its_server(
    picture: Picture, encode: Encode, add: Callable[[bytes], AddJob]
) -> None:
    """Nobody says goodbye when the server is killed; the pipe closes."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.close()
    async with asyncio.timeout(30):
        assert await process.wait() == 0
