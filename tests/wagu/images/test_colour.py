"""Modes and colour profiles."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms

from wagu.images.colour import LARGEST_PROFILE, as_rgb

Picture = Callable[..., Image.Image]


def pixel(image: Image.Image, x: int = 0, y: int = 0) -> Any:
    return image.getpixel((x, y))


def close(a: Any, b: Any, tolerance: int = 2) -> bool:
    return all(abs(x - y) <= tolerance for x, y in zip(a, b, strict=True))


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("1", 1, (255, 255, 255)),
        ("L", 200, (200, 200, 200)),
        ("RGB", (10, 20, 30), (10, 20, 30)),
        ("RGBX", (10, 20, 30, 0), (10, 20, 30)),
        ("I;16", 128 * 257, (128, 128, 128)),
        ("I;16B", 65535, (255, 255, 255)),
        ("I", 64 * 257, (64, 64, 64)),
        ("CMYK", (255, 0, 0, 0), (0, 255, 255)),
        ("CMYK", (0, 0, 0, 255), (0, 0, 0)),
        ("YCbCr", (255, 128, 128), (255, 255, 255)),
        ("RGBA", (200, 0, 0, 255), (200, 0, 0)),
        ("RGBA", (200, 0, 0, 0), (255, 255, 255)),
        ("RGBA", (0, 0, 0, 128), (127, 127, 127)),
        ("LA", (100, 0), (255, 255, 255)),
        ("LA", (100, 255), (100, 100, 100)),
        ("PA", (0, 0), (255, 255, 255)),
    ],
)
def test_every_mode_becomes_rgb_on_white(mode: str, colour: Any, expected: Any) -> None:
    rgb, profile = as_rgb(Image.new(mode, (4, 4), colour))
    assert rgb.mode == "RGB"
    assert close(pixel(rgb), expected)
    assert profile is None


def test_a_palette_keeps_its_colours_and_its_hole_is_white() -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([250, 120, 10, 0, 0, 0])
    image.putpixel((1, 0), 1)
    image.info["transparency"] = 1
    rgb, _ = as_rgb(image)
    assert pixel(rgb) == (250, 120, 10)
    assert pixel(rgb, 1) == (255, 255, 255)


def test_one_colour_that_a_png_calls_transparent_is_white() -> None:
    image = Image.new("RGB", (2, 1), (1, 2, 3))
    image.putpixel((1, 0), (9, 9, 9))
    image.info["transparency"] = (1, 2, 3)
    rgb, _ = as_rgb(image)
    assert pixel(rgb) == (255, 255, 255)
    assert pixel(rgb, 1) == (9, 9, 9)


def test_sixteen_bits_are_scaled_and_not_clipped() -> None:
    """Pillow's own conversion makes everything above 255 white."""
    image = Image.new("I;16", (3, 1))
    for x, value in enumerate((0, 20_000, 65_535)):
        image.putpixel((x, 0), value)
    rgb, _ = as_rgb(image)
    assert [pixel(rgb, x)[0] for x in range(3)] == [0, 77, 255]


def test_a_wide_profile_is_kept_with_its_pixels_untouched(picture: Picture, p3: bytes) -> None:
    image = picture()
    image.info["icc_profile"] = p3
    rgb, profile = as_rgb(image)
    assert profile == p3
    assert rgb.tobytes() == picture().tobytes()


def test_a_profile_that_is_srgb_by_what_it_does_is_left_out(picture: Picture, srgb: bytes) -> None:
    known = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for content in (srgb, known):
        image = picture()
        image.info["icc_profile"] = content
        rgb, profile = as_rgb(image)
        assert profile is None
        assert rgb.tobytes() == picture().tobytes()


def test_a_large_profile_is_converted(swapped: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    image = Image.new("RGB", (4, 4), (200, 30, 30))
    image.info["icc_profile"] = swapped
    assert as_rgb(image)[1] == swapped
    monkeypatch.setattr("wagu.images.colour.LARGEST_PROFILE", len(swapped) - 1)
    rgb, profile = as_rgb(image)
    assert profile is None
    assert close(pixel(rgb), (30, 200, 30)), "red is green in that profile"
    assert len(swapped) < LARGEST_PROFILE


def test_a_grey_profile_is_converted() -> None:
    """A version 2 profile of one curve: gamma 1, so that the middle comes out lighter."""
    image = Image.new("L", (4, 4), 128)
    image.info["icc_profile"] = grey_profile()
    rgb, profile = as_rgb(image)
    assert profile is None
    assert 185 <= pixel(rgb)[0] <= 191


@pytest.mark.parametrize("content", [b"", b"no profile", b"\0" * 128, b"\xff" * 4000])
def test_a_broken_profile_is_ignored(content: bytes, picture: Picture) -> None:
    image = picture()
    image.info["icc_profile"] = content
    rgb, profile = as_rgb(image)
    assert profile is None
    assert rgb.tobytes() == picture().tobytes()


def test_a_profile_of_another_kind_of_colour_is_ignored(picture: Picture, p3: bytes) -> None:
    image = picture().convert("L")
    image.info["icc_profile"] = p3
    rgb, profile = as_rgb(image)
    assert profile is None
    assert pixel(rgb) == (pixel(image),) * 3
    image = picture()
    image.info["icc_profile"] = grey_profile()
    assert as_rgb(image)[1] is None


def test_the_profiles_of_these_tests_are_profiles(p3: bytes, srgb: bytes, swapped: bytes) -> None:
    for content in (p3, srgb, swapped, grey_profile()):
        profile = ImageCms.ImageCmsProfile(BytesIO(content)).profile
        assert profile.xcolor_space.strip() in ("RGB", "GRAY")


def grey_profile() -> bytes:
    curve = b"curv\0\0\0\0" + (0).to_bytes(4, "big")
    white = b"XYZ \0\0\0\0" + bytes.fromhex("0000f6d6000100000000d32d")
    desc = b"desc\0\0\0\0" + (5).to_bytes(4, "big") + b"grey\0" + b"\0" * 78
    tags = ((b"desc", desc + b"\0" * (-len(desc) % 4)), (b"wtpt", white), (b"kTRC", curve))
    start = 128 + 4 + 12 * len(tags)
    table, body = len(tags).to_bytes(4, "big"), b""
    for name, content in tags:
        table += name + (start + len(body)).to_bytes(4, "big") + len(content).to_bytes(4, "big")
        body += content
    head = (start + len(body)).to_bytes(4, "big") + b"\0" * 4 + bytes.fromhex("02400000")
    head += b"mntrGRAYXYZ " + b"\0" * 12 + b"acsp" + b"\0" * 28
    head += bytes.fromhex("0000f6d6000100000000d32d") + b"\0" * 48
    return head + table + body
