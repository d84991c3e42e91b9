"""The middles of photographs that something is measured on."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from engine.errors import BadPhoto
from engine.photo import FloatArray
from trainer.bench.pictures import picture
from trainer.option_values import LEAST_SIDE

log = logging.getLogger(__name__)


def crops(paths: Sequence[Path], side: int) -> Iterator[tuple[Path, FloatArray]]:
    """Each photograph with the middle of it.

    Those that cannot be read, and those too small for the measures, are named in the log and left
    out: they must not end what has measured others for hours. Raises `BadPhoto` at the end if
    there were no others.
    """
    left = len(paths)
    for path in paths:
        try:
            crop = middle(picture(path), side)
        except BadPhoto as error:
            log.warning("%s is left out: %s", path, error.message)
            left -= 1
            continue
        if min(crop.shape[:2]) < LEAST_SIDE:
            log.warning("%s is left out: it has fewer than %d pixels a side", path, LEAST_SIDE)
            left -= 1
            continue
        yield path, crop
    if not left:
        raise BadPhoto("None of the photographs can be measured.", "Name other ones with --photos.")


def middle(image: FloatArray, side: int) -> FloatArray:
    """The middle square of a picture; all of it, where it is smaller."""
    height, width = image.shape[:2]
    top, left = max(0, height - side) // 2, max(0, width - side) // 2
    return np.ascontiguousarray(image[top : top + side, left : left + side])
