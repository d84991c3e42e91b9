"""A photograph in memory: pixels together with all that must not be lost on the way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.stamps import Stamp

if TYPE_CHECKING:
    from engine.mosaic import Mosaic
    from engine.tone import Tone

FloatArray = NDArray[np.float32]


def floats(values: ArrayLike) -> FloatArray:
    """`values` as float32; themselves where they are that already."""
    return np.asarray(values, np.float32)


LUMA = floats([0.299, 0.587, 0.114])
"""Weights of red, green and blue in the luma of encoded values (ITU-R BT.601)."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of whole pixels; `left` and `top` are inside, `right` and `bottom` are not."""

    left: int
    top: int
    right: int
    bottom: int

    def __post_init__(self) -> None:
        if self.right <= self.left or self.bottom <= self.top:
            raise ValueError(f"an empty or reversed box: {self}")

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to index an array of shape (height, width, ...)."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def moved(self, right: int, down: int) -> Box:
        """The same box so many pixels further."""
        return Box(self.left + right, self.top + down, self.right + right, self.bottom + down)

    def times(self, scale: int) -> Box:
        """Where it lies in a picture `scale` times as large."""
        return Box(self.left * scale, self.top * scale, self.right * scale, self.bottom * scale)


@dataclass(frozen=True, slots=True)
class Profile:
    """The colour space of a photo's pixels.

    `icc` is the profile of the file byte for byte, or empty where the file has none; pixels
    without a profile are taken as sRGB.
    """

    icc: bytes = b""
    name: str = "sRGB"

    @property
    def is_srgb(self) -> bool:
        """Whether no conversion is needed because the file carries no profile at all."""
        return not self.icc


SRGB = Profile()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedText:
    """A text of a PNG file, such as its author; `translated` is the keyword in `language`."""

    keyword: str
    """1 to 79 characters of Latin-1."""
    text: str
    language: str = ""
    translated: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the file said about itself, as found; empty bytes where it said nothing.

    `exif` is a bare TIFF structure (no `Exif\\0\\0` prefix) whose orientation is already 1.
    `dpi` is (horizontal, vertical) in dots per inch.
    """

    exif: bytes = b""
    xmp: bytes = b""
    iptc: bytes = b""
    comment: str = ""
    """Of a JPEG or PNG file, which are the ones that have it."""
    texts: tuple[KeyedText, ...] = ()
    """Of a PNG file, all but the comment and what the fields above hold."""
    dpi: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """An upright photograph.

    `pixels` has shape (height, width, 3), RGB, float32, 0 to 1, finite and read-only; the values
    are those of the file divided by its full scale, in the encoding of `profile`, never converted.
    A gray file has three equal channels and `gray` set. `alpha` has shape (height, width), 0 to 1.
    `bits` is the depth of the file per channel: 8, 16 or 32 (float). `warnings` holds sentences
    for the user about what was lost or assumed while reading. `mosaic` is what the photo was
    developed from, where that is the RAW file of a Bayer or an X-Trans sensor; `tone` how bright
    the light of a RAW file is shown. `stamp` is how `source` looked when it was read. `intact` is
    a restored photo that came out as `source` shows it, in each of its `bits`.
    """

    pixels: FloatArray
    profile: Profile = SRGB
    metadata: Metadata = field(default_factory=Metadata)
    alpha: FloatArray | None = None
    bits: int = 8
    gray: bool = False
    source: Path | None = None
    warnings: tuple[str, ...] = ()
    mosaic: Mosaic | None = None
    tone: Tone | None = None
    stamp: Stamp | None = None
    intact: bool = False

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 3 or 0 in self.pixels.shape:
            raise ValueError(f"pixels are (height, width, 3), not {self.pixels.shape}")
        if self.pixels.dtype != np.float32:
            raise ValueError(f"pixels are float32, not {self.pixels.dtype}")
        if self.alpha is not None and self.alpha.shape != self.pixels.shape[:2]:
            raise ValueError(f"alpha {self.alpha.shape} does not fit {self.pixels.shape}")
        if self.mosaic is not None and self.mosaic.values.shape != self.pixels.shape[:2]:
            raise ValueError(f"mosaic {self.mosaic.values.shape} does not fit {self.pixels.shape}")
        if self.bits not in (8, 16, 32):
            raise ValueError(f"a photo has 8, 16 or 32 bits, not {self.bits}")
        self.pixels.setflags(write=False)
        if self.alpha is not None:
            self.alpha.setflags(write=False)

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def megapixels(self) -> float:
        return self.width * self.height / 1e6

    @property
    def whole(self) -> Box:
        return Box(0, 0, self.width, self.height)

    def cropped(self, box: Box) -> Photo:
        """The part inside `box`, sharing memory with this photo."""
        if box.left < 0 or box.top < 0 or box.right > self.width or box.bottom > self.height:
            raise ValueError(f"{box} reaches outside a photo of {self.width} x {self.height}")
        alpha = None if self.alpha is None else self.alpha[box.slices]
        mosaic = None if self.mosaic is None else self.mosaic.cropped(box)
        return replace(self, pixels=self.pixels[box.slices], alpha=alpha, mosaic=mosaic)
