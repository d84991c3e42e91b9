"""From a picture's own colours to those of the screen, by one path for every picture.

file -> sRGB is the engine's conversion, the one that the networks see; sRGB -> screen is Qt's.
Where the screen's profile is unknown it is taken as sRGB, and nothing is converted.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColorSpace, QImage

from engine.colour import is_srgb, to_srgb
from engine.photo import FloatArray, Profile, floats

Pixels = NDArray[np.uint8 | np.uint16 | np.float32]
Shown = NDArray[np.uint8]
"""(h, w, 4), the bytes of QImage.Format_RGB32: blue, green, red, unused."""

GROUND = 119.0
"""What is seen through a photo: the gray halfway between black and white."""
_FULL_SCALE = {"u1": 1.0, "u2": 1 / 257, "f4": 255.0}


@dataclass(frozen=True, slots=True)
class ScreenColour:
    """The colours of a screen; `icc` is its profile, empty for sRGB."""

    icc: bytes = b""

    def __post_init__(self) -> None:
        if self.icc and not QColorSpace.fromIccProfile(self.icc).isValid():
            raise ValueError("not the profile of a screen")

    @property
    def is_srgb(self) -> bool:
        return not self.icc or _space(self.icc) == _srgb()

    def shown(self, pixels: Pixels, profile: Profile) -> Shown:
        """`pixels` (h, w, 3) in `profile`, as the screen's bytes, rounded to the nearest.

        uint8 and uint16 are full scale 255 and 65535, float32 is 0 to 1. On a screen that is not
        sRGB the conversion takes place in 16 bits, so that it adds no steps to a gradient.
        """
        encoded = encoded_srgb(pixels, profile)
        if self.is_srgb:
            return np.asarray(cv2.cvtColor(eight_bits(encoded), cv2.COLOR_RGB2BGRA), np.uint8)
        return self._converted(_sixteen_bits(encoded))

    def srgb(self, shown: Shown) -> NDArray[np.uint8]:
        """The sRGB values (h, w, 3) that are seen as `shown`, within a step of rounding."""
        if not self.is_srgb:
            height, width = shown.shape[:2]
            image = QImage(
                np.ascontiguousarray(shown).data, width, height, QImage.Format.Format_RGB32
            )
            change = _space(self.icc).transformationToColorSpace(_srgb())
            shown = _bytes_of(image.colorTransformed(change, QImage.Format.Format_RGB32))
        return np.asarray(cv2.cvtColor(shown, cv2.COLOR_BGRA2RGB), np.uint8)

    def _converted(self, pixels: NDArray[np.uint16]) -> Shown:
        height, width = pixels.shape[:2]
        four = cv2.cvtColor(pixels, cv2.COLOR_RGB2RGBA)
        image = QImage(four.data, width, height, width * 8, QImage.Format.Format_RGBX64)
        change = _srgb().transformationToColorSpace(_space(self.icc))
        return _bytes_of(image.colorTransformed(change, QImage.Format.Format_RGB32))


def encoded_srgb(pixels: Pixels, profile: Profile) -> Pixels:
    """`pixels` as sRGB: themselves where they are that already, else float32 0 to 1."""
    if is_srgb(profile):
        return pixels
    scale = {"u1": 255, "u2": 65535, "f4": 1}[pixels.dtype.str[1:]]
    return to_srgb(np.asarray(pixels, np.float32) / np.float32(scale), profile)


def over_ground(picture: NDArray[np.uint8], alpha: FloatArray | None) -> NDArray[np.uint8]:
    """`picture` (h, w, c) where `alpha` (h, w) is 1, gray where it is 0."""
    if alpha is None:
        return picture
    share = alpha[..., None]
    return np.asarray(np.rint(picture * share + GROUND * (1 - share)), np.uint8)


def eight_bits(pixels: Pixels) -> NDArray[np.uint8]:
    """sRGB values rounded to the nearest of 256 levels."""
    if pixels.dtype == np.uint8:
        return np.ascontiguousarray(pixels)
    scale = _FULL_SCALE[pixels.dtype.str[1:]]
    return np.asarray(cv2.convertScaleAbs(np.ascontiguousarray(pixels), alpha=scale), np.uint8)


def _sixteen_bits(pixels: Pixels) -> NDArray[np.uint16]:
    if pixels.dtype == np.uint16:
        return np.ascontiguousarray(pixels)
    if pixels.dtype == np.uint8:
        return pixels.astype(np.uint16) * np.uint16(257)
    scaled = np.clip(floats(pixels), 0, 1) * np.float32(65535)
    return np.asarray(np.rint(scaled), np.uint16)


def _bytes_of(image: QImage) -> Shown:
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(-1, image.bytesPerLine())
    return lines[:, : image.width() * 4].reshape(image.height(), image.width(), 4).copy()


def _srgb() -> QColorSpace:
    return QColorSpace(QColorSpace.NamedColorSpace.SRgb)


def _space(icc: bytes) -> QColorSpace:
    return QColorSpace.fromIccProfile(icc)
