"""From the source of a photo to its renditions: reduced, or enlarged where a larger view is asked
for, as WebP and as JPEG. A rendition depends on the source and on what is wanted, nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from wagu.images.check import decoded, opened
from wagu.images.enlarge import enlarge
from wagu.images.jobs import Want
from wagu.images.sizes import Format, enlarged, fitted
from wagu.images.source import REDUCING_GAP

DRAFT = 2
"""libjpeg may reduce while it decodes, down to this many times what Lanczos is to make of it."""

_ENCODERS: dict[Format, tuple[str, dict[str, Any]]] = {
    "webp": ("WEBP", {"quality": 80, "method": 4}),
    "jpg": ("JPEG", {"quality": 82}),  # not progressive: see source.py
}


def render(source: Path, wants: Sequence[Want], folder: Path) -> None:
    """Write each wanted rendition to `folder`, under its name."""
    for want in wants:
        (folder / want.name).write_bytes(_encoded(_pixels(source, want), want.format))


def _pixels(source: Path, want: Want) -> Image.Image:
    with opened(source) as image:
        size = (enlarged if want.enlarged else fitted)(*image.size, want.side)
        image.draft(None, (size[0] * DRAFT, size[1] * DRAFT))
        decoded(image)
        if size[0] > image.width:
            return enlarge(image, size)
        return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=REDUCING_GAP)


def _encoded(pixels: Image.Image, format_: Format) -> bytes:
    name, options = _ENCODERS[format_]
    profile = pixels.info.get("icc_profile", b"")
    pixels.info = {}
    out = BytesIO()
    pixels.save(out, name, icc_profile=profile, **options)
    return out.getvalue()
