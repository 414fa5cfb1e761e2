"""How many sockets each network has open, so that one of them cannot take all seats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from wagu.errors import RateLimited

FROM_ONE_NETWORK = 1_000
"""A tenth of what the server holds. A campus or a mobile operator behind one address fits in."""

COME_BACK = 30.0
"""Seconds."""


class Crowd:
    """Bounded by the sockets that are open: a network is forgotten with its last one."""

    def __init__(self, most: int = FROM_ONE_NETWORK) -> None:
        self._most = most
        self._open: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._open)

    @contextmanager
    def seat(self, network: str) -> Iterator[None]:
        """Taken for as long as the socket is open. RateLimited `server.network_full`."""
        if self._open[network] >= self._most:
            raise RateLimited(
                "server.network_full",
                "이 네트워크에서 너무 많이 접속했어요. 잠시 뒤에 다시 와 주세요.",
                retry_after=COME_BACK,
            )
        self._open[network] += 1
        try:
            yield
        finally:
            self._open[network] -= 1
            if not self._open[network]:
                del self._open[network]
