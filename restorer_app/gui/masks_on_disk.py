"""Painted masks as files: a request names files, so that it can be replayed."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

import cv2
import numpy as np

from engine.photo import FloatArray, Photo, floats
from restorer_app.gui.brush import Masks
from restorer_app.photo_state import PhotoState

log = logging.getLogger(__name__)


class MasksOnDisk:
    """Writes the masks of photos as gray PNGs of the photo's size into `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, source: Path, masks: Masks, photo: Photo) -> tuple[Path | None, Path | None]:
        """The files of what is kept and what is restored; None for an empty one.

        Every state of a mask has a file of its own, so that undo finds the old one.
        """
        size = (photo.width, photo.height)
        return self._one(source, "keep", masks.keep, size), self._one(
            source, "restore", masks.restore, size
        )

    def read(self, state: PhotoState) -> Masks:
        """The masks of a photo's settings, at a quarter of its size, as the view holds them."""
        settings = state.settings
        return Masks(keep=_quarter(settings.keep), restore=_quarter(settings.restore))

    def _one(
        self, source: Path, kind: str, mask: FloatArray | None, size: tuple[int, int]
    ) -> Path | None:
        if mask is None or not mask.any():
            return None
        eight = np.rint(np.clip(mask, 0, 1) * 255).astype(np.uint8)
        whole = cv2.resize(eight, size, interpolation=cv2.INTER_LINEAR)
        mark = hashlib.sha256(str(source).encode() + eight.tobytes()).hexdigest()[:16]
        path = self._folder / f"mask-{kind}-{mark}.png"
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            done, file = cv2.imencode(".png", whole)
            assert done
            path.write_bytes(file.tobytes())
        return path


def _quarter(path: Path | None) -> FloatArray | None:
    if path is None or not path.exists():
        return None
    gray = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_GRAYSCALE)
    if gray is None:
        log.warning("the mask %s cannot be read", path.name)
        return None
    height, width = gray.shape
    size = (-(-width // 4), -(-height // 4))
    return floats(cv2.resize(gray, size, interpolation=cv2.INTER_AREA) / np.float32(255))
