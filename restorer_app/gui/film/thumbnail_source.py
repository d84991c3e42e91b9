"""Small pictures for the filmstrip, quickly and in the right colours."""

from __future__ import annotations

import io
import logging
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from PySide6.QtGui import QImage

from engine.colour import to_srgb
from engine.errors import RestorerError
from engine.files import load
from engine.formats.developing import upright
from engine.formats.pillow import opened
from engine.formats.raster import Unreadable
from engine.formats.raw import SUFFIXES as RAW_SUFFIXES
from engine.formats.raw import preview_in
from engine.photo import SRGB, FloatArray, Profile, floats
from engine.resize import reduced
from restorer_app.gui.compare.display_colour import GROUND
from restorer_app.gui.compare.picture import seen_through

log = logging.getLogger(__name__)


def thumbnail(path: Path, side: int) -> QImage | None:
    """The photo with a longest side of at most `side` pixels, sRGB; None where there is none.

    JPEGs are decoded at a fraction of their size, which takes milliseconds.
    """
    try:
        pixels = _quick(path, side)
        if pixels is None:
            pixels = _thorough(path, side)
    except (RestorerError, OSError, ValueError, Image.DecompressionBombError) as error:
        log.info("no thumbnail of %s: %s", path.name, error)
        return None
    eight = np.ascontiguousarray(np.rint(np.clip(pixels, 0, 1) * 255).astype(np.uint8))
    height, width = eight.shape[:2]
    return QImage(eight.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def _quick(path: Path, side: int) -> FloatArray | None:
    """By the JPEG decoder's own shrinking; None for what is no plain RGB or gray JPEG, nor a RAW
    file with one in it."""
    if path.suffix.lower() in (".jpg", ".jpeg"):
        with Image.open(path) as image:
            return _shrunk(image, side)
    if path.suffix.lower() not in RAW_SUFFIXES:
        return None
    try:
        found = preview_in(path)
    except (Unreadable, MemoryError):
        return None  # whose sentence comes with a thorough look
    if found is None:
        return None
    data, orientation = found
    try:
        with opened(io.BytesIO(data), ("JPEG",)) as image:
            pixels = _shrunk(image, side, turned=False)
    except (OSError, ValueError):
        return None  # the photo itself may well be whole
    return None if pixels is None else np.ascontiguousarray(upright(pixels, orientation))


def _shrunk(image: Image.Image, side: int, *, turned: bool = True) -> FloatArray | None:
    """`turned` as its EXIF asks for."""
    if image.mode not in ("RGB", "L"):
        return None
    image.draft("RGB", (side, side))
    icc = image.info.get("icc_profile", b"")
    small = (ImageOps.exif_transpose(image) if turned else image).convert("RGB")
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    pixels = np.asarray(small, np.float32) / np.float32(255)
    return to_srgb(pixels, Profile(icc=bytes(icc)) if icc else SRGB)


def _thorough(path: Path, side: int) -> FloatArray:
    photo = load(path)
    shrink = min(1.0, side / max(photo.width, photo.height))
    width, height = max(1, round(photo.width * shrink)), max(1, round(photo.height * shrink))
    alpha = seen_through(photo)
    if alpha is None:
        return floats(to_srgb(reduced(photo.pixels, width, height), photo.profile))
    share = reduced(alpha[..., None], width, height)
    seen = reduced(photo.pixels * alpha[..., None], width, height) / np.maximum(share, 1e-6)
    return to_srgb(floats(seen), photo.profile) * share + np.float32(GROUND / 255) * (1 - share)
