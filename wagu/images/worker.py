"""A process that decodes and encodes photos: `python -m wagu.images.worker`.

Reads jobs from standard input, answers on what was standard output, ends with its input. Strangers'
bytes meet C decoders here, so it gives away what it can at the start, and dies alone.
"""

from __future__ import annotations

import contextlib
import os
import resource
import sys
import traceback
import warnings
from pathlib import Path
from typing import BinaryIO

import msgspec

from wagu.errors import WaguError
from wagu.images.check import prepare_decoders
from wagu.images.jobs import (
    SOURCE_NAME,
    AddedReply,
    AddJob,
    FailedReply,
    Job,
    RenderedReply,
    RenderJob,
    Reply,
)
from wagu.images.source import make_source
from wagu.images.variants import render

NICENESS = 10
"""Voices and lives come first."""

MOST_MEMORY = 1536 * 1024 * 1024
"""Bytes of data. The worst that passes the checks, a 50 MP WebP with alpha, takes two thirds."""

MOST_SECONDS = 20
"""Of processor time for one job, however busy the machine; a 50 MP photo takes about 4."""

MOST_OPEN_FILES = 32
LONGEST_DETAIL = 1000
KILL_ME_FIRST = "500"
"""Of 1000, when the kernel runs out of memory: a worker rather than the server."""


def main() -> None:
    replies = _private_output()
    prepare_decoders()
    _limit_myself()
    _silence()
    jobs: msgspec.json.Decoder[Job] = msgspec.json.Decoder(Job)
    for line in sys.stdin.buffer:
        _allow_processor_time()
        replies.write(msgspec.json.encode(_answer(jobs.decode(line))) + b"\n")
        replies.flush()


def _private_output() -> BinaryIO:
    """Where no C library prints."""
    return os.fdopen(os.dup(1), "wb")


def _silence() -> None:
    """Libraries grumble about strange files on their own; what matters is in our replies."""
    warnings.simplefilter("ignore")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _limit_myself() -> None:
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_OPEN_FILES, MOST_OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):  # not on Linux, or not allowed
        Path("/proc/self/oom_score_adj").write_text(KILL_ME_FIRST)


def _allow_processor_time() -> None:
    """Past the limit the kernel ends this process (SIGXCPU), whatever a decoder is doing."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + MOST_SECONDS
    _, hardest = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, hardest))


def _answer(job: Job) -> Reply:
    try:
        return _add(job) if isinstance(job, AddJob) else _render(job)
    except WaguError as error:
        return FailedReply(error.code, repr(error.__cause__)[:LONGEST_DETAIL])
    except MemoryError:
        return FailedReply("image.too_many_pixels", "out of memory")
    except Exception:  # what is decoded can be turned, converted and encoded, or is broken
        return FailedReply("image.broken", traceback.format_exc()[-LONGEST_DETAIL:])


def _add(job: AddJob) -> AddedReply:
    folder = Path(job.folder)
    made = make_source(Path(job.upload), folder / SOURCE_NAME)
    render(folder / SOURCE_NAME, job.wants, folder)
    hint = (made.place_hint.lat, made.place_hint.lng) if made.place_hint else None
    return AddedReply(made.digest, made.width, made.height, hint)


def _render(job: RenderJob) -> RenderedReply:
    render(Path(job.source), job.wants, Path(job.folder))
    return RenderedReply()


if __name__ == "__main__":
    main()
