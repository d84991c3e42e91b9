"""The mosaic of a RAW file, and what is needed to make of it the same colours as LibRaw does.

LibRaw knows the levels and colours of a thousand cameras, and tells most of it. What it makes of a
photo is the proof: where its colours are others than what it told leads to, those that come nearest
are fitted to them, and where these differ too (sensors of other kinds, files with corrections of
their own), the mosaic is left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.filter_array import BAYER, KNOWN, FilterArray
from engine.hot_pixels import mend
from engine.mosaic import Mosaic
from engine.photo import FloatArray, floats
from engine.tone import Tone

if TYPE_CHECKING:
    from rawpy import RawPy

_RED, _GREEN, _BLUE, _OTHER_GREEN = range(4)
"""LibRaw's numbers of colours."""
_SRGB_TO_P3 = np.array(
    [
        (0.8224621, 0.1775380, 0.0),
        (0.0331942, 0.9668058, 0.0),
        (0.0170826, 0.0723974, 0.9105199),
    ]
)
_XYZ_OF_SRGB = np.array(
    [
        (0.4124564, 0.3575761, 0.1804375),
        (0.2126729, 0.7151522, 0.0721750),
        (0.0193339, 0.1191920, 0.9503041),
    ]
)
_LEAST_WHITE = 0.75
"""Share of a sensor's white from which on LibRaw takes the highest value in a file for it."""
_SQUARES = 8
"""Squares of two by two pixels along a side of the places whose colours are compared."""
_BRIGHTEST, _DARKEST = 0.9, 0.002
"""Light of places that are compared: others are cut off, or noise alone."""
_FEWEST = 12
"""Places that are enough to compare."""
_TRUST = 1e-5
"""How much what LibRaw tells of colours counts in a fit, as a share of what is seen: for photos of
few colours, which tell little of the others."""
_APART = 0.03
"""Most that colours may differ, on average, as a share of the brightest colour."""
_DETAIL_APART = 0.1
"""Most that pixels may be apart from LibRaw's, as a share of how much they differ in a place."""
_LIGHT_APART = 1e-3
"""Most that they may be apart beside that, and that black may: a hundred times what is usual."""
_LEAST_SPREAD = 1e-6
"""Variance of colours from which on it counts how what is left follows them."""
_LOOKED_AT = 1000
"""About so many places are compared pixel by pixel."""


def white_of(raw: RawPy) -> float:
    """What LibRaw takes for white, as a share of the white that the file tells. Asked for before it
    develops the file."""
    darkest = min(raw.black_level_per_channel)
    most, seen = raw.white_level - darkest, int(raw.raw_image_visible.max()) - darkest
    return seen / most if _LEAST_WHITE * most < seen < most else 1.0


def mend_pixels(raw: RawPy) -> None:
    """Mend the hot and the dead pixels of a Bayer or an X-Trans sensor where LibRaw holds them: so
    what it develops has none either, and none is taken for white. Asked for before `white_of`."""
    found = _place_of(raw)
    if found is not None:
        array, start, _ = found
        mend(raw.raw_image_visible, array, start)


def mosaic_of(raw: RawPy, share: float) -> Mosaic | None:
    """The mosaic of a file, as LibRaw holds it, with what it tells of levels and colours, and the
    share of its white that is white; None where it is not that of a Bayer or an X-Trans sensor.
    Asked for before LibRaw develops the file."""
    found = _place_of(raw)
    if found is None:
        return None
    array, start, colours = found
    values = np.array(raw.raw_image_visible)  # a copy: the memory is LibRaw's
    if array is BAYER:
        _even_out_greens(values, colours, raw.black_level_per_channel)
    black, gains = _levels(raw, share)
    return Mosaic(values, start, black, gains, floats(_told_matrix(raw)), Tone(), array)


def proven(told: Mosaic, light: NDArray[np.uint16], tone: Tone) -> Mosaic | None:
    """The mosaic, shown by `tone`, if its colours are those of the linear `light` (h / 2, w / 2, 3)
    to which LibRaw developed it; if not, with the matrix by which they come nearest, if that is
    near enough. None otherwise, and where black or single pixels are others than LibRaw's."""
    if light.shape != (*((n + 1) // 2 for n in told.values.shape), 3):
        return None
    squares = _squares(told)
    light = light[: squares.shape[1], : squares.shape[2]]
    camera, meant = _places(floats(squares.mean(0)), light)
    if len(camera) < _FEWEST:
        return None
    spread = camera.T @ camera
    trust = _TRUST * np.trace(spread) * np.eye(3)
    fitted = np.linalg.solve(spread + trust, camera.T @ meant + trust @ told.matrix.T).T
    for matrix in (told.matrix, fitted):
        apart = np.abs(camera @ matrix.T - meant).mean(0) / meant.max()
        is_near = max(apart.max(), np.abs(matrix.sum(1) - 1).max()) <= _APART
        if is_near and _is_alike_in_detail(squares, floats(matrix), light):
            return replace(told, matrix=floats(matrix), tone=tone)
    return None


def _place_of(raw: RawPy) -> tuple[FilterArray, tuple[int, int], NDArray[np.int_]] | None:
    """The kind of array a sensor has, where in it the first pixel seen lies, and the colours of the
    first pixels, by LibRaw's numbers; None for sensors of other kinds."""
    seen = _first_colours(raw)
    if seen is None:
        return None
    array, colours = seen
    start = array.start_of(np.where(colours == _OTHER_GREEN, _GREEN, colours))
    return None if start is None else (array, start, colours)


def _first_colours(raw: RawPy) -> tuple[FilterArray, NDArray[np.int_]] | None:
    """The kind of array a sensor has by how often its colours repeat, and those of the first pixels
    that are seen, by LibRaw's numbers; None for sensors of other kinds."""
    from rawpy import RawType

    pattern = raw.raw_pattern if raw.raw_type is RawType.Flat else None
    if pattern is None or raw.color_desc != b"RGBG" or raw.num_colors != 3:
        return None
    for array in KNOWN:
        if pattern.shape == array.colours.shape:
            top, left = raw.sizes.top_margin, raw.sizes.left_margin
            side = range(array.period)
            colours = [[raw.raw_color(top + y, left + x) for x in side] for y in side]
            return array, np.array(colours)
    return None


def _even_out_greens(
    values: NDArray[np.uint16], square: NDArray[np.int_], blacks: Sequence[int]
) -> None:
    """Bring the other green of a mosaic (h, w) to the black of the first, where they differ."""
    lifted = blacks[_GREEN] - blacks[_OTHER_GREEN]
    if lifted and _OTHER_GREEN in square:
        row, column = np.argwhere(square == _OTHER_GREEN)[0]
        greens = values[row::2, column::2]
        greens[:] = np.clip(greens.astype(np.int32) + lifted, 0, 65535)


def _levels(
    raw: RawPy, share: float
) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Black, and the gain to white-balanced light, of red, green and blue."""
    blacks = raw.black_level_per_channel
    black = float(blacks[_RED]), float(blacks[_GREEN]), float(blacks[_BLUE])
    white = (raw.white_level - min(blacks)) * share
    balance = np.array(raw.camera_whitebalance[:3], np.float64)
    if not (balance > 0).all():
        balance = np.array(raw.daylight_whitebalance[:3], np.float64)
    red, green, blue = balance / balance.min() / max(white, 1)
    return black, (float(red), float(green), float(blue))


def _told_matrix(raw: RawPy) -> NDArray[np.float64]:
    """From the camera's white-balanced light to Display P3, by what LibRaw tells."""
    to_srgb = np.array(raw.color_matrix, np.float64)[:, :3]
    if not to_srgb.any():
        of_srgb = np.array(raw.rgb_xyz_matrix, np.float64)[:3] @ _XYZ_OF_SRGB
        whites = of_srgb.sum(1, keepdims=True)
        is_told = (whites > 0).all() and abs(np.linalg.det(of_srgb / whites)) > 1e-6
        to_srgb = np.linalg.inv(of_srgb / whites) if is_told else np.eye(3)
    return np.asarray(_SRGB_TO_P3 @ to_srgb)


def _squares(mosaic: Mosaic) -> FloatArray:
    """The camera's light in squares of two by two pixels, as LibRaw makes it at half size, (n, h //
    2, w // 2, 3): in each square one of n.

    Of an X-Trans sensor's greens it takes the last of the upper or of the lower row, whichever of
    its threads comes last, and where there is nothing but green the mean of what is red or blue
    beside it.
    """
    height, width = (n // 2 * 2 for n in mosaic.values.shape)
    values = np.maximum(mosaic.values[:height, :width], round(min(mosaic.black)))
    if mosaic.array is BAYER:
        row, column = mosaic.start
        red, blue = values[row::2, column::2], values[1 - row :: 2, 1 - column :: 2]
        green = floats(values[row::2, 1 - column :: 2]) + values[1 - row :: 2, column::2]
        squares = floats(np.stack((red, green / 2, blue), 2))[None]
    else:
        colours = mosaic.array.over((height, width), mosaic.start)
        squares = np.stack([_last_of_squares(values, colours, last) for last in (0, 1)])
    return floats((squares - floats(mosaic.black)) * floats(mosaic.gains))


def _last_of_squares(
    values: NDArray[np.uint16], colours: NDArray[np.uint8], last_row: int
) -> FloatArray:
    squares = np.full((*(n // 2 for n in values.shape), 3), np.nan, np.float32)
    for row in (1 - last_row, last_row):
        for column in range(2):
            at = slice(row, None, 2), slice(column, None, 2)
            for colour in range(3):
                np.copyto(squares[..., colour], values[at], where=colours[at] == colour)
    beside = np.pad(squares, ((0, 0), (1, 1), (0, 0)), "edge")
    return floats(np.where(np.isnan(squares), (beside[:, :-2] + beside[:, 2:]) / 2, squares))


def _places(
    squares: FloatArray, light: NDArray[np.uint16]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean colours of places neither cut off nor dark, (n, 3): the camera's, and those meant."""
    down, across = (n // _SQUARES for n in squares.shape[:2])
    if not (down and across):
        return np.zeros((0, 3)), np.zeros((0, 3))
    inner = slice(down * _SQUARES), slice(across * _SQUARES)
    means = (
        cv2.resize(floats(values[inner]), (across, down), interpolation=cv2.INTER_AREA)
        for values in (squares, light)
    )
    camera, meant = (mean.reshape(-1, 3).astype(np.float64) for mean in means)
    meant /= 65535
    both = np.concatenate((camera, meant), 1)
    usable = (both.max(1) < _BRIGHTEST) & (meant.min(1) > _DARKEST)  # false for what is no number
    return camera[usable], meant[usable]


def _is_alike_in_detail(squares: FloatArray, matrix: FloatArray, light: NDArray[np.uint16]) -> bool:
    """Whether black is that of LibRaw's `light`, and pixels of a place differ from one another as
    they do there, where patterns and lines may have been taken out that means do not show. True
    also where that cannot be told."""
    meant = _of_some_places(light) / np.float32(65535)
    tried = [_of_some_places(one) for one in squares]
    lefts = [meant - floats(camera @ matrix.T) for camera in tried]
    nearest = np.argmin([np.abs(left).sum(2) for left in lefts], 0)[None, ..., None]
    camera, left = (np.take_along_axis(np.stack(each), nearest, 0)[0] for each in (tried, lefts))
    all_three = np.concatenate((camera, meant - left, meant), 2)
    usable = (all_three.min((1, 2)) > 0) & (all_three.max((1, 2)) < _BRIGHTEST)
    if not usable.any():
        return True
    camera, meant, left = camera[usable], meant[usable], left[usable]
    is_even = np.median(_contrast(left) - _DETAIL_APART * _contrast(meant)) <= _LIGHT_APART
    return bool(is_even) and _at_black(camera, left) <= _LIGHT_APART


def _contrast(places: FloatArray) -> FloatArray:
    """How much pixels of each place, (places, pixels, 3), differ: their standard deviation."""
    return floats(np.sqrt(places.var(1).mean(1)))


def _at_black(camera: FloatArray, left: FloatArray) -> float:
    """What is `left` where the camera's colours are 0, by a line through both, (..., 3)."""
    x, y = (floats(p).reshape(-1, 3).astype(np.float64) for p in (camera, left))
    around = x - x.mean(0)
    spread = around.T @ around + _LEAST_SPREAD * len(x) * np.eye(3)
    slope = np.linalg.solve(spread, around.T @ (y - y.mean(0)))
    return float(np.abs(y.mean(0) - x.mean(0) @ slope).max())


def _of_some_places(values: NDArray[np.generic]) -> FloatArray:
    """The colours (h, w, 3) at each square of some places, (places, squares, 3)."""
    down, across = (n // _SQUARES for n in values.shape[:2])
    step = max(1, round((down * across / _LOOKED_AT) ** 0.5))
    inner = values[: down * _SQUARES, : across * _SQUARES]
    places = inner.reshape(down, _SQUARES, across, _SQUARES, 3)[::step, :, ::step]
    return floats(places.transpose(0, 2, 1, 3, 4).reshape(-1, _SQUARES**2, 3))
