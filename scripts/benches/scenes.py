"""Pictures to measure on, drawn from formulas and a seed: no photo of anybody is needed.

Each has what one kind of food photo is made of: round shaded shapes (rice), fine curved lines
(noodles), woven cloth, a printed menu, a bowl out of focus, and the 1/f noise of natural textures.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Plane = NDArray[np.float32]
Size = tuple[int, int]


def _grid(size: Size) -> tuple[Plane, Plane]:
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return x, y


def _picture(colours: Plane) -> Image.Image:
    return Image.fromarray(np.clip(colours + 0.5, 0, 255).astype(np.uint8))


def natural_noise(size: Size, seed: int = 1, slope: float = 1.0) -> Plane:
    """Zero mean, unit deviation; amplitude falls with frequency as in photos of nature."""
    width, height = size
    random = np.random.default_rng(seed)
    white = np.fft.rfft2(random.standard_normal((height, width)))
    fy = np.fft.fftfreq(height)[:, None]
    fx = np.fft.rfftfreq(width)[None, :]
    radius = np.hypot(fx, fy)
    radius[0, 0] = 1
    noise = np.fft.irfft2(white / radius**slope, s=(height, width))
    noise -= noise.mean()
    even: Plane = (noise / noise.std()).astype(np.float32)
    return even


def stew(size: Size, seed: int = 1) -> Image.Image:
    """Textures without edges: 1/f noise in each channel, and a grain of the sensor."""
    channels = [natural_noise(size, seed + channel) for channel in range(3)]
    shared = natural_noise(size, seed + 9)
    mixed = np.stack([shared * 0.8 + channel * 0.3 for channel in channels], -1)
    grain = np.random.default_rng(seed).normal(0, 2, mixed.shape)
    return _picture((np.array([150, 92, 58]) + mixed * 38 + grain).astype(np.float32))


def rice(size: Size, seed: int = 2) -> Image.Image:
    """Grains: overlapping shaded ellipses with a highlight and a soft shadow, any direction."""
    width, height = size
    random = np.random.default_rng(seed)
    canvas = np.full((height, width, 3), (196, 188, 170), np.float32)
    length = max(6.0, width / 40)
    for _ in range(width * height // int(length * length * 0.6)):
        _grain(canvas, random, length)
    grain = random.normal(0, 1.5, canvas.shape)
    return _picture((canvas + grain).astype(np.float32))


def _grain(canvas: Plane, random: np.random.Generator, length: float) -> None:
    height, width = canvas.shape[:2]
    reach = int(length * 1.1) + 1
    cx, cy = random.uniform(0, width), random.uniform(0, height)
    left, top = max(0, int(cx) - reach), max(0, int(cy) - reach)
    x = np.arange(left, min(width, int(cx) + reach), dtype=np.float32)[None, :] - cx
    y = np.arange(top, min(height, int(cy) + reach), dtype=np.float32)[:, None] - cy
    angle = random.uniform(0, np.pi)
    u = (x * np.cos(angle) + y * np.sin(angle)) / length
    v = (y * np.cos(angle) - x * np.sin(angle)) / (length * random.uniform(0.33, 0.42))
    inside = np.clip((1 - np.hypot(u, v)) * length * 0.45, 0, 1)[..., None]
    shade = 0.72 + 0.30 * np.sqrt(np.clip(1 - u * u - v * v, 0, 1)) - 0.12 * v
    light = 70 * np.exp(-((u + 0.2) ** 2 * 9 + (v + 0.35) ** 2 * 14))
    colour = np.array([238, 230, 212]) * random.uniform(0.9, 1.03)
    patch = canvas[top : top + y.shape[0], left : left + x.shape[1]]
    patch += inside * (shade[..., None] * colour + light[..., None] - patch)


def noodles(size: Size, seed: int = 3) -> Image.Image:
    """Long smooth strands over each other, each with a lit ridge and a dark border."""
    width, height = size
    random = np.random.default_rng(seed)
    image = Image.new("RGB", size, (122, 60, 24))
    draw = ImageDraw.Draw(image)
    thick = max(3, width // 64)
    layers = ((1.0, (96, 50, 20)), (0.78, (214, 160, 82)), (0.4, (240, 200, 124)))
    for _ in range(70):
        path = _strand(random, width, height)
        for part, colour in (*layers, (0.13, (255, 240, 200))):
            draw.line(path, fill=colour, width=max(1, round(thick * part)), joint="curve")
    soft = image.filter(ImageFilter.GaussianBlur(width / 1600))
    grain = random.normal(0, 2, (height, width, 3))
    return _picture((np.asarray(soft) + grain).astype(np.float32))


def _strand(random: np.random.Generator, width: int, height: int) -> list[tuple[float, float]]:
    t = np.linspace(-0.1, 1.1, 160)
    turn, offset = random.uniform(0, np.pi), random.uniform(-0.6, 0.6)
    waves = sum(
        random.uniform(0.01, 0.08) * np.sin(2 * np.pi * (random.uniform(0.5, 2.5) * t + phase))
        for phase in random.uniform(0, 1, 3)
    )
    along, across = (t - 0.5) * 1.5, waves + offset
    x = (0.5 + along * np.cos(turn) - across * np.sin(turn)) * width
    y = (0.5 + along * np.sin(turn) + across * np.cos(turn)) * height
    return list(zip(x.tolist(), y.tolist(), strict=True))


def cloth(size: Size, seed: int = 4) -> Image.Image:
    """A checked table cloth, woven, turned by a few degrees: regular lines near the limit."""
    x, y = _grid(size)
    scale = 1024 / size[0]
    a, b = (x * 0.966 + y * 0.259) * scale, (y * 0.966 - x * 0.259) * scale
    weave = 14 * np.sin(a * 2 * np.pi / 7.3) * np.sin(b * 2 * np.pi / 7.9)
    check = 46 * np.tanh(4 * np.sin(a / 22)) + 46 * np.tanh(4 * np.sin(b / 22))
    shade = natural_noise(size, seed, 1.6) * 8
    red = 176 + check * 0.5 + weave + shade
    other = 128 + check + weave + shade
    return _picture(np.stack([red, other, other * 0.96], -1).astype(np.float32))


def menu(size: Size, seed: int = 5) -> Image.Image:
    """Print on paper in several sizes, light on dark too."""
    width, height = size
    random = np.random.default_rng(seed)
    image = Image.new("RGB", size, (247, 242, 230))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width, height // 5), fill=(62, 36, 24))
    y, step = height // 40, 0
    while y < height:
        points = width * (0.052, 0.026, 0.019, 0.035)[step % 4]
        fill = (250, 224, 178) if y < height // 5 else ((40, 34, 30), (176, 32, 24))[step % 3 == 2]
        dish = "".join(
            random.choice(list("abcdeghiklmnoprstuvyKRMSBP "), int(width / points * 1.1))
        )
        text = f"{dish} {random.integers(4, 30) * 500:,}"
        draw.text((width * 0.04, y), text, fill, ImageFont.load_default(points))
        y, step = y + int(points * 1.35) + 1, step + 1
    paper = natural_noise(size, seed) * 2.5
    return _picture(np.asarray(image).astype(np.float32) + paper[..., None])


def bowl(size: Size, seed: int = 6) -> Image.Image:
    """Smooth shading, rims, drops of oil and lamps out of focus."""
    x, y = _grid(size)
    width, height = size
    random = np.random.default_rng(seed)
    r = np.hypot((x - width * 0.52) / width, (y - height * 0.55) / width)
    soup = np.stack([214 - 160 * r, 110 - 90 * r, 46 - 30 * r], -1)
    edge = (0.5 - 0.5 * np.tanh((r - 0.33) * width / 3))[..., None]
    rim = (np.exp(-(((r - 0.35) * 90) ** 2)) * 90)[..., None]
    colours = soup * edge + np.array([226, 224, 220]) * (1 - edge) * (1 - 0.4 * r[..., None]) + rim
    for _ in range(60):
        radius = random.uniform(0.004, 0.03) * width
        distance = np.hypot(x - random.uniform(0, width), y - random.uniform(0, height))
        disc = np.clip(radius - distance, 0, 1)[..., None]
        ring = np.exp(-((distance - radius) ** 2) / 3)[..., None]
        colours += disc * random.uniform(8, 26, 3) + ring * 34
    return _picture(colours.astype(np.float32))


SCENES: dict[str, Callable[[Size], Image.Image]] = {
    "stew": stew,
    "rice": rice,
    "noodles": noodles,
    "cloth": cloth,
    "menu": menu,
    "bowl": bowl,
}


def photo(size: Size, seed: int = 7) -> Image.Image:
    """One picture with all of it, side by side: as costly to code as a busy phone photo."""
    width, height = size
    tile = (-(-width // 3), -(-height // 2))
    image = Image.new("RGB", size)
    for place, draw in enumerate(SCENES.values()):
        small = (max(1, tile[0] // 2), max(1, tile[1] // 2))
        part = draw(small).resize(tile, Image.Resampling.BICUBIC)
        image.paste(part, (place % 3 * tile[0], place // 3 * tile[1]))
    grain = np.random.default_rng(seed).normal(0, 3, (height, width, 3))
    return _picture((np.asarray(image) + grain).astype(np.float32))
