"""GPS of EXIF, as cameras write it and as they do not."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from wagu.images.place_hint import place_hint

GPS = ExifTags.GPS


def photo(gps: dict[int, Any]) -> Image.Image:
    tags = Image.Exif()
    tags.get_ifd(ExifTags.IFD.GPSInfo).update(gps)
    out = BytesIO()
    Image.new("RGB", (4, 4)).save(out, "JPEG", exif=tags)
    return Image.open(out)


def gps(**changes: Any) -> dict[int, Any]:
    tags: dict[int, Any] = {
        GPS.GPSLatitudeRef: "N",
        GPS.GPSLatitude: (37.0, 33.0, 59.4),
        GPS.GPSLongitudeRef: "E",
        GPS.GPSLongitude: (126.0, 58.0, 40.8),
    }
    tags |= {GPS[name]: value for name, value in changes.items()}
    return {tag: value for tag, value in tags.items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "lat", "lng"),
    [
        ({}, 37.5665, 126.978),
        ({"GPSLatitudeRef": "S", "GPSLongitudeRef": "W"}, -37.5665, -126.978),
        ({"GPSLatitude": (37.5665, 0.0, 0.0)}, 37.5665, 126.978),
        ({"GPSLatitude": (37.0, 33.99, 0.0)}, 37.5665, 126.978),
        ({"GPSLatitude": (0.0, 0.0, 0.0)}, 0.0, 126.978),
    ],
)
def test_a_position_is_found(changes: dict[str, Any], lat: float, lng: float) -> None:
    hint = place_hint(photo(gps(**changes)))
    assert hint is not None
    assert (hint.lat, hint.lng) == (pytest.approx(lat, abs=1e-6), pytest.approx(lng, abs=1e-6))


@pytest.mark.parametrize(
    "changes",
    [
        {"GPSLatitude": None},
        {"GPSLongitudeRef": None},
        {"GPSLatitudeRef": "X"},
        {"GPSLatitude": (95.0, 0.0, 0.0)},
        {"GPSLongitude": (181.0, 0.0, 0.0)},
        {"GPSLatitude": (IFDRational(0, 0), 0.0, 0.0)},
        {"GPSLatitude": (0.0, 0.0, 0.0), "GPSLongitude": (0.0, 0.0, 0.0)},
    ],
)
def test_what_is_no_position_is_none(changes: dict[str, Any]) -> None:
    assert place_hint(photo(gps(**changes))) is None


def test_no_exif_is_none() -> None:
    assert place_hint(Image.new("RGB", (4, 4))) is None


@given(content=st.binary(max_size=300))
def test_any_exif_gives_a_position_or_none(content: bytes) -> None:
    image = Image.new("RGB", (4, 4))
    image.info["exif"] = b"Exif\x00\x00" + content
    hint = place_hint(image)
    assert hint is None or (abs(hint.lat) <= 90 and abs(hint.lng) <= 180)
