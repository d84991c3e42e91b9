"""The blur of a photo is taken out where it is sure, and left to the network where it is not."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from engine.diffusion.deblurring.sharpening import (
    CommonBlur,
    Sharpener,
    agreed,
    common_blur,
    likeness,
    settled,
)
from engine.diffusion.predictor import load_predictor
from engine.photo import Box, FloatArray, floats
from engine.progress import Cancelled, Silent
from engine.reasons import NO_COMMON_BLUR
from engine.tiles import Tiling
from tests.diffusion.blurs import blurred, shake, town
from trainer.metrics import psnr

OTHER = shake(4, 6).T.copy()


@pytest.fixture(scope="module")
def shipped() -> Sharpener:
    lite = load_predictor("cpu")
    return Sharpener(sharpen=lite.work("deblur"), clean=lite.work("denoise"))


def ready(picture: FloatArray, sharpener: Sharpener) -> FloatArray:
    size = picture.shape[1], picture.shape[0]
    work = sharpener.by(common_blur(size, lambda box: picture[box.slices], sharpener, Silent()))
    return work(picture)


def test_a_shaken_picture_is_nearer_than_by_the_network_alone(shipped: Sharpener) -> None:
    sharp = town()
    soft = blurred(sharp, shake(), noise=2)
    alone = psnr(shipped.sharpen(soft), sharp)
    assert psnr(ready(soft, shipped), sharp) > alone + 1


def test_a_sharp_picture_is_left_to_the_network(shipped: Sharpener) -> None:
    assert np.array_equal(ready(town(), shipped), shipped.sharpen(town()))


def test_a_blur_that_changes_far_more_than_the_network_is_none() -> None:
    timid = Sharpener(sharpen=lambda a: floats(a + 0.001), clean=lambda a: a)
    assert timid.blur_of(blurred(town(), shake())) is None


def test_a_tiny_picture_is_not_read(shipped: Sharpener) -> None:
    tiny = blurred(town()[:100, :100].copy(), shake())
    assert np.array_equal(ready(tiny, shipped), shipped.sharpen(tiny))


def test_places_vote() -> None:
    assert agreed([], 1) is None
    assert agreed([None], 1) is None
    assert agreed([shake()], 1) is not None
    assert agreed([shake(), None], 2) is None, "half of the places is not most"
    assert agreed([shake(), OTHER, None], 3) is None
    most = agreed([OTHER, shake(), shake(8.5, 3)], 3)
    assert most is not None
    assert likeness(most, shake()) > 0.8


def test_no_place_is_read_that_changes_nothing() -> None:
    assert not settled([shake()], 3)
    assert not settled([None], 3)
    assert not settled([shake(), None], 3)
    assert not settled([shake(), OTHER], 3)
    assert settled([None, None], 3)
    assert settled([shake(), shake(8.5, 3)], 3)
    assert agreed([shake(), shake(8.5, 3)], 3) is not None


def test_likeness_looks_past_small_shifts() -> None:
    assert likeness(shake(), shake()) == pytest.approx(1, abs=1e-5)
    assert likeness(shake(), np.roll(shake(), (2, -3), (0, 1))) == pytest.approx(1, abs=1e-5)
    assert likeness(shake(), OTHER) < 0.7


@dataclass
class Counting:
    """Counts what it is told, and stops the work at a number."""

    stop: int
    told: list[tuple[float, str]] = field(default_factory=list)

    def report(self, done: float, stage: str = "") -> None:
        self.told.append((done, stage))
        if len(self.told) == self.stop:
            raise Cancelled


def test_reading_reports_and_can_be_stopped() -> None:
    soft = blurred(town(), shake())
    sharpener = Sharpener(sharpen=lambda a: a, clean=lambda a: a)
    progress = Counting(stop=4)
    with pytest.raises(Cancelled):
        common_blur((320, 320), lambda box: soft[box.slices], sharpener, progress)
    assert [stage for _, stage in progress.told] == ["measuring"] * 4
    assert [done for done, _ in progress.told] == sorted(done for done, _ in progress.told)


FULL = RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")


@pytest.mark.parametrize("error", [FULL, MemoryError()])
def test_a_place_that_does_not_fit_into_memory_shows_nothing(error: Exception) -> None:
    def starved(pixels: FloatArray) -> FloatArray:
        raise error

    soft = blurred(town(), shake())
    sharpener = Sharpener(sharpen=starved, clean=lambda a: a)
    blur = common_blur((320, 320), lambda box: soft[box.slices], sharpener, Silent())
    assert blur.kernel is None
    assert blur.told == NO_COMMON_BLUR


def test_other_errors_while_a_blur_is_read_are_told() -> None:
    def broken(pixels: FloatArray) -> FloatArray:
        raise RuntimeError("a bug")

    sharpener = Sharpener(sharpen=broken, clean=lambda a: a)
    with pytest.raises(RuntimeError, match="a bug"):
        common_blur((320, 320), lambda box: town()[box.slices], sharpener, Silent())


def test_a_large_photo_is_read_in_places_and_smaller() -> None:
    seen: list[Box] = []
    size = 5000, 3600

    def read(box: Box) -> FloatArray:
        seen.append(box)
        return np.full((box.height, box.width, 3), 0.5, np.float32)

    sharpener = Sharpener(sharpen=lambda a: a, clean=lambda a: a)
    work = sharpener.by(common_blur(size, read, sharpener, Silent()))
    assert work == sharpener.sharpen
    assert all(box.right <= size[0] and box.bottom <= size[1] for box in seen)
    assert {box.width for box in seen} == {2 * 512}
    assert len(seen) == 9 + 2, "nine places are compared, two are read"


@pytest.mark.parametrize(("side", "overlap"), [(None, 128), (41, 128), (83, 176), (165, 336)])
def test_tiles_share_more_where_the_blur_is_long(side: int | None, overlap: int) -> None:
    kernel = None if side is None else np.full((side, side), 1 / side**2, np.float32)
    tiling = CommonBlur(kernel, NO_COMMON_BLUR).tiling(Tiling(side=2048, overlap=128, align=16))
    assert (tiling.side, tiling.overlap, tiling.align) == (2048, overlap, 16)
