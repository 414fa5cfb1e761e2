"""The enlarging path: closer to the original than plain interpolation, and without halos."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageStat

from wagu.images.enlarge import enlarge

Size = tuple[int, int]


def rings(size: Size) -> Image.Image:
    """Ever finer circles: every frequency and direction."""
    width, height = size
    image = Image.new("L", size)
    image.putdata(
        [
            round(127.5 + 110 * math.sin((x * x + y * y) / (2.2 * width)))
            for y in range(height)
            for x in range(width)
        ]
    )
    return image.convert("RGB")


def print_(size: Size) -> Image.Image:
    image = Image.new("RGB", (size[0] * 4, size[1] * 4), (250, 245, 235))
    draw = ImageDraw.Draw(image)
    for row in range(5):
        draw.text((20, row * size[1] * 3 // 4), "Kimchi", (40, 20, 20), font_size=110)
    return image.resize(size, Image.Resampling.BOX)


def error(image: Image.Image, truth: Image.Image) -> float:
    difference = ImageChops.difference(image.convert("L"), truth.convert("L"))
    return ImageStat.Stat(difference).rms[0]


@pytest.mark.parametrize("draw", [rings, print_])
@pytest.mark.parametrize("factor", [2, 3])
def test_it_restores_more_than_lanczos_and_bicubic(
    draw: Callable[[Size], Image.Image], factor: int
) -> None:
    truth = draw((240, 180))
    small = truth.resize((240 // factor, 180 // factor), Image.Resampling.BOX)
    ours = error(enlarge(small, truth.size), truth)
    for kernel in (Image.Resampling.LANCZOS, Image.Resampling.BICUBIC):
        assert ours < error(small.resize(truth.size, kernel), truth) * 0.99


def test_reduced_again_it_is_the_photo_that_we_have() -> None:
    small = rings((120, 90))
    back = enlarge(small, (360, 270)).resize(small.size, Image.Resampling.BOX)
    plain = small.resize((360, 270), Image.Resampling.LANCZOS)
    assert error(back, small) < error(plain.resize(small.size, Image.Resampling.BOX), small) * 0.6


def test_an_edge_gets_no_halo() -> None:
    small = Image.new("RGB", (40, 40), (60, 60, 60))
    small.paste((180, 180, 180), (20, 0, 40, 40))
    low, high = enlarge(small, (160, 160)).convert("L").getextrema()
    assert low >= 59
    assert high <= 181
    low, high = small.resize((160, 160), Image.Resampling.LANCZOS).convert("L").getextrema()
    assert low < 55, "Lanczos alone has one"
    assert high > 185


@pytest.mark.parametrize("size", [(96, 64), (2, 300), (37, 41)])
def test_a_flat_colour_stays_as_it_is(size: Size) -> None:
    flat = Image.new("RGB", (max(1, size[0] // 2), size[1] // 2), (201, 88, 31))
    large = enlarge(flat, size)
    assert large.size == size
    difference = ImageChops.difference(large, Image.new("RGB", size, (201, 88, 31)))
    assert max(difference.tobytes()) <= 2


def test_it_does_not_move_the_picture() -> None:
    truth = rings((200, 200)).filter(ImageFilter.GaussianBlur(2))
    small = truth.resize((100, 100), Image.Resampling.BOX)
    large = enlarge(small, (200, 200))
    here = error(large, truth)
    for shift in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        inner = (4, 4, 196, 196)
        moved = ImageChops.offset(large, *shift)
        assert here < error(moved.crop(inner), truth.crop(inner))
