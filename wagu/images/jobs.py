"""What a worker process is told, and what it answers: one JSON line each way."""

from __future__ import annotations

from msgspec import Struct

from wagu.images.sizes import Digest, Format, Side


class Want(Struct, frozen=True):
    """One rendition. `enlarged` lets it grow larger than its source."""

    side: Side
    format: Format
    enlarged: bool = False

    @property
    def name(self) -> str:
        """Of its file, and of its object in the store."""
        return f"{self.side}{'-enlarged' if self.enlarged else ''}.{self.format}"


class AddJob(Struct, frozen=True, tag="add"):
    """Make the source of `upload`, then `wants` of it, in `folder`."""

    upload: str
    folder: str
    wants: tuple[Want, ...] = ()


class RenderJob(Struct, frozen=True, tag="render"):
    """Make `wants` of `source` in `folder`."""

    source: str
    folder: str
    wants: tuple[Want, ...]


Job = AddJob | RenderJob

SOURCE_NAME = "source.jpg"
"""Of the source's file in a folder, and of its object in the store."""


class AddedReply(Struct, frozen=True, tag="added"):
    digest: Digest
    width: int
    height: int
    place_hint: tuple[float, float] | None
    """Latitude and longitude."""


class RenderedReply(Struct, frozen=True, tag="rendered"):
    pass


class FailedReply(Struct, frozen=True, tag="failed"):
    """`code` is one of the errors' codes; `detail` is for the log."""

    code: str
    detail: str = ""


Reply = AddedReply | RenderedReply | FailedReply
