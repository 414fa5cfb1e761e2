"""How close two pictures are: PSNR, and SSIM as Wang, Bovik, Sheikh and Simoncelli defined it
(2004: 11 × 11 Gaussian window of σ 1.5, K = 0.01 and 0.03), both on luma."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.float64]

_OFFSETS = np.arange(-5, 6)
_WINDOW = np.exp(-(_OFFSETS**2) / (2 * 1.5**2))
_WINDOW /= _WINDOW.sum()


def luma(image: Image.Image) -> Plane:
    """Rec. 601, 0–255, not rounded."""
    red, green, blue = np.moveaxis(np.asarray(image.convert("RGB"), np.float64), -1, 0)
    mixed: Plane = 0.299 * red + 0.587 * green + 0.114 * blue
    return mixed


def psnr(image: Image.Image, truth: Image.Image) -> float:
    """Decibels; infinite for equal pictures."""
    error = float(np.mean((luma(image) - luma(truth)) ** 2))
    return float("inf") if error == 0 else 10 * float(np.log10(255**2 / error))


def ssim(image: Image.Image, truth: Image.Image) -> float:
    """The mean over the picture: 1 for equal ones."""
    a, b = luma(image), luma(truth)
    mean_a, mean_b = _blur(a), _blur(b)
    var_a, var_b = _blur(a * a) - mean_a**2, _blur(b * b) - mean_b**2
    both = _blur(a * b) - mean_a * mean_b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    top = (2 * mean_a * mean_b + c1) * (2 * both + c2)
    return float(np.mean(top / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2))))


def _blur(plane: Plane) -> Plane:
    """Only where the whole window fits."""
    height, width = plane.shape
    rows = np.zeros((height - 10, width))
    for weight, start in zip(_WINDOW, range(11), strict=True):
        rows += weight * plane[start : start + height - 10]
    out = np.zeros((height - 10, width - 10))
    for weight, start in zip(_WINDOW, range(11), strict=True):
        out += weight * rows[:, start : start + width - 10]
    return out
