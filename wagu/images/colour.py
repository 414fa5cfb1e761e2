"""Any mode that decoders deliver becomes 8-bit RGB on white, with an ICC profile or plain sRGB."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageChops, ImageCms

LARGEST_PROFILE = 4096
"""Bytes. Display P3 and Adobe RGB take about 550; larger ones are tables, and converted: the
profile goes into every rendition, and a 256 px one has about 10 KB."""

ALIKE = 2
"""Of 255: a profile that moves no colour further than this is sRGB, as untagged pictures are."""

_SPACES = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}


def as_rgb(image: Image.Image) -> tuple[Image.Image, bytes | None]:
    """`image` is decoded. Returns a picture of mode RGB and the profile that it needs, if any."""
    profile = image.info.get("icc_profile")
    plain = _without_alpha(_eight_bit(image))
    if plain.mode not in _SPACES:
        plain = plain.convert("RGB")
    return _with_profile(plain, profile) if profile else (plain.convert("RGB"), None)


def _eight_bit(image: Image.Image) -> Image.Image:
    if image.mode in ("I", "I;16", "I;16L", "I;16B", "I;16N"):
        # Pillow's own conversion clips at 255 instead of scaling.
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    return image.convert("L") if image.mode == "1" else image


def _without_alpha(image: Image.Image) -> Image.Image:
    """Flattened on white, so that WebP and JPEG show the same, on light and dark pages."""
    if not image.has_transparency_data:
        return image
    rgba = image.convert("RGBA")
    flat = Image.new("RGB", rgba.size, "white")
    flat.paste(rgba, mask=rgba)
    return flat


def _with_profile(image: Image.Image, content: bytes) -> tuple[Image.Image, bytes | None]:
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(content))
        if profile.profile.xcolor_space.strip() != _SPACES[image.mode]:
            return image.convert("RGB"), None
        if image.mode == "RGB" and len(content) <= LARGEST_PROFILE:
            return image, None if _is_srgb(profile) else content
        return _to_srgb(image, profile), None
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image.convert("RGB"), None  # a profile that cannot be used; the picture can


def _to_srgb(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    converted = ImageCms.profileToProfile(
        image,
        profile,
        ImageCms.createProfile("sRGB"),
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        "RGB",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    assert converted is not None, "only None when converting in place"
    return converted


def _is_srgb(profile: ImageCms.ImageCmsProfile) -> bool:
    """Compares what it does with what sRGB does, on a 6 × 6 × 6 lattice; names are not asked."""
    steps = range(0, 256, 51)
    lattice = Image.new("RGB", (36, 6))
    lattice.putdata([(r, g, b) for r in steps for g in steps for b in steps])
    difference = ImageChops.difference(lattice, _to_srgb(lattice, profile))
    return max(difference.tobytes()) <= ALIKE
