"""What keeps sessions and rooms: a Redis, if one is set."""

from __future__ import annotations

from urllib.parse import urlsplit

from wagu.doctor.finding import Finding, ok, problem

ANSWER_WITHIN = 3.0


async def check(url: str | None) -> list[Finding]:
    if url is None:
        return [ok("store", "sessions and rooms are kept in memory and in the data folder")]
    from redis.asyncio import Redis  # noqa: PLC0415 - 150 ms that memory need not pay
    from redis.exceptions import RedisError  # noqa: PLC0415 - only where there is a Redis

    parts = urlsplit(url)
    shown = f"{parts.scheme}://{parts.hostname or ''}:{parts.port or 6379}{parts.path}"
    try:
        async with Redis.from_url(
            url, socket_timeout=ANSWER_WITHIN, socket_connect_timeout=ANSWER_WITHIN
        ) as redis:
            await redis.ping()
    except (RedisError, OSError, ValueError) as error:
        text = f"{shown} does not answer: {str(error).splitlines()[0]}"
        return [problem("store", text, "Is Redis running, and WAGU_REDIS_URL right?")]
    return [ok("store", f"{shown} answers")]
