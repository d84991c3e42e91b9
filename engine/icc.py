"""ICC profiles made of tone curves and a matrix, computed here in float.

Nearly every profile inside a photo is of this kind. The general engine (lcms2) takes a quarter of
a second for a megapixel of floats and loses the darkest values of a pure gamma curve; these two
tables and one matrix take a tenth of that and invert to within 1e-5.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import imagecodecs
import numpy as np
from numpy.typing import NDArray

from engine.photo import FloatArray

_STEPS = 65535
"""Intervals of a table, so that every 16-bit value falls on an entry."""
_PIXELS_AT_ONCE = 1 << 15
"""Few enough that all intermediate arrays stay in the cache of one core."""
_SRGB_POINTS = (0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)
_WHITE = np.array([0.9642, 1.0, 0.8249])
"""The D50 white of the profile connection space."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A rising tone curve, as a table for each direction.

    `linear[k]` is the light at the encoded value k / 65535. `encoded[k]` is the encoded value at
    the light (k / 65535) squared: the square spreads the shadows, where curves are steep. Both
    repeat their last entry so that the one after any position exists.
    """

    linear: FloatArray
    encoded: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class MatrixProfile:
    """One tone curve per channel, then `to_pcs` (3, 3) from linear light to XYZ under D50.

    A gray profile has a single curve and the matrix of sRGB.
    """

    curves: tuple[Curve, ...]
    to_pcs: NDArray[np.float64]


def tags_of(icc: bytes) -> dict[bytes, bytes]:
    """The tagged parts of a profile by their four-letter name; raises `ValueError` if damaged."""
    if len(icc) < 132 or icc[36:40] != b"acsp":
        raise ValueError("not an ICC profile")
    (count,) = struct.unpack_from(">I", icc, 128)
    if count > 200 or 132 + 12 * count > len(icc):
        raise ValueError("the table of tags is damaged")
    tags = {}
    for index in range(count):
        name, start, size = struct.unpack_from(">4sII", icc, 132 + 12 * index)
        if start + size > len(icc):
            raise ValueError(f"the tag {name!r} reaches past the end")
        tags[name] = icc[start : start + size]
    return tags


def colour_space(icc: bytes) -> str:
    """What the profile's device values are: "RGB", "GRAY", "CMYK", …; empty if it is none."""
    return icc[16:20].decode("latin-1").strip() if icc[36:40] == b"acsp" else ""


def description(icc: bytes) -> str:
    """The name a profile gives itself, or an empty string."""
    try:
        text = tags_of(icc).get(b"desc", b"")
    except ValueError:
        return ""
    if text[:4] == b"mluc" and len(text) >= 28:
        size, start = struct.unpack_from(">II", text, 20)
        name = text[start : start + size].decode("utf-16-be", "replace")
    elif text[:4] == b"desc" and len(text) >= 12:
        (size,) = struct.unpack_from(">I", text, 8)
        name = text[12 : 12 + size].decode("latin-1")
    else:
        return ""
    return name.split("\0")[0].strip()


def matrix_profile(icc: bytes) -> MatrixProfile | None:
    """The profile as curves and a matrix, or None where it is of another kind or damaged."""
    try:
        tags = tags_of(icc)
        if icc[20:24] != b"XYZ " or any(name[:3] in (b"A2B", b"B2A", b"D2B") for name in tags):
            return None
        if colour_space(icc) == "GRAY":
            return MatrixProfile((_curve(tags[b"kTRC"]),), srgb().to_pcs)
        if colour_space(icc) != "RGB":
            return None
        curves = tuple(_curve(tags[name]) for name in (b"rTRC", b"gTRC", b"bTRC"))
        columns = [_xyz(tags[name]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]
        return MatrixProfile(curves, _white_preserving(np.array(columns).T))
    except (KeyError, ValueError, struct.error):
        return None


@lru_cache(maxsize=1)
def srgb() -> MatrixProfile:
    """sRGB itself, with the constants that lcms2 writes into its own profile."""
    tags = tags_of(srgb_icc())
    columns = [_xyz(tags[name]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]
    return MatrixProfile((_curve(tags[b"rTRC"]),) * 3, _white_preserving(np.array(columns).T))


@lru_cache(maxsize=1)
def srgb_icc() -> bytes:
    return imagecodecs.cms_profile("srgb")


def gamma_icc(gamma: float, points: Sequence[float], *, gray: bool) -> bytes:
    """A profile of a pure `gamma` and the chromaticities x, y of white, red, green and blue.

    Empty where sRGB is meant, whose curve is about 2.2, and where no colour space has such numbers.
    """
    is_srgb = np.allclose(points, _SRGB_POINTS, atol=0.003) or gray
    if not 0.2 <= gamma <= 5 or (is_srgb and abs(gamma - 2.2) < 0.05):
        return b""
    pairs = [(*points[place : place + 2], 1.0) for place in range(0, 8, 2)]
    try:
        if gray:
            return dateless(imagecodecs.cms_profile("gray", whitepoint=pairs[0], gamma=gamma))
        primaries = [value for pair in pairs[1:] for value in pair]
        icc = imagecodecs.cms_profile("rgb", whitepoint=pairs[0], primaries=primaries, gamma=gamma)
    except (RuntimeError, ValueError):
        return b""
    return dateless(icc)


def dateless(icc: bytes) -> bytes:
    """A profile without the day on which it was made, which is no fact about a photo."""
    return icc[:24] + bytes(12) + icc[36:84] + bytes(16) + icc[100:]


def converted(pixels: FloatArray, source: MatrixProfile, target: MatrixProfile) -> FloatArray:
    """`pixels` (h, w, 3), 0 to 1, from one profile to the other, clipped to 0 to 1."""
    matrix = np.asarray(np.linalg.inv(target.to_pcs) @ source.to_pcs, np.float64)
    result = np.empty(pixels.shape, np.float32)
    rows = max(1, _PIXELS_AT_ONCE // pixels.shape[1])
    for top in range(0, pixels.shape[0], rows):
        here = slice(top, top + rows)
        light = _multiplied(_linear(pixels[here], source), matrix)
        _encode(light, target, result[here])
    return result


def encoded_srgb(xyz: NDArray[np.float64], result: FloatArray) -> None:
    """Fill `result` (h, w, 3) with sRGB values, 0 to 1, of `xyz` (h, w, 3) under D50."""
    _encode(_multiplied(xyz, np.asarray(np.linalg.inv(srgb().to_pcs), np.float64)), srgb(), result)


def _multiplied(light: NDArray[np.float64], matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    # Ten times as fast as a product with `@`, which is made for large matrices.
    product: NDArray[np.float64] = cv2.transform(light, matrix).astype(np.float64, copy=False)
    return product


def _linear(pixels: FloatArray, profile: MatrixProfile) -> NDArray[np.float64]:
    # In double precision: a dark channel beside a bright one would drown in the rounding of the
    # matrix product, and a pure gamma curve then blows that rounding up a thousandfold.
    if len(profile.curves) == 1:
        gray = _looked_up(profile.curves[0].linear, pixels[..., 0])
        return np.repeat(gray.astype(np.float64)[..., None], 3, axis=2)
    light = np.empty(pixels.shape, np.float64)
    for channel, curve in enumerate(profile.curves):
        light[..., channel] = _looked_up(curve.linear, pixels[..., channel])
    return light


def _encode(light: NDArray[np.float64], profile: MatrixProfile, result: FloatArray) -> None:
    np.clip(light, 0, 1, out=light)
    if len(profile.curves) == 1:
        luminance = np.clip(light @ profile.to_pcs[1], 0, 1)
        result[...] = _looked_up(profile.curves[0].encoded, np.sqrt(luminance))[..., None]
        return
    np.sqrt(light, out=light)
    for channel, curve in enumerate(profile.curves):
        result[..., channel] = _looked_up(curve.encoded, light[..., channel])


def _looked_up(table: FloatArray, values: NDArray[np.floating]) -> FloatArray:
    """Linear interpolation between the entries of `table`, of which `values` 0 to 1 span all."""
    place = np.clip(values, 0, 1) * np.float32(_STEPS)
    below = place.astype(np.int32)
    place -= below
    low: FloatArray = table.take(below)
    below += 1
    high: FloatArray = table.take(below)
    high -= low
    high *= place.astype(np.float32, copy=False)
    high += low
    return high


@lru_cache(maxsize=64)
def _curve(tag: bytes) -> Curve:
    grid = np.linspace(0, 1, _STEPS + 1)
    if tag[:4] == b"para":
        linear = _parametric(tag, grid)
    elif tag[:4] == b"curv":
        linear = _sampled(tag, grid)
    else:
        raise ValueError(f"an unknown kind of curve: {tag[:4]!r}")
    rising = np.maximum.accumulate(np.clip(linear, 0, 1))
    # The two pieces of a parametric curve may miss each other by the rounding of its numbers.
    if np.any(rising - np.clip(linear, 0, 1) > 1e-3) or rising[-1] <= rising[0]:
        raise ValueError("a curve that does not rise cannot be inverted")
    linear = rising
    encoded = np.interp(grid * grid, linear, grid)
    return Curve(*(np.append(t, t[-1]).astype(np.float32) for t in (linear, encoded)))


def _sampled(tag: bytes, grid: NDArray[np.float64]) -> NDArray[np.float64]:
    (count,) = struct.unpack_from(">I", tag, 8)
    if count == 0:
        return grid
    values = np.frombuffer(tag, ">u2", count, 12).astype(np.float64)
    if count == 1:
        return np.asarray(np.power(grid, values[0] / 256), np.float64)
    return np.interp(grid, np.linspace(0, 1, count), values / 65535)


def _parametric(tag: bytes, grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """The five formulas of ICC.1:2010, table 65, all as (a x + b)^g + e above d, else c x + f."""
    (kind,) = struct.unpack_from(">H", tag, 8)
    count = {0: 1, 1: 3, 2: 4, 3: 5, 4: 7}.get(kind)
    if count is None:
        raise ValueError(f"an unknown parametric curve: {kind}")
    given = [value / 65536 for value in struct.unpack_from(f">{count}i", tag, 12)]
    gamma, a, b, c, d, e, f = (given + [0.0] * 7)[:7]
    if kind == 0:
        a = 1.0
    if kind in (1, 2):
        e = f = c
        c, d = 0.0, -b / a if a else 0.0
    with np.errstate(invalid="ignore"):
        curved = np.maximum(a * grid + b, 0) ** gamma + e
    linear: NDArray[np.float64] = np.where(grid >= d, curved, c * grid + f)
    return linear


def _xyz(tag: bytes) -> tuple[float, float, float]:
    if tag[:4] != b"XYZ ":
        raise ValueError("a colorant is not an XYZ value")
    x, y, z = struct.unpack_from(">3i", tag, 8)
    return x / 65536, y / 65536, z / 65536


def _white_preserving(to_pcs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale the matrix so that white is exactly D50, or else grays would pick up a tint."""
    white = to_pcs.sum(axis=1)
    if np.any(np.abs(white - _WHITE) > 0.03) or abs(np.linalg.det(to_pcs)) < 1e-4:
        raise ValueError("the colorants do not add up to white")
    scaled: NDArray[np.float64] = to_pcs * (_WHITE / white)[:, None]
    return scaled
