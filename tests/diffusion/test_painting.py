"""A prior's way over a whole picture: seams, noise, and tiles that go wrong."""

from __future__ import annotations

import errno
import gc
import logging
import os
import shutil
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.diffusion.drafting import writer
from engine.diffusion.out_of_memory import tiling_for
from engine.diffusion.painting import Painting, Subject, paint_over
from engine.diffusion.prior_loading import Prior
from engine.errors import NoSpace, OutOfMemory
from engine.photo import Box, FloatArray
from engine.placement import Placement
from engine.progress import Cancelled, Silent
from engine.schedule import Schedule
from engine.texture import textured
from engine.tiles import tiles
from engine.trajectory import Trajectory
from tests.diffusion.painted import PLACED, SIDE, Aiming, prior_of, staying

WIDTH, HEIGHT = 160, 80
WIDE, HIGH = 320, 160
TEXTURE = 0.06


def sky(height: int = HEIGHT, width: int = WIDTH) -> FloatArray:
    """A gradient in all channels, where every seam would be seen."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return np.stack((0.4 + x / 2000, 0.5 + y / 1500, 0.7 - x / 3000), 2).astype(np.float32)


def subject_of(degraded: FloatArray, draft: FloatArray | None = None) -> Subject:
    height, width = degraded.shape[:2]
    stored = np.rint((degraded if draft is None else draft) * 65535).astype(np.uint16)
    return Subject(
        width=width, height=height, degraded=lambda box: degraded[box.slices], draft=stored
    )


def painted(prior: Prior, subject: Subject, seed: int = 0) -> FloatArray:
    out = np.zeros(subject.draft.shape, np.uint16)
    Painting(prior, subject, seed).paint(writer(out), Silent())
    return out.astype(np.float32) / 65535


@dataclass
class Moody:
    """Paints fine texture that follows the noise, and each tile in a tone of its own."""

    tones: list[float] = field(default_factory=list)

    def __call__(self, degraded: Tensor, noise: Tensor) -> Tensor:
        tone = 0.15 * (-1) ** len(self.tones)
        self.tones.append(tone)
        return degraded + tone + TEXTURE * noise


def seam_energy(picture: FloatArray) -> float:
    """How much more, or less, neighbouring pixels differ where tiles meet than elsewhere."""
    steps = np.square(np.diff(picture.mean(2), axis=1)).mean(0)
    borders = {tile.kept.left for tile in tiles(WIDE, HIGH, tiling_for(SIDE))} - {0}
    blend = tiling_for(SIDE).blend
    near = np.zeros(len(steps), bool)
    for border in borders:
        near[border - 1 : border + 2 * blend] = True
    return float(steps[near].mean() / steps[~near].mean())


def test_a_sky_painted_in_tiles_of_other_tones_has_no_seams() -> None:
    moody = Moody()
    out = painted(prior_of(Aiming(moody)), subject_of(sky(HIGH, WIDE)))
    assert len(moody.tones) > 40
    assert abs(seam_energy(out) - 1) < 0.05
    assert np.abs(out - sky(HIGH, WIDE)).mean() > 0.5 * TEXTURE * 0.5


def test_the_measure_sees_seams_where_the_whole_change_is_taken() -> None:
    prior, subject = prior_of(Aiming(Moody())), subject_of(sky(HIGH, WIDE))
    painting = Painting(prior, subject, 0)
    painting._descent._finish = lambda draft, restored: restored
    out = np.zeros(subject.draft.shape, np.uint16)
    painting.paint(lambda top, rows: writer(out)(top, np.clip(rows, 0, 1)), Silent())
    assert abs(seam_energy(out.astype(np.float32) / 65535) - 1) > 0.1


def test_the_prior_is_shown_the_degraded_photo_and_not_the_draft() -> None:
    grain = np.random.default_rng(2).normal(0, 0.02, (HEIGHT, WIDTH, 1)).astype(np.float32)
    degraded = sky() + grain
    prior = prior_of(Aiming(staying), trajectory=Trajectory(schedule=Schedule(steps=1)))
    out = painted(prior, subject_of(degraded, draft=sky()))
    wanted = textured(sky(), degraded - sky())
    assert np.abs(out - wanted).max() < 0.25 * np.abs(wanted - sky()).max()


def test_what_is_coarse_stays_the_drafts() -> None:
    out = painted(prior_of(Aiming(Moody())), subject_of(sky(HIGH, WIDE)))
    blocks = (out - sky(HIGH, WIDE)).reshape(HIGH // 40, 40, WIDE // 40, 40, 3).mean((1, 3))
    assert np.abs(blocks).max() < 2e-3


def test_a_prior_that_changes_nothing_leaves_the_draft() -> None:
    subject = subject_of(sky())
    out = painted(prior_of(Aiming(staying)), subject)
    assert np.array_equal(np.rint(out * 65535).astype(np.uint16), subject.draft)


def test_the_order_of_tiles_does_not_matter() -> None:
    def followed(degraded: Tensor, noise: Tensor) -> Tensor:
        return degraded + TEXTURE * noise

    prior, subject = prior_of(Aiming(followed)), subject_of(sky())
    boxes = [tile.seen for tile in Painting(prior, subject, 5).plan()]
    forwards = [Painting(prior, subject, 5).tile(box) for box in boxes]
    painting = Painting(prior, subject, 5)
    backwards = [painting.tile(box) for box in reversed(boxes)][::-1]
    assert all(map(np.array_equal, forwards, backwards))
    assert not np.array_equal(forwards[0], Painting(prior, subject, 6).tile(boxes[0]))


def test_neighbours_see_the_same_noise_where_they_overlap() -> None:
    seen: dict[Box, Tensor] = {}
    prior, subject = prior_of(Aiming(staying)), subject_of(sky())
    for tile in Painting(prior, subject, 1).plan()[:2]:

        def keep(degraded: Tensor, noise: Tensor, box: Box = tile.seen) -> Tensor:
            seen[box] = noise
            return degraded

        Painting(prior_of(Aiming(keep)), subject, 1).tile(tile.seen)
    (left, first), (right, second) = seen.items()
    begin, end = right.left // 8, left.right // 8
    assert end - begin > 2
    offset = begin - left.left // 8
    both = first[..., offset : offset + end - begin], second[..., : end - begin]
    assert torch.allclose(*both, atol=1e-3)


Fault = Callable[[Placement, int], Aiming | BaseException | None]


@dataclass
class Failing:
    """Backbones on demand: a sound one, unless `fault` says how it goes wrong this time."""

    fault: Fault
    asked: list[Placement] = field(default_factory=list)

    def __call__(self, placement: Placement) -> Aiming:
        self.asked.append(placement)
        wrong = self.fault(placement, len(self.asked))
        if isinstance(wrong, BaseException):
            raise wrong
        return wrong or Aiming(lambda degraded, noise: degraded + TEXTURE * noise)


def full() -> torch.OutOfMemoryError:
    return torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="engine.diffusion.out_of_memory")


def test_the_whole_ladder_is_gone_down() -> None:
    on_gpu = replace(PLACED, device="cuda", side=128)
    failing = Failing(lambda placed, count: None if placed.device == "cpu" else full())
    prior, subject = prior_of(failing, placement=on_gpu, side=128), subject_of(sky())
    out = np.zeros(subject.draft.shape, np.uint16)
    painting = Painting(prior, subject, 0)
    painting.paint(writer(out), Silent())
    assert painting.device == "cpu"
    steps = [(one.side, one.offload, one.device) for one in failing.asked[:5]]
    assert steps == [
        (128, "none", "cuda"),
        (64, "none", "cuda"),
        (64, "model", "cuda"),
        (64, "blocks", "cuda"),
        (64, "none", "cpu"),
    ]
    assert "Memory ran out: on the processor." in painting.notes
    assert prior.placement == on_gpu  # the card may be free again for the next picture


def test_smaller_tiles_are_kept_for_the_next_picture() -> None:
    large = replace(PLACED, side=128)
    failing = Failing(lambda placed, count: full() if placed.side > 64 else None)
    prior = prior_of(failing, placement=large, side=128)
    painted(prior, subject_of(sky()))
    assert prior.placement.side == 64
    again = Failing(lambda placed, count: full() if placed.side > 64 else None)
    prior.backbone = again
    painting = Painting(prior, subject_of(sky()), 0)
    painting.paint(lambda top, rows: None, Silent())
    assert painting.notes == ()


def test_pieces_of_a_tile_fit_together() -> None:
    whole = painted(prior_of(Aiming(Moody()), side=SIDE), subject_of(sky()))
    large = replace(PLACED, side=128)
    moody = Moody()
    failing = Failing(lambda placed, count: full() if placed.side > 64 else Aiming(moody))
    pieces = painted(prior_of(failing, placement=large, side=128), subject_of(sky()))
    assert np.abs(pieces - sky()).mean() == pytest.approx(np.abs(whole - sky()).mean(), rel=0.05)
    blocks = (pieces - sky()).reshape(HEIGHT // 40, 40, WIDTH // 40, 40, 3).mean((1, 3))
    assert np.abs(blocks).max() < 2e-3


def test_progress_never_goes_back_though_tiles_are_made_in_pieces() -> None:
    told: list[float] = []

    class Listens:
        def report(self, done: float, stage: str = "") -> None:
            told.append(done)

    large = replace(PLACED, side=128)
    failing = Failing(lambda placed, count: full() if placed.side > 64 else None)
    prior = prior_of(failing, placement=large, side=128)
    Painting(prior, subject_of(sky()), 0).paint(lambda top, rows: None, Listens())
    assert told == sorted(told)
    assert told[-1] == 1


def test_what_is_smaller_than_the_network_takes_is_extended_for_it() -> None:
    seen: list[Tensor] = []

    def aim(degraded: Tensor, noise: Tensor) -> Tensor:
        seen.append(degraded)
        return degraded

    painted(prior_of(Aiming(aim)), subject_of(sky(24, 40)))
    assert {one.shape[-2:] for one in seen} == {(8, 8)}  # 64 pixels, the least of this model


def test_even_the_last_resort_may_fail() -> None:
    failing = Failing(lambda placed, count: full())
    with pytest.raises(OutOfMemory):
        painted(prior_of(failing), subject_of(sky()))


@pytest.mark.parametrize(
    ("aim", "word"),
    [
        (lambda degraded, noise: degraded * torch.nan, "without numbers"),
        (lambda degraded, noise: degraded * 0, "black"),
        (lambda degraded, noise: degraded * 0 + 0.5, "washed out"),
    ],
)
def test_a_wrong_tile_is_painted_once_more_in_the_finest_numbers(
    aim: Callable[[Tensor, Tensor], Tensor], word: str
) -> None:
    failing = Failing(lambda placed, count: Aiming(aim) if count == 3 else None)
    lively = np.random.default_rng(0).random((HEIGHT, WIDTH, 3), dtype=np.float32)
    prior, subject = prior_of(failing), subject_of(lively)
    painting = Painting(prior, subject, 0)
    out = np.zeros(subject.draft.shape, np.uint16)
    painting.paint(writer(out), Silent())
    assert [one.dtype for one in failing.asked[2:5]] == ["bfloat16", "float32", "bfloat16"]
    assert painting.notes == (f"A tile came out {word} and was made once more.",)
    sound = painted(prior_of(Failing(lambda placed, count: None)), subject)
    assert np.array_equal(np.rint(sound * 65535).astype(np.uint16), out)


def test_a_tile_that_stays_wrong_leaves_the_draft() -> None:
    bad = Aiming(lambda degraded, noise: degraded * torch.nan)
    subject = subject_of(sky())
    painting = Painting(prior_of(Failing(lambda placed, count: bad)), subject, 0)
    out = np.zeros(subject.draft.shape, np.uint16)
    painting.paint(writer(out), Silent())
    assert np.array_equal(out, subject.draft)
    assert "the draft was kept" in painting.notes[-1]


def test_the_file_holds_the_draft_and_what_is_finished(tmp_path: Path) -> None:
    target, draft = tmp_path / "restored.npy", sky()
    np.save(target, np.rint(draft * 65535).astype(np.uint16))
    stored = np.load(target)
    halves: list[tuple[bool, bool]] = []

    class Looks:
        furthest = 0.0

        def report(self, done: float, stage: str = "") -> None:
            assert done >= self.furthest
            self.furthest = done
            same = np.load(target) == stored
            halves.append((bool(same[:20].all()), bool(same[-20:].all())))
            if done > 0.9:
                raise Cancelled

    with pytest.raises(Cancelled):
        paint_over(
            prior_of(Failing(lambda placed, count: None)),
            target,
            lambda box: draft[box.slices],
            0,
            Looks(),
        )
    assert halves[0] == (True, True)
    assert halves[-1] == (False, True)
    assert [path.name for path in tmp_path.iterdir()] == ["restored.npy"]


def test_nothing_holds_on_to_the_photo_once_it_is_painted(tmp_path: Path) -> None:
    """Not even a circle of references, which would last until Python looks for one."""

    class Photo:
        def __call__(self, box: Box) -> FloatArray:
            return sky()[box.slices]

    photo, target = Photo(), tmp_path / "restored.npy"
    seen = weakref.ref(photo)
    np.save(target, np.rint(sky() * 65535).astype(np.uint16))
    gc.disable()
    try:
        paint_over(prior_of(Aiming(staying)), target, photo, 0, Silent())
        del photo
        assert seen() is None
    finally:
        gc.enable()


def test_a_painting_is_stopped_in_the_middle_of_a_tile() -> None:
    steps = Trajectory(start="degraded", schedule=Schedule(steps=10, start=0.5))
    backbone = Aiming(staying)

    class Stops:
        def report(self, done: float, stage: str = "") -> None:
            if len(backbone.asked) == 13:
                raise Cancelled

    painting = Painting(prior_of(backbone, trajectory=steps), subject_of(sky()), 0)
    with pytest.raises(Cancelled):
        painting.paint(lambda top, rows: None, Stops())
    assert len(backbone.asked) == 13


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (65, 64), (17, 33)])
def test_odd_sizes_are_painted(size: tuple[int, int]) -> None:
    draft = np.random.default_rng(0).random((*size, 3), dtype=np.float32)
    out = painted(prior_of(Failing(lambda placed, count: None)), subject_of(draft))
    assert out.shape == draft.shape


def test_a_disk_that_is_full_leaves_the_draft_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, place: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copyfile", full)
    target = tmp_path / "restored.npy"
    np.save(target, subject_of(sky()).draft)
    with pytest.raises(NoSpace, match="no room"):
        paint_over(prior_of(Aiming(staying)), target, lambda box: sky()[box.slices], 0, Silent())
    assert np.array_equal(np.load(target), subject_of(sky()).draft)
    assert [path.name for path in tmp_path.iterdir()] == ["restored.npy"]
