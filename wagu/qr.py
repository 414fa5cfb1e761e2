"""A QR code for a terminal (ISO/IEC 18004): bytes, level L, versions 1 to 5, one block, one mask.

That is all a short address takes: 106 bytes at most. What is bigger has more blocks, and a version
of its own to write beside them.
"""

from __future__ import annotations

from collections.abc import Iterator

SIZES = ((19, 7), (34, 10), (55, 15), (80, 20), (108, 26))
"""Of each version: codewords of data, and of correction."""

FORMAT = 0b111011111000100
"""Level L, mask 0, with its BCH code, masked (table C.1)."""

QUIET = 2
"""Modules of light around it. The standard wants 4, and cameras read it with 2."""

Modules = list[list[bool | None]]


def matrix(text: str) -> list[list[bool]]:
    """Rows of dark (True) and light modules. Raises ValueError for more than 106 bytes."""
    data = text.encode()
    version = next((n for n, (room, _) in enumerate(SIZES, 1) if len(data) <= room - 2), None)
    if version is None:
        raise ValueError("too long for a QR code of this kind")
    modules = _fixed(version)
    bits = _bits(_codewords(data, *SIZES[version - 1]))
    for x, y in _way(len(modules)):
        if modules[y][x] is None:
            modules[y][x] = next(bits, False) != ((x + y) % 2 == 0)
    return [[module is True for module in row] for row in modules]


def lines(text: str) -> list[str]:
    """For a terminal: two rows in each line, dark on light whatever its colours are."""
    code = matrix(text)
    width = len(code) + 2 * QUIET
    rows = [[False] * width for _ in range(QUIET)]
    rows += [[False] * QUIET + row + [False] * QUIET for row in code]
    rows += [[False] * width for _ in range(QUIET + (QUIET + len(rows)) % 2)]
    pairs = zip(rows[::2], rows[1::2], strict=True)
    halves = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
    return [
        f"\x1b[30;107m{''.join(halves[pair] for pair in zip(upper, lower, strict=True))}\x1b[0m"
        for upper, lower in pairs
    ]


def _codewords(data: bytes, room: int, correction: int) -> bytes:
    # 4 bits say "bytes", 8 how many, then they come, and 4 bits of end: half a byte of shift.
    number = int.from_bytes(bytes((0x40 | len(data) >> 4,)), "big") << 4 | len(data) & 15
    whole = (number << 8 * len(data) | int.from_bytes(data, "big")) << 4
    filled = whole.to_bytes(len(data) + 2, "big")
    filled += bytes(0xEC if n % 2 == 0 else 0x11 for n in range(room - len(filled)))
    return filled + _correction(filled, correction)


def _correction(data: bytes, count: int) -> bytes:
    """Reed-Solomon over GF(256) with x⁸+x⁴+x³+x²+1."""
    generator = [1]
    root = 1
    for _ in range(count):
        generator = [
            left ^ _times(right, root)
            for left, right in zip([*generator, 0], [0, *generator], strict=True)
        ]
        root = _times(root, 2)
    rest = list(data) + [0] * count
    for at in range(len(data)):
        factor = rest[at]
        for n, each in enumerate(generator):
            rest[at + n] ^= _times(each, factor)
    return bytes(rest[-count:])


def _times(left: int, right: int) -> int:
    product = 0
    while right:
        product ^= left if right & 1 else 0
        left = left << 1 ^ (0x11D if left & 0x80 else 0)
        right >>= 1
    return product


def _bits(codewords: bytes) -> Iterator[bool]:
    for codeword in codewords:
        for bit in range(7, -1, -1):
            yield bool(codeword >> bit & 1)


def _fixed(version: int) -> Modules:
    """Finders, timing, alignment and format; None is where data goes."""
    size = 17 + 4 * version
    modules: Modules = [[None] * size for _ in range(size)]
    for left, top in ((0, 0), (size - 7, 0), (0, size - 7)):
        for y in range(max(top - 1, 0), min(top + 8, size)):
            for x in range(max(left - 1, 0), min(left + 8, size)):
                ring = max(abs(x - left - 3), abs(y - top - 3))
                modules[y][x] = ring not in (2, 4)
    for n in range(8, size - 8):
        modules[6][n] = modules[n][6] = n % 2 == 0
    if version > 1:
        centre = size - 7
        for y in range(centre - 2, centre + 3):
            for x in range(centre - 2, centre + 3):
                modules[y][x] = max(abs(x - centre), abs(y - centre)) != 1
    _write_format(modules)
    return modules


def _write_format(modules: Modules) -> None:
    size = len(modules)
    near = [*range(6), 7, 8]
    for n in range(15):
        bit = bool(FORMAT >> n & 1)
        # Upwards along the first finder, then to its left; and beside the other two.
        if n < 8:
            modules[near[n]][8] = bit
            modules[8][size - 1 - n] = bit
        else:
            modules[8][near[14 - n]] = bit
            modules[size - 15 + n][8] = bit
    modules[size - 8][8] = True


def _way(size: int) -> Iterator[tuple[int, int]]:
    """Two columns at a time from the right, up and down, leaving out the timing column."""
    upwards = True
    for right in (*range(size - 1, 6, -2), *range(5, 0, -2)):
        for y in range(size - 1, -1, -1) if upwards else range(size):
            yield right, y
            yield right - 1, y
        upwards = not upwards
