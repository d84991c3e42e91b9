"""A network's work on pictures of any size, with stand-ins for the network."""

import cv2
import numpy as np
import pytest
import torch

from engine.diffusion.tiled import SMALLEST_SIDE, in_tiles, whole
from engine.errors import OutOfMemory
from engine.photo import Box, FloatArray
from engine.progress import Silent
from engine.tiles import Tiling


def _picture(height: int, width: int) -> FloatArray:
    return np.random.default_rng(0).random((height, width, 3), np.float32)


def _blurred(pixels: FloatArray) -> FloatArray:
    """Reaches four pixels to each side."""
    return np.asarray(cv2.blur(pixels, (9, 9)), np.float32)


def _larger(pixels: FloatArray) -> FloatArray:
    return np.repeat(np.repeat(_blurred(pixels), 2, 0), 2, 1)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (31, 200), (150, 130)])
def test_tiles_give_what_the_whole_gives(height: int, width: int) -> None:
    picture = _picture(height, width)
    tiled = whole(picture, _blurred, tiling=Tiling(48, 8), progress=Silent())
    assert np.abs(tiled - _blurred(picture)).max() < 1e-5


@pytest.mark.parametrize(("height", "width"), [(1, 1), (31, 200), (150, 130)])
def test_what_is_made_may_be_larger_than_what_is_read(height: int, width: int) -> None:
    picture = _picture(height, width)
    tiled = whole(picture, _larger, tiling=Tiling(48, 8), progress=Silent(), scale=2)
    assert tiled.shape == (2 * height, 2 * width, 3)
    assert np.abs(tiled - _larger(picture)).max() < 1e-5


def test_rows_come_once_and_from_the_top() -> None:
    picture, tops = _picture(150, 90), []
    rows = 0

    def write(top: int, part: FloatArray) -> None:
        nonlocal rows
        tops.append(top)
        assert top == rows
        rows += len(part)

    def read(box: Box) -> FloatArray:
        return picture[box.slices]

    in_tiles((90, 150), read, write, _blurred, tiling=Tiling(48, 8), progress=Silent())
    assert rows == 150
    assert len(tops) > 1


SPOKEN = "[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: can't allocate memory: you tried"


@pytest.mark.parametrize("error", [torch.OutOfMemoryError(), RuntimeError(SPOKEN)])
@pytest.mark.parametrize("scale", [1, 2])
def test_little_memory_means_smaller_tiles(scale: int, error: Exception) -> None:
    work = _blurred if scale == 1 else _larger
    sides: list[int] = []

    def starved(pixels: FloatArray) -> FloatArray:
        sides.append(max(pixels.shape[:2]))
        if sides[-1] > 400:
            raise error
        return work(pixels)

    picture = _picture(900, 700)
    tiling = Tiling(2048, 32, align=4)
    made = whole(picture, starved, tiling=tiling, progress=Silent(), scale=scale)
    assert np.abs(made - work(picture)).max() < 1e-5
    assert sides[0] == 900
    assert min(sides) >= SMALLEST_SIDE // 2


def test_no_memory_at_all_is_an_error_a_user_understands() -> None:
    def starved(pixels: FloatArray) -> FloatArray:
        raise MemoryError

    with pytest.raises(OutOfMemory, match="small part"):
        whole(_picture(300, 280), starved, tiling=Tiling(2048, 32), progress=Silent())


def test_other_errors_are_not_taken_for_a_lack_of_memory() -> None:
    seen: list[int] = []

    def broken(pixels: FloatArray) -> FloatArray:
        seen.append(len(pixels))
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="a bug"):
        whole(_picture(900, 700), broken, tiling=Tiling(2048, 32), progress=Silent())
    assert seen == [900]


def test_an_overlap_whose_quarter_is_no_pixel_cannot_be_enlarged() -> None:
    with pytest.raises(ValueError, match="quarters"):
        whole(_picture(30, 28), _larger, tiling=Tiling(64, 6), progress=Silent(), scale=2)
