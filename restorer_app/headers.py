"""The size of pictures that wait, read from their first bytes."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from engine.shelf import is_there

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_USUAL = 12.0
"""Megapixels of a photo about which nothing is known: a telephone's."""


def megapixels(path: Path) -> float | None:
    """The size that the header tells, without decoding a pixel; None where it cannot be read."""
    from PIL import Image

    from engine.formats.catalogue import reader_for
    from engine.formats.raster import DECODER_ERRORS, Unreadable
    from engine.formats.raw import SUFFIXES as RAW_SUFFIXES

    if not is_there(path):
        return None  # a pipe of that name would keep its reader waiting for ever
    try:
        # Pillow takes the small picture in a RAW file for the whole.
        formats = () if path.suffix.lower() in RAW_SUFFIXES else None
        with warnings.catch_warnings():
            # A suspiciously large picture is the loader's business, not that of an estimate.
            warnings.simplefilter("ignore")
            with Image.open(path, formats=formats) as picture:
                return picture.width * picture.height / 1e6
    except (*DECODER_ERRORS, Image.DecompressionBombError):
        pass
    # The engine knows more formats, but reads the whole file of most.
    try:
        with path.open("rb") as file:
            reader = reader_for(file.read(64), path.suffix.lower())
        header = reader.survey(path)
        return header.width * header.height / 1e6
    except (*DECODER_ERRORS, Unreadable):
        return None


def estimated_megapixels(paths: Iterable[Path]) -> list[float]:
    """A size for each path: its header's, or the mean of the others where it has none."""
    read = [megapixels(path) for path in paths]
    known = [size for size in read if size is not None]
    mean = sum(known) / len(known) if known else _USUAL
    return [mean if size is None else size for size in read]
