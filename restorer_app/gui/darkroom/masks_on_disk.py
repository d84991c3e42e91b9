"""Painted masks as files: a request names files, so that it can be replayed."""

from __future__ import annotations

import hashlib
import logging
import os
import time
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.photo import FloatArray, Photo, floats
from engine.whole_file import whole_file
from restorer_app.gui.compare.brush import REDUCTION, Masks
from restorer_app.photo_settings import PhotoSettings

log = logging.getLogger(__name__)

_KEPT_DAYS = 30


class MasksOnDisk:
    """Writes the masks of photos as gray PNGs of the photo's size into `folder`.

    Beside each lies the mask as it was painted, so that reading gives back what was written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def clear_old(self, days: float = _KEPT_DAYS) -> None:
        """Remove masks that no queue can be waiting for any more."""
        oldest = time.time() - days * 86_400
        for path in self._folder.glob("mask-*.png"):
            with suppress(OSError):
                if path.stat().st_mtime < oldest:
                    path.unlink()

    def write(self, source: Path, masks: Masks, photo: Photo) -> tuple[Path | None, Path | None]:
        """The files of what is kept and what is restored; None for an empty one.

        Every state of a mask has a file of its own, so that undo finds the old one. Raises
        `OSError`.
        """
        size = (photo.width, photo.height)
        return self._one(source, "keep", masks.keep, size), self._one(
            source, "restore", masks.restore, size
        )

    def read(self, settings: PhotoSettings, photo: Photo) -> Masks:
        """The masks of a photo's settings, at a quarter of its size, as the view holds them.

        One that is gone, damaged or made for another size is left out.
        """
        shape = (-(-photo.height // REDUCTION), -(-photo.width // REDUCTION))
        return Masks(keep=_small(settings.keep, shape), restore=_small(settings.restore, shape))

    def _one(
        self, source: Path, kind: str, mask: FloatArray | None, size: tuple[int, int]
    ) -> Path | None:
        if mask is None or not mask.any():
            return None
        small = np.rint(np.clip(mask, 0, 1) * 255).astype(np.uint8)
        mark = hashlib.sha256(os.fsencode(source) + small.tobytes()).hexdigest()[:16]
        path = self._folder / f"mask-{kind}-{mark}.png"
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            _write(_painted(path), small)
            whole = cv2.resize(small, size, interpolation=cv2.INTER_LINEAR)
            _write(path, whole.astype(np.uint8, copy=False))
        return path


def _painted(path: Path) -> Path:
    """Where the mask is as it was painted."""
    return path.with_name(f"{path.stem}-painted.png")


def _write(path: Path, gray: NDArray[np.uint8]) -> None:
    done, file = cv2.imencode(".png", gray, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    assert done
    with whole_file(path, overwrite=True) as whole:
        whole.write(file.tobytes())


def _small(path: Path | None, shape: tuple[int, int]) -> FloatArray | None:
    if path is None:
        return None
    try:
        file = np.frombuffer(_painted(path).read_bytes(), np.uint8)
        gray = cv2.imdecode(file, cv2.IMREAD_GRAYSCALE) if file.size else None
    except OSError:
        gray = None
    if gray is None or gray.shape != shape:
        log.warning("the mask %s cannot be used", path.name)
        return None
    return floats(gray / np.float32(255))
