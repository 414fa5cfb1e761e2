"""The dependency descriptor extension: what a frame is needed for (AV1 RTP specification, A.8).

A publisher describes its layers once, in the *structure* that comes with a keyframe; each frame
then names one of its templates. One `DependencyReader` follows one stream.
"""

from __future__ import annotations

from dataclasses import dataclass

from media.errors import MalformedPacket
from media.packets.bits import BitReader

NOT_PRESENT, DISCARDABLE, SWITCH, REQUIRED = range(4)
MAX_TEMPLATES = 64
_NEXT_TEMPORAL, _NEXT_SPATIAL, _NO_MORE = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Template:
    """`indications` tell, per decode target, what a frame of this kind is to it."""

    spatial: int
    temporal: int
    indications: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """`targets` are the (spatial, temporal) layers up to which each decode target reaches;
    `resolutions` (width, height) per spatial layer, empty where they are not told."""

    offset: int
    templates: tuple[Template, ...]
    targets: tuple[tuple[int, int], ...]
    resolutions: tuple[tuple[int, int], ...]


class DependencyReader:
    """What the last descriptor read says of its frame.

    `reach` is the highest temporal layer to which a receiver may move up with this frame, −1 when
    to none; `from_layer` the lowest from which it may. `height` is that of the highest spatial
    layer, 0 where it is not told. The payload has no picture ids: both are −1.
    """

    __slots__ = (
        "_structure",
        "frame_end",
        "frame_number",
        "frame_start",
        "from_layer",
        "height",
        "keyframe",
        "picture_id",
        "reach",
        "spatial_layer",
        "temporal_layer",
        "tl0",
    )

    def __init__(self) -> None:
        self._structure: Structure | None = None
        self.frame_start = self.frame_end = self.keyframe = False
        self.frame_number = self.spatial_layer = self.temporal_layer = self.reach = -1
        self.height = self.from_layer = 0
        self.picture_id = self.tl0 = -1

    def read(self, data: bytes | bytearray | memoryview) -> bool:
        """Read one extension element; False, and nothing is known of the frame, where it names a
        template of a structure that did not come (yet). Raises MalformedPacket."""
        if len(data) < 3:
            raise MalformedPacket("a dependency descriptor of less than three bytes")
        first = data[0]
        indications = None
        self.keyframe = False
        structure = self._structure
        if len(data) > 3:
            bits = BitReader(data[3:])
            has_structure, has_active, own_indications = bits.flag(), bits.flag(), bits.flag()
            bits.skip(2)  # custom references and chains: ours is not to decode
            if has_structure:
                structure = _read_structure(bits)
                self.height = structure.resolutions[-1][1] if structure.resolutions else 0
            if structure is not None:
                count = len(structure.targets)
                bits.skip(count if has_active else 0)
                if own_indications:
                    indications = tuple(bits.read(2) for _ in range(count))
            self.keyframe = has_structure and first & 0x80 != 0
        if structure is None:
            return False
        index = ((first & 63) - structure.offset) & 63
        if index >= len(structure.templates):
            return False
        self._structure = structure
        self.frame_start, self.frame_end = first & 0x80 != 0, first & 0x40 != 0
        self.frame_number = data[1] << 8 | data[2]
        template = structure.templates[index]
        self.spatial_layer, self.temporal_layer = template.spatial, template.temporal
        self.reach = _reach(structure, indications or template.indications)
        return True

    def patch(self, out: bytearray, offset: int, picture_id: int, tl0: int) -> None:
        """Nothing in the payload numbers pictures."""


def _reach(structure: Structure, indications: tuple[int, ...]) -> int:
    reach = -1
    for (_, temporal), indication in zip(structure.targets, indications, strict=True):
        if indication == SWITCH and temporal > reach:
            reach = temporal
    return reach


def _read_structure(bits: BitReader) -> Structure:
    offset = bits.read(6)
    count = bits.read(5) + 1
    layers = _read_layers(bits)
    templates = tuple(
        Template(spatial, temporal, tuple(bits.read(2) for _ in range(count)))
        for spatial, temporal in layers
    )
    for _ in layers:
        while bits.flag():
            bits.skip(4)  # a reference, as a distance in frames
    _skip_chains(bits, count, len(layers))
    resolutions: tuple[tuple[int, int], ...] = ()
    if bits.flag():
        spatial_layers = layers[-1][0] + 1
        resolutions = tuple((bits.read(16) + 1, bits.read(16) + 1) for _ in range(spatial_layers))
    targets = tuple(_target(templates, number) for number in range(count))
    return Structure(offset, templates, targets, resolutions)


def _read_layers(bits: BitReader) -> list[tuple[int, int]]:
    """(spatial, temporal) of each template; they are ordered, so two bits tell the next."""
    spatial = temporal = 0
    layers = [(0, 0)]
    while (step := bits.read(2)) != _NO_MORE:
        if step == _NEXT_TEMPORAL:
            temporal += 1
        elif step == _NEXT_SPATIAL:
            spatial, temporal = spatial + 1, 0
        layers.append((spatial, temporal))
        if len(layers) > MAX_TEMPLATES or spatial > 3 or temporal > 7:
            raise MalformedPacket("a dependency structure of too many templates or layers")
    return layers


def _skip_chains(bits: BitReader, targets: int, templates: int) -> None:
    chains = bits.below(targets + 1)
    if not chains:
        return
    for _ in range(targets):
        bits.below(chains)
    bits.skip(4 * templates * chains)


def _target(templates: tuple[Template, ...], number: int) -> tuple[int, int]:
    members = [each for each in templates if each.indications[number] != NOT_PRESENT]
    return (
        max((each.spatial for each in members), default=0),
        max((each.temporal for each in members), default=0),
    )
