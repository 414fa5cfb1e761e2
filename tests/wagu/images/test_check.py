"""What is a photo for us: by content, within limits, whole."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from wagu.errors import WaguError
from wagu.images import check
from wagu.images.check import decoded, opened
from wagu.images.errors import CODES
from wagu.images.limits import LARGEST_FILE, MOST_PIXELS

Picture = Callable[..., Image.Image]
Encode = Callable[..., bytes]
Upload = Callable[[bytes], Path]

FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "AVIF", "GIF", "HEIF")


def refusal(path: Path) -> str | None:
    """The code with which a file is refused, opened or decoded; None when it is taken."""
    try:
        with opened(path) as image:
            decoded(image)
    except WaguError as error:
        return error.code
    return None


@pytest.mark.parametrize("kind", FORMATS)
def test_each_format_is_known_by_its_content(
    kind: str, picture: Picture, encode: Encode, upload: Upload
) -> None:
    with opened(upload(encode(picture(), kind))) as image:
        assert image.format == kind
        decoded(image)
        assert image.size == (96, 64)


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "ICO", "PPM", "TGA", "PDF", "EPS"])
def test_other_formats_are_refused(kind: str, picture: Picture, upload: Upload) -> None:
    out = BytesIO()
    picture().save(out, kind)
    assert refusal(upload(out.getvalue())) == "image.unknown_format"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 200,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"PK\x03\x04" + b"\x00" * 200,
        b"RIFF\x00\x00\x00\x00WAVEfmt ",
        b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00",
        b"%!PS-Adobe-3.0\n",
    ],
)
def test_what_is_no_photo_is_unknown(content: bytes, upload: Upload) -> None:
    assert refusal(upload(content)) == "image.unknown_format"


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("sixteenths", range(1, 16))
def test_a_truncated_file_is_broken(
    kind: str, sixteenths: int, picture: Picture, encode: Encode, upload: Upload
) -> None:
    content = encode(picture((160, 120)).effect_spread(6), kind)
    if kind == "MPO":
        content = encode(picture((160, 120)).effect_spread(6), "JPEG") + content  # cut in the first
        content = content[: len(content) // 3]
    cut = content[: len(content) * sixteenths // 16]
    assert refusal(upload(cut)) == "image.broken"


def test_a_file_may_have_25_mb_and_no_more(
    picture: Picture, encode: Encode, upload: Upload
) -> None:
    content = encode(picture())
    assert refusal(upload(content + b"\x00" * (LARGEST_FILE - len(content)))) is None
    assert refusal(upload(content + b"\x00" * (LARGEST_FILE - len(content) + 1))) == (
        "image.too_large"
    )


def bomb(width: int, height: int) -> bytes:
    """A PNG of one colour, a thousand times smaller than its pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    packer, row = zlib.compressobj(9), b"\x00" * (width // 8 + 2)
    at_once = max(1, (1 << 20) // len(row))
    whole, rest = divmod(height, at_once)
    block = row * at_once
    rows = b"".join(packer.compress(block) for _ in range(whole))
    rows += packer.compress(row * rest) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(5001, 10_000), (50_000, 50_000), (1, MOST_PIXELS + 1)])
def test_a_decompression_bomb_is_refused_by_its_header(
    size: tuple[int, int], upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("was decoded"))
    assert refusal(upload(bomb(*size))) == "image.too_many_pixels"


def test_fifty_megapixels_are_fine(upload: Upload) -> None:
    with opened(upload(bomb(5000, 10_000))) as image:
        assert image.width * image.height == MOST_PIXELS


@pytest.mark.parametrize("kind", ["WEBP", "GIF", "AVIF"])
def test_bombs_of_other_formats_are_refused_too(
    kind: str, picture: Picture, encode: Encode, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = encode(picture((320, 200)), kind)
    monkeypatch.setattr(check, "MOST_PIXELS", 320 * 200 - 1)
    assert refusal(upload(content)) == "image.too_many_pixels"


def test_a_webp_canvas_is_refused_before_it_is_allocated(upload: Upload) -> None:
    """Its header says 16384 × 16384; libwebp would take two gigabytes for that."""
    size = (16384 - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\x02\x00\x00\x00" + size + size
    body += b"ANIM" + struct.pack("<I", 6) + b"\x00" * 6
    content = b"RIFF" + struct.pack("<I", len(body)) + body
    assert refusal(upload(content)) == "image.too_many_pixels"


def test_a_jpeg_of_endless_scans_is_refused(
    picture: Picture, encode: Encode, upload: Upload
) -> None:
    content = encode(picture(), progressive=True)
    assert refusal(upload(content)) is None
    last = content.rindex(b"\xff\xda")
    scan = content[last:-2]
    assert refusal(upload(content[:-2] + scan * check.MOST_SCANS + b"\xff\xd9")) == "image.broken"


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_of_an_animation_the_first_frame_is_taken(
    kind: str, picture: Picture, encode: Encode, upload: Upload
) -> None:
    first, second = picture(), Image.new("RGB", (96, 64), "black")
    content = encode(first, kind, save_all=True, append_images=[second], duration=100)
    with opened(upload(content)) as image:
        assert getattr(image, "n_frames", 1) == 2
        decoded(image)
        red, green, blue = image.convert("RGB").getpixel((5, 5))  # type: ignore[misc]  # of RGB there are three
    assert red > 180
    assert max(green, blue) < 80


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    start=st.sampled_from(
        [
            b"",
            b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
            b"GIF89a",
            b"RIFF\xff\x00\x00\x00WEBPVP8X",
            b"RIFF\xff\x00\x00\x00WEBPVP8L",
            b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf",
            b"\x00\x00\x00\x1cftypheic\x00\x00\x00\x00mif1heicmiaf",
        ]
    ),
    rest=st.binary(max_size=400),
)
def test_any_bytes_are_taken_or_refused_with_a_code(
    start: bytes, rest: bytes, upload: Upload
) -> None:
    assert refusal(upload(start + rest)) in CODES | {None}


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    kind=st.sampled_from(FORMATS),
    damage=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_a_damaged_photo_is_taken_or_refused_with_a_code(
    kind: str,
    damage: list[tuple[float, int]],
    picture: Picture,
    encode: Encode,
    upload: Upload,
) -> None:
    content = bytearray(encode(picture((48, 32)), kind))
    for where, value in damage:
        content[int(where * (len(content) - 1))] = value
    assert refusal(upload(bytes(content))) in CODES | {None}
