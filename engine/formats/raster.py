"""What a reader of one file format hands over: the picture as the file stores it."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.colour import profile_of_primaries
from engine.mosaic import Mosaic
from engine.photo import Metadata
from engine.tone import Tone

Samples = NDArray[np.number]


class Unreadable(Exception):
    """The file holds no picture that can be read.

    The text goes on after the file's name in the sentence for the user: "is cut short". `remedy` is
    what helps, a sentence; none for what another program may tell more of.
    """

    def __init__(self, text: str, remedy: str = "") -> None:
        super().__init__(text)
        self.remedy = remedy


ANIMATION_NOTE = "It is an animation; only its first picture was read."

DECODER_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
"""What decoders raise on damaged files. Fuzzed files brought up every one of these."""


class Channels(Enum):
    """What the samples of one pixel mean, in their order."""

    GRAY = "gray"
    GRAY_ALPHA = "gray and alpha"
    RGB = "red, green, blue"
    RGBA = "red, green, blue, alpha"
    CMYK = "four inks"
    CMYKA = "four inks and alpha"
    LAB = "lightness and two colour differences"

    @property
    def count(self) -> int:
        return _COUNTS[self]

    @property
    def has_alpha(self) -> bool:
        return self in (Channels.GRAY_ALPHA, Channels.RGBA, Channels.CMYKA)

    @property
    def is_gray(self) -> bool:
        return self in (Channels.GRAY, Channels.GRAY_ALPHA)

    @property
    def is_ink(self) -> bool:
        return self in (Channels.CMYK, Channels.CMYKA)


_COUNTS = {
    Channels.GRAY: 1,
    Channels.GRAY_ALPHA: 2,
    Channels.RGB: 3,
    Channels.RGBA: 4,
    Channels.CMYK: 4,
    Channels.CMYKA: 5,
    Channels.LAB: 3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a file says before any pixel is decoded. Width and height are those stored."""

    width: int
    height: int
    orientation: int = 1
    bits: int | None = None
    """As in `Raster`; None where only the pixels tell."""
    icc: bytes = b""
    metadata: Metadata = field(default_factory=Metadata)
    warnings: tuple[str, ...] = ()
    is_light: bool = False
    """Whether its raster will have a `tone`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raster:
    """Decoded pixels, not yet upright: `samples` is (height, width) or (height, width, channels).

    `full_scale` is the value of white (or of full ink). `inverted` means that 0 is white.
    `premultiplied` means that colours were multiplied by alpha. Lab samples are already
    L 0 to 100 with a and b around 0, and `full_scale` is 1.
    """

    samples: Samples
    channels: Channels
    full_scale: float = 255
    bits: int = 8
    inverted: bool = False
    premultiplied: bool = False
    warnings: tuple[str, ...] = ()
    mosaic: Mosaic | None = None
    """What the samples were made of, pixel for pixel and not yet upright either."""
    tone: Tone | None = None
    """The curve by which light of Display P3 became samples, where that is what they are."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How one format is read.

    Both functions raise `Unreadable`, or any of `DECODER_ERRORS` where the file is damaged.
    """

    matches: Callable[[bytes], bool]
    """Whether a file that starts with these (up to 64) bytes is of the format."""
    survey: Callable[[Path], Header]
    decode: Callable[[Path], Raster]


def channels_of(samples: Samples) -> Channels:
    """The meaning of 1 to 4 samples a pixel where the format has no inks."""
    count = 1 if samples.ndim == 2 else samples.shape[2]
    by_count = {1: Channels.GRAY, 2: Channels.GRAY_ALPHA, 3: Channels.RGB, 4: Channels.RGBA}
    if samples.ndim not in (2, 3) or count not in by_count:
        raise Unreadable("has an unusual number of channels")
    return by_count[count]


def icc_of_numbers(primaries: int, curve: int) -> tuple[bytes, str]:
    """A profile for colours named by the numbers of ITU-T H.273, and what to tell the user."""
    profile = profile_of_primaries(primaries, curve)
    if profile is None:
        return b"", "Its colours are of a kind (HDR) that cannot be converted; taken as sRGB."
    return profile.icc, ""


def raster_of(samples: Samples) -> Raster:
    """Gray or RGB with or without alpha, at the full scale of its integer type."""
    bits = samples.dtype.itemsize * 8
    full_scale = float(2**bits - 1)
    return Raster(samples=samples, channels=channels_of(samples), full_scale=full_scale, bits=bits)
