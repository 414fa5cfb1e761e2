"""Renditions: sizes, formats, likeness, nothing but pixels and a profile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from wagu.images.jobs import Want
from wagu.images.sizes import FORMATS, SIDES, enlarged, fitted
from wagu.images.variants import render

Picture = Callable[..., Image.Image]
Encode = Callable[..., bytes]
Render = Callable[..., Image.Image]


@pytest.fixture
def rendered(tmp_path: Path) -> Render:
    """Content of a source, and what is wanted of it → the rendition."""

    def run(source: bytes, want: Want) -> Image.Image:
        (tmp_path / "source.jpg").write_bytes(source)
        render(tmp_path / "source.jpg", [want], tmp_path)
        image = Image.open(tmp_path / want.name)
        image.load()
        return image

    return run


@pytest.mark.parametrize(
    ("size", "side", "expected"),
    [
        ((4032, 3024), 1024, (1024, 768)),
        ((3024, 4032), 256, (192, 256)),
        ((800, 600), 1024, (800, 600)),
        ((256, 256), 256, (256, 256)),
        ((4096, 2), 256, (256, 1)),
    ],
)
def test_the_longest_side_fits_and_nothing_grows(
    size: tuple[int, int], side: int, expected: tuple[int, int]
) -> None:
    assert fitted(*size, side) == expected


@pytest.mark.parametrize(
    ("size", "side", "expected"),
    [
        ((800, 600), 2048, (2048, 1536)),
        ((4032, 3024), 2048, (2048, 1536)),
        ((100, 50), 2048, (400, 200)),
        ((2048, 2048), 2048, (2048, 2048)),
    ],
)
def test_an_enlarged_one_grows_four_times_at_most(
    size: tuple[int, int], side: int, expected: tuple[int, int]
) -> None:
    assert enlarged(*size, side) == expected


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("format_", FORMATS)
def test_each_rendition_looks_like_its_photo(
    side: int, format_: str, picture: Picture, encode: Encode, rendered: Render
) -> None:
    whole = picture((2400, 1600))
    image = rendered(encode(whole), Want(side, format_))  # type: ignore[arg-type]  # a Format by its name
    assert image.format == {"webp": "WEBP", "jpg": "JPEG"}[format_]
    assert image.size == fitted(2400, 1600, side)
    ideal = whole.resize(image.size, Image.Resampling.LANCZOS)
    error = ImageStat.Stat(ImageChops.difference(image.convert("RGB"), ideal))
    assert max(error.mean) < 3


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("large", [False, True])
def test_a_rendition_has_no_metadata_and_keeps_its_profile(
    format_: str, large: bool, picture: Picture, encode: Encode, rendered: Render, p3: bytes
) -> None:
    want = Want(512, format_, large)  # type: ignore[arg-type]  # a Format by its name
    image = rendered(encode(picture((300, 200)), icc_profile=p3), want)
    assert image.size == ((512, 341) if large else (300, 200))
    assert image.info["icc_profile"] == p3
    assert not image.getexif()
    assert not {"exif", "xmp", "comment", "photoshop"} & set(image.info)


def test_the_same_is_made_again(
    picture: Picture, encode: Encode, rendered: Render, tmp_path: Path
) -> None:
    source = encode(picture((1200, 900)))
    contents = set()
    for _ in range(2):
        rendered(source, Want(512, "webp"))
        contents.add((tmp_path / "512.webp").read_bytes())
    render(tmp_path / "source.jpg", [Want(1024, "jpg"), Want(512, "webp")], tmp_path)
    contents.add((tmp_path / "512.webp").read_bytes())
    assert len(contents) == 1, "also when made together with others"


def test_a_fine_pattern_does_not_alias(encode: Encode, rendered: Render) -> None:
    """Stripes of one pixel become their mean, not stripes of another width."""
    stripes = Image.new("L", (2048, 2048))
    stripes.putdata([255 * (x % 2) for x in range(2048)] * 2048)
    image = rendered(encode(stripes.convert("RGB"), quality=100), Want(256, "jpg"))
    inner = image.convert("L").crop((16, 16, 240, 240))
    assert ImageStat.Stat(inner).stddev[0] < 2
    assert abs(ImageStat.Stat(inner).mean[0] - 127.5) < 3
