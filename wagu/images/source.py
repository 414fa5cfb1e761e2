"""From what was uploaded to what we keep: one clean JPEG, upright, bounded, without metadata.

Re-encoding is what makes it clean: nothing of the uploaded file but its pixels and its colour
profile gets through, whichever parts Pillow and we know or do not know.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import ExifTags, Image, JpegImagePlugin

from wagu.domain.place import Point
from wagu.images.check import decoded, opened
from wagu.images.colour import as_rgb
from wagu.images.place_hint import place_hint
from wagu.images.sizes import SOURCE_SIDE, Digest, fitted

QUALITY = 92
REDUCING_GAP = 3.0
"""Box-filter down to this many times the wanted size, then Lanczos: see README.md."""

_Turn = Image.Transpose
_UPRIGHT = {
    2: _Turn.FLIP_LEFT_RIGHT,
    3: _Turn.ROTATE_180,
    4: _Turn.FLIP_TOP_BOTTOM,
    5: _Turn.TRANSPOSE,
    6: _Turn.ROTATE_270,
    7: _Turn.TRANSVERSE,
    8: _Turn.ROTATE_90,
}
"""EXIF orientation → what undoes it."""


@dataclass(frozen=True, slots=True)
class Source:
    digest: Digest
    width: int
    height: int
    place_hint: Point | None


def make_source(upload: Path, target: Path) -> Source:
    """Write the source of the photo in `upload` to `target`. Raises the errors of `check`."""
    with opened(upload) as image:
        hint, turn = place_hint(image), _UPRIGHT.get(_orientation(image))
        chroma = _chroma(image)
        # libjpeg reduces by 2, 4 or 8 while it decodes: only where that is still large enough.
        image.draft(None, fitted(*image.size, SOURCE_SIDE))
        decoded(image)
        pixels, profile = as_rgb(image)
    wanted = fitted(*pixels.size, SOURCE_SIDE)
    if wanted != pixels.size:
        pixels = pixels.resize(wanted, Image.Resampling.LANCZOS, reducing_gap=REDUCING_GAP)
    if turn is not None:
        pixels = pixels.transpose(turn)
    content = _encoded(pixels, profile, chroma)
    target.write_bytes(content)
    digest = Digest(hashlib.sha256(content).hexdigest())
    return Source(digest, pixels.width, pixels.height, hint)


def _orientation(image: Image.Image) -> int:
    try:
        value = image.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # broken metadata is no broken photo
        return 1
    return value if isinstance(value, int) else 1


def _chroma(image: Image.Image) -> str:
    """Half the colour resolution only where the upload had no more to begin with."""
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        return "4:4:4" if JpegImagePlugin.get_sampling(image) == 0 else "4:2:0"
    if image.format == "HEIF":
        return "4:4:4" if image.info.get("chroma") == 444 else "4:2:0"
    return "4:4:4"


def _encoded(pixels: Image.Image, profile: bytes | None, chroma: str) -> bytes:
    pixels.info.clear()  # Pillow's encoder would write a comment that it finds there
    out = BytesIO()
    # Neither optimised nor progressive: for those Pillow gives libjpeg a buffer of a byte a pixel,
    # and a dithered GIF did not fit in.
    pixels.save(out, "JPEG", quality=QUALITY, subsampling=chroma, icc_profile=profile or b"")
    return out.getvalue()
