from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
import torch

from engine.diffusion.devices import available_memory, hardware, release_memory
from engine.diffusion.out_of_memory import Descent, fault_of, is_out_of_memory
from engine.errors import OutOfMemory
from engine.photo import Box, FloatArray
from engine.placement import Placement

PLACED = Placement(
    device="cuda",
    variant="q4",
    dtype="bfloat16",
    side=1024,
    vae_side=0,
    offload="none",
    tables=True,
    peak=0,
    why="",
)
LIFT = np.float32(1 / 64)


@dataclass
class FailingBackbone:
    """Adds a little light to a tile, unless `fails` says how this placement goes wrong."""

    fails: Callable[[Placement, int], BaseException | FloatArray | None]
    runs: list[tuple[tuple[int, int], Placement]] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    released: int = 0

    def run(self, box: Box, draft: FloatArray, placement: Placement) -> FloatArray:
        height, width = draft.shape[:2]
        assert (box.height, box.width) == (height, width)
        self.boxes.append(box)
        assert max(height, width) <= placement.side
        self.runs.append(((height, width), placement))
        wrong = self.fails(placement, len(self.runs))
        if isinstance(wrong, BaseException):
            raise wrong
        if wrong is not None:
            return np.broadcast_to(wrong, draft.shape).astype(np.float32)
        return draft + LIFT

    def release(self, placement: Placement) -> None:
        self.released += 1

    def descent(self, placed: Placement = PLACED, smallest: int = 256) -> Descent:
        return Descent(placed, self.run, self.release, smallest=smallest)


def picture(side: int = 96) -> FloatArray:
    return np.random.default_rng(0).random((side, side + 20, 3), dtype=np.float32)


def whole(pixels: FloatArray) -> Box:
    """The box of such a picture, somewhere in a larger one."""
    return Box(32, 64, 32 + pixels.shape[1], 64 + pixels.shape[0])


def cuda_full() -> torch.OutOfMemoryError:
    return torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="engine.diffusion.out_of_memory")


def test_a_tile_that_fits_is_run_as_placed() -> None:
    backbone = FailingBackbone(lambda placed, count: None)
    descent = backbone.descent()
    draft = picture()
    np.testing.assert_array_equal(descent.restore(whole(draft), draft), draft + LIFT)
    assert (descent.notes, backbone.released, len(backbone.runs)) == ([], 0, 1)


def test_smaller_tiles_come_first_and_show_no_seam() -> None:
    backbone = FailingBackbone(lambda placed, count: cuda_full() if placed.side > 256 else None)
    descent = backbone.descent()
    draft = picture(600)
    np.testing.assert_allclose(descent.restore(whole(draft), draft), draft + LIFT, atol=1e-6)
    assert descent.placement.side == 256
    assert descent.placement.offload == "none"
    pieces = backbone.boxes[2:]
    assert {(box.left % 16, box.top % 16) for box in pieces} == {(0, 0)}
    assert (pieces[0].left, pieces[0].top) == (32, 64)
    assert (pieces[-1].right, pieces[-1].bottom) == (32 + 620, 64 + 600)
    assert backbone.released == 2
    assert "Memory ran out: tiles of 256 pixels." in descent.notes


def test_what_was_too_large_is_not_tried_again() -> None:
    backbone = FailingBackbone(lambda placed, count: cuda_full() if placed.side > 512 else None)
    descent = backbone.descent()
    descent.restore(whole(picture(600)), picture(600))
    before = len(backbone.runs)
    descent.restore(whole(picture(600)), picture(600))
    assert all(placed.side == 512 for _, placed in backbone.runs[before:])


def test_then_the_weights_are_off_loaded_and_then_the_processor_works() -> None:
    backbone = FailingBackbone(
        lambda placed, count: None if placed.device == "cpu" else cuda_full()
    )
    descent = backbone.descent()
    draft = picture(200)
    np.testing.assert_allclose(descent.restore(whole(draft), draft), draft + LIFT, atol=1e-6)
    tried = [(placed.side, placed.offload, placed.device) for _, placed in backbone.runs]
    assert tried == [
        (1024, "none", "cuda"),
        (512, "none", "cuda"),
        (256, "none", "cuda"),
        (256, "model", "cuda"),
        (256, "blocks", "cuda"),
        (256, "none", "cpu"),
    ]


def test_the_last_resort_failing_is_an_error() -> None:
    backbone = FailingBackbone(lambda placed, count: MemoryError())
    with pytest.raises(OutOfMemory):
        backbone.descent().restore(whole(picture()), picture())


def test_other_errors_are_not_swallowed() -> None:
    backbone = FailingBackbone(lambda placed, count: RuntimeError("shapes do not match"))
    with pytest.raises(RuntimeError, match="shapes"):
        backbone.descent().restore(whole(picture()), picture())
    assert len(backbone.runs) == 1


@pytest.mark.parametrize(
    ("level", "word"), [(np.nan, "without numbers"), (0.0, "black"), (0.6, "washed out")]
)
def test_a_wrong_tile_is_noticed_redone_and_logged(
    level: float, word: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger="engine.diffusion.out_of_memory")
    wrong = np.full((1, 1, 3), level, np.float32)
    backbone = FailingBackbone(lambda placed, count: wrong if count == 1 else None)
    descent = backbone.descent()
    draft = picture()
    np.testing.assert_array_equal(descent.restore(whole(draft), draft), draft + LIFT)
    assert [placed.dtype for _, placed in backbone.runs] == ["bfloat16", "float32"]
    assert descent.placement.dtype == "bfloat16"
    assert descent.notes == [f"A tile came out {word} and was made once more."]
    assert word in caplog.text


def test_a_tile_that_stays_wrong_leaves_the_draft() -> None:
    wrong = np.full((1, 1, 3), np.nan, np.float32)
    descent = FailingBackbone(lambda placed, count: wrong).descent()
    draft = picture()
    np.testing.assert_array_equal(descent.restore(whole(draft), draft), draft)
    assert "the draft was kept" in descent.notes[-1]


def test_memory_may_run_out_while_a_tile_is_made_once_more() -> None:
    wrong = np.full((1, 1, 3), np.nan, np.float32)

    def fails(placed: Placement, count: int) -> BaseException | FloatArray | None:
        if count == 1:
            return wrong
        return cuda_full() if count == 2 else None

    backbone = FailingBackbone(fails)
    descent = backbone.descent()
    draft = picture()
    np.testing.assert_allclose(descent.restore(whole(draft), draft), draft + LIFT, atol=1e-6)
    assert descent.placement.side == 512


@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
def test_a_flat_part_of_a_photo_is_no_fault(level: float) -> None:
    sky = np.full((8, 8, 3), level, np.float32)
    assert fault_of(sky, sky) == ""


def test_a_dark_photo_is_no_fault() -> None:
    night = picture() * np.float32(0.01)
    assert fault_of(night, night) == ""


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (cuda_full(), True),
        (MemoryError(), True),
        (RuntimeError("MPS backend out of memory (MPS allocated: 9.07 GB)"), True),
        (
            RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate "),
            False,
        ),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"), True),
        (RuntimeError("CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate"), True),
        (RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"), True),
        (RuntimeError("expected scalar type Half"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_out_of_memory_has_many_voices(error: Exception, full: bool) -> None:
    assert is_out_of_memory(error) == full


def test_a_real_failed_allocation_is_understood() -> None:
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**60, dtype=torch.uint8)
    assert is_out_of_memory(caught.value)


def test_this_machine_can_be_described() -> None:
    machine = hardware(torch.device("cpu"))
    assert (machine.kind, machine.fp8) == ("cpu", False)
    assert machine.memory == machine.ram
    assert available_memory() > 10**8
    release_memory(torch.device("cpu"))


@pytest.mark.gpu
def test_a_gpu_can_be_described() -> None:
    machine = hardware()
    if machine.kind == "cpu":
        pytest.skip("no GPU is here")
    assert machine.memory > 10**9
    assert machine.name
