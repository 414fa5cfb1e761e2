"""From an upload to what is kept: upright, clean, bounded, the same each time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat
from PIL.JpegImagePlugin import get_sampling
from PIL.PngImagePlugin import PngInfo

from wagu.domain.place import Point
from wagu.images.sizes import SOURCE_SIDE
from wagu.images.source import Source, make_source

Picture = Callable[..., Image.Image]
Encode = Callable[..., bytes]
Make = Callable[[bytes], tuple[Source, Image.Image]]

FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "AVIF", "GIF", "HEIF")
WITH_EXIF = ("JPEG", "MPO", "PNG", "WEBP", "AVIF", "HEIF")
TOLERANCE = 12  # of 255, in the middle of flat colours, after two lossy encodings
CORNERS = ((0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8))


@pytest.fixture
def make(tmp_path: Path, upload: Callable[[bytes], Path]) -> Make:
    """Content of an upload → what we know of it, and the picture that is kept."""

    def run(content: bytes) -> tuple[Source, Image.Image]:
        target = tmp_path / "source.jpg"
        source = make_source(upload(content), target)
        image = Image.open(target)
        image.load()
        return source, image

    return run


def corners(image: Image.Image) -> list[Any]:
    rgb = image.convert("RGB")
    return [rgb.getpixel((int(x * rgb.width), int(y * rgb.height))) for x, y in CORNERS]


def assert_alike(image: Image.Image, expected: Image.Image, tolerance: int = TOLERANCE) -> None:
    assert image.size == expected.size
    for found, wanted in zip(corners(image), corners(expected), strict=True):
        assert all(abs(a - b) <= tolerance for a, b in zip(found, wanted, strict=True)), (
            found,
            wanted,
        )


@pytest.mark.parametrize("kind", FORMATS)
def test_each_format_keeps_its_colours(
    kind: str, picture: Picture, encode: Encode, make: Make
) -> None:
    source, image = make(encode(picture(), kind))
    assert_alike(image, picture())
    assert (source.width, source.height) == image.size
    assert image.format == "JPEG"


def test_the_digest_is_of_the_kept_file(
    picture: Picture, encode: Encode, make: Make, tmp_path: Path
) -> None:
    content = encode(picture())
    source, _ = make(content)
    kept = (tmp_path / "source.jpg").read_bytes()
    assert source.digest == hashlib.sha256(kept).hexdigest()
    assert make(content)[0] == source, "the same again"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_stands_upright(
    kind: str, orientation: int, picture: Picture, encode: Encode, exif: Any, make: Make
) -> None:
    turns = {
        1: [],
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.ROTATE_90, Image.Transpose.FLIP_TOP_BOTTOM],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.ROTATE_270, Image.Transpose.FLIP_TOP_BOTTOM],
        8: [Image.Transpose.ROTATE_270],
    }
    stored = picture()
    for turn in turns[orientation]:
        stored = stored.transpose(turn)
    source, image = make(encode(stored, kind, exif=exif(orientation)))
    assert_alike(image, picture())
    assert (source.width, source.height) == (96, 64)


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_heif_is_turned_by_its_container_and_once_only(
    orientation: int, picture: Picture, encode: Encode, exif: Any, make: Make
) -> None:
    """Its encoder writes EXIF orientation as a rotation of the image item."""
    turn = {3: "ROTATE_180", 6: "ROTATE_90", 8: "ROTATE_270"}[orientation]
    stored = picture().transpose(Image.Transpose[turn])
    _, image = make(encode(stored, "HEIF", exif=exif(orientation)))
    assert_alike(image, picture())


@pytest.mark.parametrize("orientation", [0, 9, 255])
def test_an_orientation_that_is_none_changes_nothing(
    orientation: int, picture: Picture, encode: Encode, exif: Any, make: Make
) -> None:
    _, image = make(encode(picture(), exif=exif(orientation)))
    assert_alike(image, picture())


@pytest.mark.parametrize("kind", WITH_EXIF)
def test_metadata_is_gone_and_the_position_is_suggested_once(
    kind: str, picture: Picture, encode: Encode, exif: Any, make: Make, tmp_path: Path
) -> None:
    secrets: dict[str, Any] = {"exif": exif(), "xmp": b"<x:xmpmeta>SecretXmp</x:xmpmeta>"}
    if kind in ("JPEG", "MPO"):
        secrets["comment"] = b"SecretComment"
    if kind == "PNG":
        texts = PngInfo()
        texts.add_text("Comment", "SecretText")
        texts.add_itxt("XML:com.adobe.xmp", "SecretXmp")
        secrets = {"exif": exif(), "pnginfo": texts}
    content = encode(picture(), kind, **secrets)
    assert b"SecretCamera" in content, "the test is worth something"
    source, image = make(content)
    assert source.place_hint == Point(pytest.approx(37.5665), pytest.approx(126.978))  # type: ignore[arg-type]  # nearly equal
    kept = (tmp_path / "source.jpg").read_bytes()
    assert b"Secret" not in kept
    assert b"Exif" not in kept
    assert b"xmp" not in kept.lower()
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_what_follows_a_photo_in_its_file_is_gone(
    picture: Picture, encode: Encode, make: Make, tmp_path: Path
) -> None:
    make(encode(picture()) + b"<?php SecretTrailer ?>")
    assert b"Secret" not in (tmp_path / "source.jpg").read_bytes()


def test_broken_metadata_is_no_broken_photo(picture: Picture, encode: Encode, make: Make) -> None:
    for broken in (b"Exif\x00\x00", b"Exif\x00\x00II*\x00\xff\xff\xff\xff", b"Exif\x00\x00MM" * 30):
        source, image = make(encode(picture(), exif=broken))
        assert source.place_hint is None
        assert_alike(image, picture())


def test_large_photos_are_bounded(picture: Picture, encode: Encode, make: Make) -> None:
    source, image = make(encode(picture((6000, 3000))))
    assert (source.width, source.height) == image.size == (SOURCE_SIDE, SOURCE_SIDE // 2)
    source, _ = make(encode(picture((4032, 3024))))
    assert (source.width, source.height) == (4032, 3024), "a phone's photo stays as large"


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1), (3, 2)])
def test_small_and_thin_photos_are_photos(
    size: tuple[int, int], picture: Picture, encode: Encode, make: Make
) -> None:
    source, image = make(encode(picture(size), "PNG"))
    assert (source.width, source.height) == image.size == size


def test_noise_at_full_chroma_fits_into_the_encoders_buffer(encode: Encode, make: Make) -> None:
    """Pillow's optimised and progressive JPEG broke here: more than a byte a pixel."""
    noise = Image.merge("RGB", [Image.effect_noise((400, 400), 90) for _ in range(3)])
    source, image = make(encode(noise, "PNG"))
    assert (source.width, source.height) == image.size == (400, 400)


def test_colours_are_accurate_over_a_gradient(encode: Encode, make: Make) -> None:
    ramp = Image.linear_gradient("L")
    gradient = Image.merge("RGB", (ramp, ramp.transpose(Image.Transpose.ROTATE_90), ramp))
    _, image = make(encode(gradient, "PNG"))
    error = ImageStat.Stat(ImageChops.difference(image, gradient))
    assert max(error.mean) < 1.0
    assert max(high for _, high in error.extrema) <= 8


def test_chroma_is_halved_only_where_the_upload_halved_it(
    picture: Picture, encode: Encode, make: Make
) -> None:
    for content, sampling in (
        (encode(picture(), subsampling="4:2:0"), 2),
        (encode(picture(), subsampling="4:4:4"), 0),
        (encode(picture(), "PNG"), 0),
        (encode(picture(), "HEIF"), 2),
    ):
        assert get_sampling(make(content)[1]) == sampling


def test_a_profile_survives_being_bounded_and_turned(
    picture: Picture, encode: Encode, exif: Any, make: Make, p3: bytes
) -> None:
    _, image = make(encode(picture((5000, 40)), icc_profile=p3, exif=exif(6)))
    assert image.info["icc_profile"] == p3
