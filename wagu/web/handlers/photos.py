"""Upload a photo, look at it, take it back."""

from __future__ import annotations

from typing import Annotated, Final

from aiohttp import web
from pydantic import Field

from wagu.db.photos import Sight
from wagu.domain.photo import PhotoId, Picture, photo_id, unknown_photo
from wagu.errors import UnsupportedMedia
from wagu.images.errors import image_error
from wagu.images.limits import LARGEST_FILE
from wagu.images.sizes import FORMATS, SIDES, Format, Side
from wagu.web import keys
from wagu.web.headers import is_known
from wagu.web.models import LatLng, View
from wagu.web.route import Call

IMAGES: Final = "image/*"
FOR_EVER = "max-age=31536000, immutable"
"""A year: an address always shows the same picture."""

FACE: Side = 256


class PictureView(View):
    id: str
    width: Annotated[int, Field(description="of the original, as are the proportions of all")]
    height: int
    urls: Annotated[
        dict[str, str],
        Field(
            description="by longest side in pixels, WebP; the same with `.jpg` is JPEG. "
            "A larger side than the original's is restored, up to four times.",
            examples=[{"256": "/photos/MDEyMzQ1Njc4OWFiY2RlZg/256.webp"}],
        ),
    ]

    @classmethod
    def of(cls, picture: Picture) -> PictureView:
        return cls(
            id=picture.id,
            width=picture.width,
            height=picture.height,
            urls={str(side): photo_url(picture.id, side) for side in SIDES},
        )


class Suggestion(View):
    at: LatLng


class Uploaded(View):
    photo: PictureView
    suggestion: Annotated[
        Suggestion | None, Field(description="where it was taken, told once and never stored")
    ]


def photo_url(photo: PhotoId, side: Side = FACE) -> str:
    return f"/photos/{photo}/{side}.webp"


async def create(call: Call[None]) -> Uploaded:
    """The raw bytes of one picture; what they are is seen by looking, not by the content type."""
    _, owner = call.member
    request = call.request
    if not request.content_type.startswith("image/"):
        raise UnsupportedMedia("request.media_type", "사진 파일을 보내 주세요.")
    if (request.content_length or 0) > LARGEST_FILE:
        raise image_error("image.too_large")
    upload = await call[keys.ALBUM].receive(owner, request.content)
    photo, at = upload.photo, upload.taken_at
    return Uploaded(
        photo=PictureView.of(Picture(photo.id, photo.width, photo.height)),
        suggestion=None if at is None else Suggestion(at=(at.lat, at.lng)),
    )


async def show(call: Call[None]) -> web.Response:
    """Who may see a post that shows it may see the photo; unused, its owner alone."""
    photo, side, format_ = _asked(call)
    seen = await call[keys.PHOTOS].seen(photo, call.viewer)
    tag = f"{photo}-{side}-{format_}"
    headers = _caching(seen) | {"ETag": f'"{tag}"'}
    if is_known(call.request.if_none_match, tag):
        return web.Response(status=304, headers=headers)
    made = await call[keys.ALBUM].rendition(seen.photo, side, format_)
    return web.Response(body=made.content, content_type=made.content_type, headers=headers)


async def forget(call: Call[None]) -> None:
    """Of an upload that was not used after all; the day after it goes by itself."""
    _, owner = call.member
    await call[keys.ALBUM].forget_unused(photo_id(call.path("id")), owner)


def _asked(call: Call[None]) -> tuple[PhotoId, Side, Format]:
    sides: dict[str, Side] = {str(side): side for side in SIDES}
    formats: dict[str, Format] = {format_: format_ for format_ in FORMATS}
    side, format_ = sides.get(call.path("size")), formats.get(call.path("format"))
    if side is None or format_ is None:
        raise unknown_photo()
    return photo_id(call.path("id")), side, format_


def _caching(seen: Sight) -> dict[str, str]:
    if seen.everyone:
        return {"Cache-Control": f"public, {FOR_EVER}"}
    # For this person only: whoever logs in next on the same machine has another cookie.
    return {"Cache-Control": f"private, {FOR_EVER}", "Vary": "Cookie"}
