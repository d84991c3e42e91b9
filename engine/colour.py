"""Between a photo's own colour space and sRGB, in float, plus the inks and Lab that files hold.

The networks see sRGB; the photo keeps its profile. Conversions are relative colorimetric with
black point compensation. Profiles of curves and a matrix are computed in `engine.icc`, all others
(tables measured for scanners, printers, inks) by lcms2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from engine.icc import (
    MatrixProfile,
    colour_space,
    converted,
    dateless,
    description,
    encoded_srgb,
    matrix_profile,
    srgb,
    srgb_icc,
)
from engine.photo import SRGB, FloatArray, Profile
from engine.resources import resource

_SAME = 0.5 / 255
"""Profiles that differ from sRGB by less than half an 8-bit step everywhere are sRGB."""
_PRIMARIES = {
    1: ("sRGB primaries", ((0.64, 0.33), (0.3, 0.6), (0.15, 0.06))),
    9: ("Rec. 2020 primaries", ((0.708, 0.292), (0.17, 0.797), (0.131, 0.046))),
    12: ("Display P3 primaries", ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06))),
}
_CURVES: dict[int, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    8: lambda v: v,
    13: lambda v: np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4),
}
"""Encoded value to light."""
_MEANT = {2: 1, 5: 1, 6: 1}
_MEANT_CURVES = dict.fromkeys((1, 2, 6, 14, 15), 13)
_LCMS_ERRORS = (RuntimeError, ValueError, TypeError)


def to_srgb(pixels: FloatArray, profile: Profile) -> FloatArray:
    """`pixels` (h, w, 3), 0 to 1, in `profile`, as sRGB-encoded values clipped to 0 to 1.

    Returns the very array where nothing is to do: no profile, sRGB, or a profile that is broken.
    """
    return _way(profile.icc).to_srgb(pixels)


def from_srgb(pixels: FloatArray, profile: Profile) -> FloatArray:
    """sRGB-encoded `pixels` (h, w, 3), 0 to 1, in `profile`, clipped to 0 to 1.

    A gray profile gives three equal channels. Returns the very array where nothing is to do.
    """
    return _way(profile.icc).from_srgb(pixels)


def usable(profile: Profile) -> bool:
    """Whether the profile is intact and describes RGB or gray; true where there is none."""
    return not profile.icc or not isinstance(_way(profile.icc), _Unusable)


def reversible(profile: Profile) -> bool:
    """Whether `from_srgb` can undo `to_srgb`, which tables made for a scanner alone cannot."""
    return _way(profile.icc).reversible


def is_srgb(profile: Profile) -> bool:
    """Whether conversion would change nothing that can be seen; true where there is no profile."""
    return isinstance(_way(profile.icc), _Same) and usable(profile)


def profile_of(icc: bytes) -> Profile:
    """A `Profile` with the name it gives itself."""
    if not icc:
        return SRGB
    return Profile(icc, description(icc) or "unnamed profile")


@lru_cache(maxsize=1)
def adobe_rgb() -> Profile:
    """Adobe RGB (1998), for cameras that name it in a tag instead of embedding a profile."""
    return Profile(resource("profiles", "AdobeCompat-v2.icc").read_bytes(), "Adobe RGB compatible")


@lru_cache(maxsize=16)
def profile_of_primaries(primaries: int, curve: int) -> Profile | None:
    """A profile for the numbers of ITU-T H.273, as newer formats use in place of one.

    None where the numbers are unknown or mean high dynamic range.
    """
    # "Unspecified" (2) is sRGB. The curves of video are what cameras of stills write, but no
    # program that shows stills follows them.
    primaries, curve = _MEANT.get(primaries, primaries), _MEANT_CURVES.get(curve, curve)
    if primaries not in _PRIMARIES or curve not in _CURVES:
        return None
    if (primaries, curve) == (1, 13):
        return SRGB
    name, points = _PRIMARIES[primaries]
    icc = imagecodecs.cms_profile(
        "rgb",
        whitepoint=(0.3127, 0.329, 1.0),
        primaries=[value for x, y in points for value in (x, y, 1.0)],
        transferfunction=_CURVES[curve](np.linspace(0, 1, 4096)).astype(np.float32),
    )
    return Profile(dateless(icc), name)


def cmyk_to_srgb(inks: FloatArray, icc: bytes) -> FloatArray:
    """`inks` (h, w, 4), 0 no ink to 1 full, as sRGB (h, w, 3).

    `icc` is what `cmyk_profile` gave.
    """
    rgb = imagecodecs.cms_transform(
        inks * np.float32(100),  # lcms2 counts ink in percent
        icc,
        srgb_icc(),
        colorspace="cmyk",
        outcolorspace="rgb",
        outdtype="float32",
        intent=imagecodecs.CMS.INTENT.RELATIVE_COLORIMETRIC,
        flags=imagecodecs.CMS.FLAGS.BLACKPOINTCOMPENSATION,
    )
    clipped: FloatArray = np.clip(rgb, 0, 1, out=rgb)
    return clipped


@lru_cache(maxsize=8)
def cmyk_profile(icc: bytes) -> tuple[bytes, bool]:
    """The profile to convert inks with, and whether it is the embedded one.

    Without a usable one it is a stand-in for US Web Coated (SWOP), the default of the programs
    that most such files come from.
    """
    if colour_space(icc) == "CMYK":
        try:
            cmyk_to_srgb(np.zeros((1, 1, 4), np.float32), icc)
        except _LCMS_ERRORS:
            pass
        else:
            return icc, True
    return resource("profiles", "CGATS001Compat-v2-micro.icc").read_bytes(), False


def lab_to_srgb(lab: FloatArray) -> FloatArray:
    """CIE L*a*b* under D50, `lab` (h, w, 3) with L 0 to 100, as sRGB clipped to 0 to 1."""
    middle = (lab[..., 0].astype(np.float64) + 16) / 116
    f = np.stack([middle + lab[..., 1] / 500, middle, middle - lab[..., 2] / 200], axis=-1)
    xyz = np.where(f > 6 / 29, f**3, (f - 4 / 29) * (108 / 841))
    xyz *= (0.9642, 1.0, 0.8249)
    result = np.empty(lab.shape, np.float32)
    encoded_srgb(xyz, result)
    return result


class _Way(Protocol):
    """How the pixels of one profile reach sRGB and come back."""

    @property
    def reversible(self) -> bool: ...

    def to_srgb(self, pixels: FloatArray) -> FloatArray: ...

    def from_srgb(self, pixels: FloatArray) -> FloatArray: ...


class _Same:
    """The profile is sRGB."""

    reversible = True

    def to_srgb(self, pixels: FloatArray) -> FloatArray:
        return pixels

    def from_srgb(self, pixels: FloatArray) -> FloatArray:
        return pixels


class _Unusable(_Same):
    """The profile is damaged or not one of RGB or gray, so the pixels are taken as sRGB."""


@dataclass(frozen=True, slots=True)
class _Matrix:
    profile: MatrixProfile
    reversible: bool = True

    def to_srgb(self, pixels: FloatArray) -> FloatArray:
        return converted(pixels, self.profile, srgb())

    def from_srgb(self, pixels: FloatArray) -> FloatArray:
        return converted(pixels, srgb(), self.profile)


@dataclass(frozen=True, slots=True)
class _Lcms:
    icc: bytes
    gray: bool
    reversible: bool = True

    def to_srgb(self, pixels: FloatArray) -> FloatArray:
        source = pixels[..., :1] if self.gray else pixels
        return _transformed(source, self.icc, srgb_icc(), "gray" if self.gray else "rgb", "rgb")

    def from_srgb(self, pixels: FloatArray) -> FloatArray:
        if not self.reversible:
            return pixels
        space = "gray" if self.gray else "rgb"
        result = _transformed(pixels, srgb_icc(), self.icc, "rgb", space)
        return np.repeat(result.reshape(*pixels.shape[:2], 1), 3, axis=2) if self.gray else result


def _transformed(
    pixels: FloatArray, source: bytes, target: bytes, space: str, target_space: str
) -> FloatArray:
    result = imagecodecs.cms_transform(
        np.ascontiguousarray(pixels),
        source,
        target,
        colorspace=space,
        outcolorspace=target_space,
        outdtype="float32",
        intent=imagecodecs.CMS.INTENT.RELATIVE_COLORIMETRIC,
        flags=imagecodecs.CMS.FLAGS.BLACKPOINTCOMPENSATION,
    )
    np.nan_to_num(result, copy=False)
    clipped: FloatArray = np.clip(result, 0, 1, out=result)
    return clipped


@lru_cache(maxsize=32)
def _way(icc: bytes) -> _Way:
    if not icc:
        return _Same()
    way = _found_way(icc)
    if isinstance(way, _Unusable):
        return way
    probe = _probe()
    if colour_space(icc) == "GRAY":
        probe = np.repeat(probe[:1, :, :1], 3, axis=2)
    return _Same() if np.abs(way.to_srgb(probe) - probe).max() <= _SAME else way


def _found_way(icc: bytes) -> _Way:
    if colour_space(icc) not in ("RGB", "GRAY"):
        return _Unusable()
    matrix = matrix_profile(icc)
    if matrix is not None:
        return _Matrix(matrix)
    way = _Lcms(icc, gray=colour_space(icc) == "GRAY")
    try:
        way.to_srgb(_probe())
    except _LCMS_ERRORS:
        return _Unusable()
    try:
        way.from_srgb(_probe())
    except _LCMS_ERRORS:
        return _Lcms(icc, way.gray, reversible=False)
    return way


def _probe() -> FloatArray:
    """(10, 81, 3): a row of grays, then a grid of nine values in each channel."""
    steps = np.linspace(0, 1, 9, dtype=np.float32)
    grid: NDArray[np.float32] = np.stack(np.meshgrid(steps, steps, steps), axis=-1)
    grays = np.repeat(np.linspace(0, 1, 81, dtype=np.float32)[None, :, None], 3, axis=2)
    return np.concatenate([grays, grid.reshape(9, 81, 3)])
