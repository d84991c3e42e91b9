"""Painted masks as files."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.photo import FloatArray, Photo, floats
from engine.views import load_mask
from restorer_app.gui.compare.brush import Masks
from restorer_app.gui.darkroom.masks_on_disk import MasksOnDisk
from restorer_app.photo_settings import PhotoSettings
from tests.app.engine_doubles import DENOISE

SOURCE = Path("a.png")


@pytest.fixture
def photo() -> Photo:
    return Photo(pixels=np.zeros((30, 50, 3), np.float32))


def painted() -> FloatArray:
    """A soft spot, as a brush of an 8-bit mask leaves it."""
    mask = np.zeros((8, 13), np.float32)
    mask[2:5, 3:9] = 1
    mask[5, 3:9] = 0.4
    return floats(np.rint(mask * 255) / np.float32(255))


def settings(keep: Path | None, restore: Path | None) -> PhotoSettings:
    return replace(PhotoSettings.of(DENOISE), keep=keep, restore=restore)


def test_the_engine_gets_a_mask_of_the_photos_size(tmp_path: Path, photo: Photo) -> None:
    keep, restore = MasksOnDisk(tmp_path).write(SOURCE, Masks(keep=painted()), photo)
    assert restore is None
    assert keep is not None
    mask = load_mask(keep, photo)
    assert mask.shape == (30, 50)
    assert mask[14, 24] == 1  # in the middle of the spot
    assert mask[28, 48] == 0


def test_what_is_read_is_what_was_written_however_often(tmp_path: Path, photo: Photo) -> None:
    disk = MasksOnDisk(tmp_path)
    masks = Masks(keep=painted(), restore=painted()[::-1])
    first = disk.write(SOURCE, masks, photo)
    read = disk.read(settings(*first), photo)
    assert read.keep is not None
    assert read.restore is not None
    np.testing.assert_array_equal(read.keep, painted())
    np.testing.assert_array_equal(read.restore, painted()[::-1])
    assert disk.write(SOURCE, read, photo) == first


def test_every_state_of_a_mask_and_every_photo_has_its_own_file(
    tmp_path: Path, photo: Photo
) -> None:
    disk = MasksOnDisk(tmp_path)
    half = floats(painted() * np.float32(0.5))
    places = {
        disk.write(source, Masks(keep=mask), photo)[0]
        for source in (SOURCE, Path("b.png"))
        for mask in (painted(), half)
    }
    assert len(places) == 4
    assert disk.write(SOURCE, Masks(), photo) == (None, None)
    assert disk.write(SOURCE, Masks(keep=floats(painted() * 0)), photo) == (None, None)


def test_masks_that_are_gone_damaged_or_of_another_size_are_left_out(
    tmp_path: Path, photo: Photo
) -> None:
    disk = MasksOnDisk(tmp_path)
    keep, _ = disk.write(SOURCE, Masks(keep=painted()), photo)
    other = Photo(pixels=np.zeros((60, 50, 3), np.float32))
    assert disk.read(settings(keep, None), other).keep is None
    assert disk.read(settings(tmp_path / "gone.png", None), photo).keep is None
    for file in tmp_path.iterdir():
        file.write_bytes(b"")
    assert disk.read(settings(keep, None), photo).keep is None


def test_only_old_masks_are_cleared(tmp_path: Path, photo: Photo) -> None:
    disk = MasksOnDisk(tmp_path)
    old, new = disk.write(SOURCE, Masks(keep=painted(), restore=painted()), photo)
    assert old is not None
    assert new is not None
    long_ago = time.time() - 40 * 86_400
    for file in tmp_path.glob("mask-keep-*"):
        os.utime(file, (long_ago, long_ago))
    disk.clear_old()
    assert not old.exists()
    assert new.exists()
    MasksOnDisk(tmp_path / "not there").clear_old()
