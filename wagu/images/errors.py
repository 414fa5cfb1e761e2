"""What can go wrong with a photo, by code.

    image.too_large        413  more bytes than LARGEST_FILE
    image.too_many_pixels  422  more than MOST_PIXELS, or more memory than a worker may have
    image.unknown_format   415  none of the formats that we read, whatever its name says
    image.broken           422  one of them, but it cannot be decoded
    image.busy             503  too many photos are waiting already
    image.unknown          404  no photo with this digest, or no such rendition
    image.unavailable      503  the store does not answer

Errors of a worker process travel as their code, so that both sides find the same sentence here.
"""

from __future__ import annotations

from wagu.errors import Invalid, NotFound, TooLarge, Unavailable, UnsupportedMedia, WaguError

_ERRORS: dict[str, tuple[type[WaguError], str]] = {
    "image.too_large": (TooLarge, "사진은 한 장에 25MB까지 올릴 수 있어요."),
    "image.too_many_pixels": (Invalid, "사진은 5,000만 화소까지 올릴 수 있어요."),
    "image.unknown_format": (
        UnsupportedMedia,
        "JPEG, PNG, WebP, AVIF, GIF, HEIC 사진만 올릴 수 있어요.",
    ),
    "image.broken": (Invalid, "사진 파일이 깨져 있어서 열 수 없어요."),
    "image.busy": (Unavailable, "지금 올라오는 사진이 너무 많아요. 잠시 뒤에 다시 해 주세요."),
    "image.unknown": (NotFound, "그런 사진이 없어요."),
    "image.unavailable": (Unavailable, "사진 보관함을 지금 쓸 수 없어요."),
}

CODES = frozenset(_ERRORS)


def image_error(code: str) -> WaguError:
    """A new error to raise; `code` is one of CODES."""
    kind, message = _ERRORS[code]
    return kind(code, message)
