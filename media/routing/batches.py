"""What arrived together goes out together: the streams that got packets in this wake-up."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from media.routing.encoding import Encoding

logger = logging.getLogger(__name__)


class Batches:
    """`add` while what waited at the socket is handed on, `flush` after it."""

    __slots__ = ("_encodings",)

    def __init__(self) -> None:
        self._encodings: dict[Encoding, None] = {}

    def add(self, encoding: Encoding) -> None:
        self._encodings[encoding] = None

    def flush(self) -> None:
        """A mistake in one stream must not keep the others back."""
        encodings, self._encodings = self._encodings, {}
        for encoding in encodings:
            try:
                encoding.flush()
            except Exception:
                logger.exception("x dropped: a batch of %s", encoding.rid or encoding.ssrc)
