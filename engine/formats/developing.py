"""From the samples of a file to a `Photo`: upright, float, colours separated from alpha.

Done in strips of rows, so that no second picture of floats ever stands in memory.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from engine import exif, metadata
from engine.colour import (
    adobe_rgb,
    cmyk_profile,
    cmyk_to_srgb,
    lab_to_srgb,
    profile_of,
    reversible,
    to_srgb,
    usable,
)
from engine.formats.raster import Channels, Header, Raster, Samples
from engine.icc import colour_space
from engine.mosaic import Mosaic
from engine.photo import SRGB, FloatArray, Metadata, Photo, Profile

_PIXELS_AT_ONCE = 1 << 19
_SENSIBLE_DPI = (1, 60000)


def developed(header: Header, raster: Raster, source: Path) -> Photo:
    """The photo that a file holds."""
    notes = [*header.warnings, *raster.warnings]
    carried, damage = metadata.settled(header.metadata)
    profile, icc = _profile(header, raster.channels, carried, notes)
    pixels, alpha, overshoots = _pixels(raster, header.orientation, icc)
    if overshoots:
        notes.append("Values outside black to white were clipped.")
    if not reversible(profile):
        # No result could be brought back into a space that leads only one way.
        pixels, profile = to_srgb(pixels, profile), SRGB
        notes.append("Its scanner profile leads one way only; the photo was converted to sRGB.")
    return Photo(
        pixels=pixels,
        profile=profile,
        metadata=replace(carried, dpi=_turned(_sensible(carried.dpi), header.orientation)),
        alpha=alpha,
        bits=raster.bits,
        gray=raster.channels.is_gray,
        source=source,
        warnings=(*notes, *damage),
        mosaic=_upright_mosaic(raster.mosaic, header.orientation),
        tone=raster.tone,
    )


def upright(samples: Samples, orientation: int) -> Samples:
    """A view of the samples as the photo is meant to be seen (EXIF orientation 1 to 8)."""
    if orientation >= 5:
        samples = np.swapaxes(samples, 0, 1)
    if orientation in (3, 4, 7, 8):
        samples = samples[::-1]
    if orientation in (2, 3, 6, 7):
        samples = samples[:, ::-1]
    return samples


def _upright_mosaic(mosaic: Mosaic | None, orientation: int) -> Mosaic | None:
    if mosaic is None:
        return None
    return mosaic.turned(lambda values: upright(values, orientation))


def _profile(
    header: Header, channels: Channels, carried: Metadata, notes: list[str]
) -> tuple[Profile, bytes]:
    """The photo's profile, and the profile of inks to convert with."""
    if channels.is_ink:
        icc, is_embedded = cmyk_profile(header.icc)
        origin = "its own profile" if is_embedded else "a SWOP profile, as it has none of its own"
        notes.append(f"Its CMYK colours were converted to sRGB by {origin}.")
        return SRGB, icc
    if channels is Channels.LAB:
        notes.append("Its Lab colours were converted to sRGB.")
        return SRGB, b""
    profile = profile_of(header.icc)
    if colour_space(header.icc) not in ("", "RGB", "GRAY" if channels.is_gray else "RGB"):
        notes.append("Its colour profile is for another kind of picture; taken as sRGB.")
        return SRGB, b""
    if not usable(profile):
        notes.append("Its colour profile is damaged; its colours are taken as sRGB.")
    if not header.icc and carried.exif and exif.names_adobe_rgb(carried.exif):
        notes.append("It names Adobe RGB without a profile; one was added.")
        return adobe_rgb(), b""
    return profile, b""


def _pixels(
    raster: Raster, orientation: int, icc: bytes
) -> tuple[FloatArray, FloatArray | None, bool]:
    """Pixels (h, w, 3), alpha (h, w) if there is one, and whether values had to be clipped."""
    samples = upright(raster.samples, orientation)
    height, width = samples.shape[:2]
    pixels = np.empty((height, width, 3), np.float32)
    alpha = np.empty((height, width), np.float32) if raster.channels.has_alpha else None
    # Integers cannot overshoot, unless they are signed or fewer bits than their type has are used.
    is_plain = raster.full_scale in (255, 65535) and samples.dtype.kind == "u"
    overshoots = False
    rows = max(1, _PIXELS_AT_ONCE // width)
    for top in range(0, height, rows):
        here = slice(top, top + rows)
        strip = samples[here].astype(np.float32)
        strip = strip.reshape(*strip.shape[:2], -1)
        if raster.channels is Channels.LAB:
            pixels[here] = lab_to_srgb(strip)
            continue
        colours = strip[..., :-1] if alpha is not None else strip
        if raster.inverted:
            np.subtract(np.float32(raster.full_scale), colours, out=colours)
        strip /= np.float32(raster.full_scale)
        if not is_plain:
            overshoots |= _clip(strip)
        if alpha is not None:
            alpha[here] = strip[..., -1]
            if raster.premultiplied:
                _divide(colours, alpha[here][..., None])
        pixels[here] = cmyk_to_srgb(colours, icc) if raster.channels.is_ink else colours
    return pixels, alpha, overshoots


def _clip(strip: FloatArray) -> bool:
    """Bring all values into 0 to 1 (what is no number becomes 0); whether that shows."""
    np.nan_to_num(strip, copy=False, nan=-1, posinf=2, neginf=-1)
    overshoots = bool(strip.max() > 1.002 or strip.min() < -0.002)
    np.clip(strip, 0, 1, out=strip)
    return overshoots


def _divide(colours: FloatArray, coverage: FloatArray) -> None:
    """Undo the multiplication of colours by their alpha."""
    np.divide(colours, coverage, out=colours, where=coverage > 0)
    np.clip(colours, 0, 1, out=colours)


def _sensible(dpi: tuple[float, float] | None) -> tuple[float, float] | None:
    low, high = _SENSIBLE_DPI
    return dpi if dpi and all(low <= value <= high for value in dpi) else None


def _turned(dpi: tuple[float, float] | None, orientation: int) -> tuple[float, float] | None:
    return (dpi[1], dpi[0]) if dpi and orientation >= 5 else dpi
