"""Where a photo was taken, from its EXIF: a suggestion to whoever uploads it, never stored."""

from __future__ import annotations

import math
from typing import Any

from PIL import ExifTags, Image

from wagu.domain.place import Point


def place_hint(image: Image.Image) -> Point | None:
    """WGS84 degrees, or None where there is none to be had from whatever the bytes are."""
    try:
        gps = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        lat = _degrees(gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLatitudeRef], "NS")
        lng = _degrees(gps[ExifTags.GPS.GPSLongitude], gps[ExifTags.GPS.GPSLongitudeRef], "EW")
    except Exception:  # Pillow parses EXIF on demand; broken metadata is no broken photo
        return None
    # A camera without a fix writes zeros; nobody eats on Null Island.
    if not (abs(lat) <= 90 and abs(lng) <= 180) or (lat, lng) == (0.0, 0.0):
        return None
    return Point(lat, lng)


def _degrees(parts: Any, reference: Any, directions: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    side = reference.strip("\x00 ").upper()
    if not math.isfinite(value) or side not in tuple(directions):
        raise ValueError("no coordinate")
    return round(-value if side == directions[1] else value, 7)
