"""Is it a photo that we take? Formats by content, limits before memory is spent.

Names and content types are never looked at: Pillow is given an explicit list of decoders, and each
of them reads the first bytes.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path

import pillow_heif
from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    PngImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from wagu.images.errors import image_error
from wagu.images.limits import LARGEST_FILE, MOST_PIXELS

MOST_SCANS = 100
"""In a progressive JPEG (usual: 10). Each costs a pass over the whole picture, in 20 bytes."""

# JPEG reads MPO too. AVIF before HEIF: both claim the brand mif1, only AVIF gives up politely.
FORMATS: tuple[str, ...] = (
    JpegImagePlugin.JpegImageFile.format,
    PngImagePlugin.PngImageFile.format,
    WebPImagePlugin.WebPImageFile.format,
    AvifImagePlugin.AvifImageFile.format,
    GifImagePlugin.GifImageFile.format,
    pillow_heif.HeifImageFile.format,
)
_ISO_BRANDS = frozenset((b"avif", b"avis", b"mif1", b"msf1", b"heic", b"heix", b"heim", b"heis"))


def prepare_decoders() -> None:
    """Once per process: the HEIF decoder, and Pillow's own limit.

    Pillow warns above MAX_IMAGE_PIXELS and refuses above twice as much, and some decoders allocate
    their canvas after the second check only. Half of our limit makes that one ours.
    """
    pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)


def opened(path: Path) -> Image.Image:
    """The picture, its header read and found good, no pixels decoded.

    Raises image.too_large, image.unknown_format, image.too_many_pixels or image.broken.
    """
    if path.stat().st_size > LARGEST_FILE:
        raise image_error("image.too_large")
    content = path.read_bytes()
    try:
        image = Image.open(BytesIO(content), formats=FORMATS)
    except UnidentifiedImageError:
        # Pillow says the same of a text file and of half a PNG header.
        known = _is_known(content)
        raise image_error("image.broken" if known else "image.unknown_format") from None
    except Image.DecompressionBombError:
        raise image_error("image.too_many_pixels") from None
    except Exception as error:  # decoders raise whatever hostile bytes make them raise
        raise image_error("image.broken") from error
    _refuse_bombs(image, content)
    return image


def decoded(image: Image.Image) -> None:
    """Decode in place; only the first frame of an animation. Raises as `opened` does."""
    try:
        image.load()
    except (Image.DecompressionBombError, MemoryError):
        raise image_error("image.too_many_pixels") from None
    except Exception as error:  # as above
        raise image_error("image.broken") from error
    _refuse_size(image)


def _refuse_bombs(image: Image.Image, content: bytes) -> None:
    _refuse_size(image)
    # Entropy-coded data never has FF DA, so this counts scans, and thumbnails' within metadata.
    if image.format in ("JPEG", "MPO") and content.count(b"\xff\xda") > MOST_SCANS:
        raise image_error("image.broken")


def _refuse_size(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise image_error("image.too_many_pixels")


def _is_known(content: bytes) -> bool:
    head = content[:12]
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")):
        return True
    if head.startswith(b"RIFF") and head[8:] == b"WEBP":
        return True
    return head[4:8] == b"ftyp" and head[8:] in _ISO_BRANDS
