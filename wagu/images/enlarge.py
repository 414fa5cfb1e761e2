"""Larger than it was, with the detail that enlarging loses put back: iterative back-projection
(Irani and Peleg 1991), then no brighter and no darker than the neighbours.

A good enlargement, reduced again, is the picture we have. What is missing there is added to what
is enlarged, a few times. As both steps are linear, all of that happens at the small size. README.md
has the methods that were compared and their figures.
"""

from __future__ import annotations

from PIL import Image, ImageFilter, ImageMath

ROUNDS = 2
NEIGHBOURS = 3
"""Pixels; the range of a pixel's neighbourhood bounds it, which takes halos away."""

_UP, _DOWN = Image.Resampling.LANCZOS, Image.Resampling.BOX

Size = tuple[int, int]


def enlarge(image: Image.Image, size: Size) -> Image.Image:
    """`image` is RGB and smaller than `size`. Colour differences are only interpolated: eyes hardly
    see their detail, and most files hold them at half the resolution."""
    luma, *chroma = image.convert("YCbCr").split()
    planes = (_restored(luma, size), *(plane.resize(size, _UP) for plane in chroma))
    enlarged = Image.merge("YCbCr", planes).convert("RGB")
    enlarged.info = image.info
    return enlarged


def _restored(luma: Image.Image, size: Size) -> Image.Image:
    target = luma.convert("F")
    small = target
    for _ in range(ROUNDS):
        seen = small.resize(size, _UP).resize(target.size, _DOWN)
        small = _plus_missing(small, target, seen)
    return _bounded(small.resize(size, _UP), target)


def _plus_missing(small: Image.Image, target: Image.Image, seen: Image.Image) -> Image.Image:
    better: Image.Image = ImageMath.lambda_eval(
        lambda plane: plane["small"] + plane["target"] - plane["seen"],
        small=small,
        target=target,
        seen=seen,
    )
    return better


def _bounded(large: Image.Image, small: Image.Image) -> Image.Image:
    """Within the range of the nearest pixels of `small`; 8 bit, rounded."""
    smooth = Image.Resampling.BILINEAR
    low = small.filter(ImageFilter.MinFilter(NEIGHBOURS)).resize(large.size, smooth)
    high = small.filter(ImageFilter.MaxFilter(NEIGHBOURS)).resize(large.size, smooth)
    bounded: Image.Image = ImageMath.lambda_eval(
        lambda plane: plane["min"](plane["max"](plane["large"], plane["low"]), plane["high"]) + 0.5,
        large=large,
        low=low,
        high=high,
    )
    return bounded.convert("L")
