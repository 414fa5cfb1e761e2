"""Ways to enlarge a luma plane, to be compared; the product's own is among them.

Back-projection is written down here once more in its general form, with any kernels and no bound.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benches.edge_directed import doubled
from benches.quality import psnr, ssim
from benches.scenes import SCENES
from wagu.images.enlarge import enlarge

Size = tuple[int, int]
Plane = NDArray[np.float32]
Method = Callable[[Image.Image, Size], Image.Image]
"""A picture of mode L, and the larger size."""

NEAREST, BOX = Image.Resampling.NEAREST, Image.Resampling.BOX
BILINEAR, BICUBIC = Image.Resampling.BILINEAR, Image.Resampling.BICUBIC
LANCZOS = Image.Resampling.LANCZOS
Kernel = Image.Resampling


def resampled(image: Image.Image, size: Size, kernel: Kernel) -> Image.Image:
    return image.resize(size, kernel)


def sharpened(image: Image.Image, size: Size, amount: float) -> Image.Image:
    """Lanczos, then an unsharp mask half a source pixel wide."""
    large = _plane(image.resize(size, LANCZOS))
    sigma = 0.5 * size[0] / image.width
    reach = np.arange(-int(3 * sigma) - 1, int(3 * sigma) + 2)
    weights = np.exp(-(reach**2) / (2 * sigma**2)).astype(np.float32)
    weights /= weights.sum()
    soft = np.pad(large, len(reach) // 2, mode="edge")
    soft = np.sum([w * soft[i : i + large.shape[0]] for i, w in enumerate(weights)], 0)
    soft = np.sum([w * soft[:, i : i + large.shape[1]] for i, w in enumerate(weights)], 0)
    return _image(large + amount * (large - soft))


def back_projected(
    image: Image.Image, size: Size, up: Kernel, down: Kernel, rounds: int
) -> Image.Image:
    return _improved(image, _float(image).resize(size, up), up, down, rounds)


def directed(image: Image.Image, size: Size, rounds: int) -> Image.Image:
    """Doubled along edges as often as it takes, then back-projection."""
    large = _plane(image)
    while large.shape[1] < size[0]:
        large = doubled(large)
    start = Image.fromarray(large).resize(size, LANCZOS)
    return _improved(image, start, BICUBIC, BOX, rounds)


def products_own(image: Image.Image, size: Size) -> Image.Image:
    return enlarge(image.convert("RGB"), size).convert("L")


METHODS: dict[str, Method] = {
    "nearest": partial(resampled, kernel=NEAREST),
    "bilinear": partial(resampled, kernel=BILINEAR),
    "bicubic": partial(resampled, kernel=BICUBIC),
    "Lanczos": partial(resampled, kernel=LANCZOS),
    "Lanczos, unsharp 30 %": partial(sharpened, amount=0.3),
    "Lanczos, unsharp 60 %": partial(sharpened, amount=0.6),
    "Lanczos, unsharp 100 %": partial(sharpened, amount=1.0),
    "back-projection bicubic/bicubic × 2": partial(
        back_projected, up=BICUBIC, down=BICUBIC, rounds=2
    ),
    "back-projection Lanczos/Lanczos × 2": partial(
        back_projected, up=LANCZOS, down=LANCZOS, rounds=2
    ),
    "back-projection Lanczos/bicubic × 2": partial(
        back_projected, up=LANCZOS, down=BICUBIC, rounds=2
    ),
    "back-projection Lanczos/box × 1": partial(back_projected, up=LANCZOS, down=BOX, rounds=1),
    "back-projection Lanczos/box × 2": partial(back_projected, up=LANCZOS, down=BOX, rounds=2),
    "back-projection Lanczos/box × 4": partial(back_projected, up=LANCZOS, down=BOX, rounds=4),
    "back-projection Lanczos/box × 2, bounded": products_own,
    "edge-directed": partial(directed, rounds=0),
    "edge-directed, back-projection × 2": partial(directed, rounds=2),
}


KINDS: dict[str, tuple[Kernel, int | None]] = {
    "box": (BOX, None),
    "bicubic": (BICUBIC, None),
    "Lanczos": (LANCZOS, None),
    "box, JPEG 85": (BOX, 85),
    "Lanczos, JPEG 80": (LANCZOS, 80),
}
"""How a picture became small, which whoever enlarges it does not know."""

FACTORS = (2, 3, 4)


def table(side: int) -> Iterator[str]:
    """Rows in Markdown, each as soon as it is known: means over all scenes and factors."""
    size = (side, side * 3 // 4)
    scenes = [draw(size).convert("L") for draw in SCENES.values()]
    yield f"| dB, SSIM at {size[0]} × {size[1]} | {' | '.join(KINDS)} | all | ms |"
    yield "|---" * (len(KINDS) + 3) + "|"
    small = {
        (k, f, i): reduced(scene, k, f)
        for k in KINDS
        for f in FACTORS
        for i, scene in enumerate(scenes)
    }
    for name, method in METHODS.items():
        scores: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
        seconds = 0.0
        for (kind, _, scene), image in small.items():
            begun = time.perf_counter()
            large = method(image, size)
            seconds += time.perf_counter() - begun
            scores[kind].append((psnr(large, scenes[scene]), ssim(large, scenes[scene])))
        means = [np.mean(values, 0) for values in scores.values()]
        cells = [f"{db:.2f} {likeness:.4f}" for db, likeness in (*means, np.mean(means, 0))]
        yield f"| {name} | {' | '.join(cells)} | {seconds / len(small) * 1000:.0f} |"


def reduced(image: Image.Image, kind: str, factor: int) -> Image.Image:
    kernel, quality = KINDS[kind]
    small = image.resize((image.width // factor, image.height // factor), kernel)
    if quality is None:
        return small
    out = BytesIO()
    small.save(out, "JPEG", quality=quality)
    return Image.open(out).convert("L")


def _improved(
    image: Image.Image, large: Image.Image, up: Kernel, down: Kernel, rounds: int
) -> Image.Image:
    target = _plane(image)
    for _ in range(rounds):
        missing = target - _plane(large.resize(image.size, down))
        large = Image.fromarray(
            _plane(large) + _plane(Image.fromarray(missing).resize(large.size, up))
        )
    return _image(_plane(large))


def _float(image: Image.Image) -> Image.Image:
    return image.convert("F")


def _plane(image: Image.Image) -> Plane:
    return np.asarray(image, np.float32)


def _image(plane: Plane) -> Image.Image:
    return Image.fromarray(np.clip(plane + 0.5, 0, 255).astype(np.uint8))
