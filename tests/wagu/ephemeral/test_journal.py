"""The journal: what was acknowledged is there after a crash, and the file stays small."""

from __future__ import annotations

import asyncio
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from wagu.ephemeral.journal import DataDirectoryInUse, Journal, Successor
from wagu.ephemeral.memory import MemoryStore
from wagu.errors import Unavailable

LONG = 600.0


def lines_of(path: Path) -> list[bytes]:
    found: list[bytes] = []
    journal = Journal(path)
    journal.open(found.append)
    journal.close()
    return found


@contextmanager
def opened(path: Path, **options: Any) -> Iterator[Journal]:
    journal = Journal(path, **options)
    kept: list[bytes] = []
    journal.open(kept.append)
    journal.rewrite(kept)
    yield journal
    journal.close()


def test_lines_come_back_in_order(tmp_path: Path) -> None:
    with opened(tmp_path / "new" / "j") as journal:
        journal.write(b"one")
        journal.write("둘".encode())
    assert lines_of(tmp_path / "new" / "j") == [b"one", "둘".encode()]


def test_a_torn_last_line_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "j"
    path.write_bytes(b"one\ntw")
    assert lines_of(path) == [b"one"]
    with opened(path) as journal:
        journal.write(b"two")
    assert lines_of(path) == [b"one", b"two"]


def test_an_unreadable_line_does_not_hide_the_others(tmp_path: Path) -> None:
    path = tmp_path / "j"
    path.write_bytes(b"one\n\x00\x00\x00\ntwo\n")
    read: list[bytes] = []

    def replay(line: bytes) -> None:
        if line.startswith(b"\x00"):
            raise ValueError("zeros after a power cut")
        read.append(line)

    journal = Journal(path)
    journal.open(replay)
    journal.close()
    assert read == [b"one", b"two"]


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "j"
    path.write_bytes(b"")
    path.chmod(0o644)
    with opened(path) as journal:
        journal.write(b"hash of a session")
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_rewrite_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "j"
    with opened(path) as journal:
        journal.write(b"one")

        def failing() -> Iterator[bytes]:
            yield b"half"
            raise OSError("disk full")

        with pytest.raises(OSError, match="disk full"):
            journal.rewrite(failing())
        journal.write(b"two")
    assert lines_of(path) == [b"one", b"two"]


def test_it_wants_a_rewrite_when_it_has_grown(tmp_path: Path) -> None:
    with opened(tmp_path / "j", rewrite_above=100) as journal:
        journal.write(b"x" * 99)
        assert not journal.wants_rewrite
        journal.write(b"y")
        assert journal.wants_rewrite
        journal.rewrite([b"x" * 90])  # what is alive may be large: then only doubling counts
        journal.write(b"y" * 50)
        assert not journal.wants_rewrite
        journal.write(b"y" * 50)
        assert journal.wants_rewrite


def test_a_second_process_is_kept_out(tmp_path: Path) -> None:
    with opened(tmp_path / "j"), pytest.raises(DataDirectoryInUse):
        Journal(tmp_path / "j").open(lambda line: None)
    with opened(tmp_path / "j"):
        pass


def test_a_full_disk_is_an_error_and_leaves_whole_lines(tmp_path: Path) -> None:
    """RLIMIT_FSIZE cuts a write short exactly as a full disk does."""
    path = tmp_path / "j"
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        with opened(path) as journal, capture_logs() as logs:  # the log may be a file, too
            journal.write(b"one")
            resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
            for _ in range(2):
                with pytest.raises(Unavailable) as caught:
                    journal.write(b"too long for the disk")
                assert caught.value.code == "store.unavailable"
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            journal.write(b"two")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert lines_of(path) == [b"one", b"two"]
    assert [entry["event"] for entry in logs] == ["x dropped: journal write"] * 2


async def test_what_could_not_be_written_did_not_happen(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    store = MemoryStore(lambda: 1.0, journal)
    await store.start()
    await store.put("a", "1", LONG)
    journal.close()  # a write to a closed file fails like one to a broken disk
    with pytest.raises(Unavailable):
        await store.put("a", "2", LONG)
    assert await store.get("a") == "1"
    await store.close()


async def test_a_long_life_leaves_a_small_file(tmp_path: Path) -> None:
    path = tmp_path / "j"
    store = MemoryStore(lambda: 1.0, Journal(path, rewrite_above=10_000))
    await store.start()
    largest = 0
    for number in range(2_000):
        await store.put("a", str(number), LONG)
        await store.append("log", "여기 어때?", once=str(number), keep=5, ttl=LONG)
        largest = max(largest, path.stat().st_size)
        if largest > 10_000:
            await asyncio.sleep(0)  # lets it begin
            await store.settle()
    assert largest < 11_000
    await store.close()

    again = MemoryStore(lambda: 1.0, Journal(path))
    await again.start()
    assert await again.get("a") == "1999"
    assert [line.number for line in await again.tail("log")] == [1996, 1997, 1998, 1999, 2000]
    await again.close()


async def test_the_expired_does_not_come_back(tmp_path: Path) -> None:
    store = MemoryStore(lambda: 1.0, Journal(tmp_path / "j"))
    await store.start()
    await store.put("short", "1", 10)
    await store.put("long", "1", 1000)
    await store.close()
    later = MemoryStore(lambda: 500.0, Journal(tmp_path / "j"))
    await later.start()
    assert (await later.get("short"), await later.get("long")) == (None, "1")
    await later.close()
    assert len(lines_of(tmp_path / "j")) == 1


async def test_a_key_that_expired_and_began_anew_is_replayed_so(tmp_path: Path) -> None:
    now = [1.0]
    path = tmp_path / "j"
    store = MemoryStore(lambda: now[0], Journal(path))
    await store.start()
    await store.append("log", "old", once="k", keep=5, ttl=10)
    now[0] = 20.0
    await store.append("log", "new", once="k", keep=5, ttl=10)
    await store.close()
    again = MemoryStore(lambda: now[0], Journal(path))
    await again.start()
    assert [(line.number, line.text) for line in await again.tail("log")] == [(1, "new")]
    await again.close()


def as_killed(path: Path) -> Path:
    """What `kill -9` would leave now."""
    return Path(shutil.copytree(path.parent, path.parent.with_name("killed"), dirs_exist_ok=True))


async def held(folder: Path, keys: Iterable[str]) -> dict[str, str | None]:
    store = MemoryStore(lambda: 1.0, Journal(folder / "j"))
    await store.start()
    found = {key: await store.get(key) for key in keys}
    await store.close()
    return found


async def test_a_kill_during_any_step_of_a_compaction_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "running" / "j"
    journal = Journal(path, rewrite_above=2_000)
    store = MemoryStore(lambda: 1.0, journal)
    await store.start()
    written: dict[str, str | None] = {}

    async def write() -> None:
        """One new key, and the first one anew: later lines have to win."""
        for key in (f"k{len(written)}", "k0"):
            await store.put(key, str(len(written)), LONG)
            written[key] = str(len(written))

    stopped, go_on = asyncio.Semaphore(0), threading.Semaphore(0)
    loop = asyncio.get_running_loop()

    def stop() -> None:
        loop.call_soon_threadsafe(stopped.release)
        assert go_on.acquire(timeout=10)

    carry, write_lines = Journal._carry, Successor.write

    def half_written(successor: Successor, lines: Iterable[bytes]) -> None:
        snapshot = list(lines)
        write_lines(successor, snapshot[: len(snapshot) // 2])
        stop()
        write_lines(successor, snapshot[len(snapshot) // 2 :])
        stop()

    def carried(self: Journal, successor: Successor) -> None:
        carry(self, successor)
        if threading.current_thread() is not threading.main_thread():
            stop()

    monkeypatch.setattr(Successor, "write", half_written)
    monkeypatch.setattr(Journal, "_carry", carried)
    while not journal.wants_rewrite:
        await write()
    file = path.stat().st_ino
    for _ in ("half written", "written", "carried over", "synced"):
        async with asyncio.timeout(10):
            await stopped.acquire()
        await write()
        assert path.stat().st_ino == file
        assert (path.parent / "j.new").exists()
        killed = await asyncio.to_thread(as_killed, path)
        monkeypatch.undo()
        assert await held(killed, written) == written
        monkeypatch.setattr(Successor, "write", half_written)
        monkeypatch.setattr(Journal, "_carry", carried)
        go_on.release()
    await store.settle()
    assert path.stat().st_ino != file
    monkeypatch.undo()
    await write()
    shutil.rmtree(killed)
    assert await held(as_killed(path), written) == written
    await store.close()


async def test_a_compaction_that_fails_leaves_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "running" / "j"
    store = MemoryStore(lambda: 1.0, Journal(path, rewrite_above=1_000))
    await store.start()

    def full(successor: Successor, lines: Iterable[bytes]) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Successor, "write", full)
    with capture_logs() as logs:
        for number in range(50):
            await store.put(f"k{number}", str(number), LONG)
            await asyncio.sleep(0)
            await store.settle()
    monkeypatch.undo()
    # Not with every operation: each time it waits until the file has doubled.
    assert 1 <= len(logs) <= 4
    assert not (path.parent / "j.new").exists()
    expected = {f"k{number}": str(number) for number in range(50)}
    assert await held(as_killed(path), expected) == expected
    await store.close()


KILLED = textwrap.dedent("""
    import asyncio, sys, time
    from pathlib import Path
    from wagu.ephemeral.journal import Journal
    from wagu.ephemeral.memory import MemoryStore

    async def main():
        path = Path(sys.argv[1]) / "ephemeral.journal"
        store = MemoryStore(time.time, Journal(path, int(sys.argv[2])))
        await store.start()
        number = 0
        while True:
            number += 1
            await store.put(f"k{number}", str(number), 600)
            print("acknowledged", number, flush=True)
            await asyncio.sleep(0)

    asyncio.run(main())
""")


@pytest.mark.parametrize("rewrite_above", [8_000_000, 1_000])
def test_kill_9_loses_nothing_acknowledged(tmp_path: Path, rewrite_above: int) -> None:
    """Without compactions, and with one after the other."""
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path), str(rewrite_above)],
        stdout=subprocess.PIPE,
        env=os.environ,
    )
    assert process.stdout is not None
    while not (line := process.stdout.readline()).startswith(b"acknowledged 200\n"):
        assert line, "it ended by itself"
    process.kill()
    rest, _ = process.communicate()
    acknowledged = 200 + len(re.findall(rb"^acknowledged \d+\n", rest, re.MULTILINE))

    async def remembered() -> list[str | None]:
        store = MemoryStore(lambda: 1.0, Journal(tmp_path / "ephemeral.journal"))
        await store.start()
        found = [await store.get(f"k{number}") for number in range(1, acknowledged + 1)]
        await store.close()
        return found

    assert asyncio.run(remembered()) == [str(number) for number in range(1, acknowledged + 1)]
