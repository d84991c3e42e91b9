from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from engine.diffusion import self_check
from engine.diffusion.sampling import sample
from engine.diffusion.self_check import (
    error_of,
    machine_name,
    relative_error,
    small_answers,
    trusted,
)
from engine.diffusion.step_times import StepClock, StepTimes
from engine.machine_notes import MachineNotes, error_name, sentences

CPU, META = torch.device("cpu"), torch.device("meta")
"""No device of this machine can be wrong, so "meta" plays one."""
FORMATS = (torch.float32, torch.bfloat16)


class Device:
    """Answers that are off by as much as a faulty device is told to be."""

    def __init__(self, faults: dict[torch.dtype, float | Exception]) -> None:
        self.faults = faults
        self.asked: list[tuple[str, torch.dtype]] = []

    def __call__(self, device: torch.device, dtype: torch.dtype) -> tuple[Tensor, ...]:
        self.asked.append((device.type, dtype))
        fault = 0.0 if device.type == "cpu" else self.faults.get(dtype, 0.0)
        if isinstance(fault, Exception):
            raise fault
        exact = torch.linspace(-1, 1, 101)
        return exact, exact + fault


@pytest.mark.parametrize(
    ("faults", "device", "dtype", "sentences"),
    [
        ({}, META, torch.bfloat16, 0),
        ({torch.bfloat16: 0.01}, META, torch.bfloat16, 0),
        ({torch.bfloat16: 0.5}, META, torch.float32, 1),
        ({torch.bfloat16: float("nan")}, META, torch.float32, 1),
        ({torch.bfloat16: RuntimeError("no kernel image")}, META, torch.float32, 1),
        ({torch.bfloat16: TypeError("no such format on MPS")}, META, torch.float32, 1),
        ({torch.bfloat16: 9.0, torch.float32: 9.0}, CPU, torch.float32, 2),
        ({torch.bfloat16: RuntimeError("CUDA out of memory")}, META, torch.bfloat16, 0),
    ],
)
def test_a_device_is_trusted_as_far_as_it_is_right(
    faults: dict[torch.dtype, float | Exception],
    device: torch.device,
    dtype: torch.dtype,
    sentences: int,
) -> None:
    found = trusted(META, torch.bfloat16, MachineNotes(None), Device(faults))
    assert (found.device, found.dtype, len(found.notes)) == (device, dtype, sentences)
    assert all(note.endswith(".") for note in found.notes)


def test_the_answer_is_kept_until_the_machine_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, device = tmp_path / "cache" / "machine.json", Device({torch.bfloat16: 0.5})
    first = trusted(META, torch.bfloat16, MachineNotes(path), device)
    asked = len(device.asked)
    assert trusted(META, torch.bfloat16, MachineNotes(path), device) == first
    assert len(device.asked) == asked
    monkeypatch.setattr(torch, "__version__", "99.0")
    assert trusted(META, torch.bfloat16, MachineNotes(path), device) == first
    assert len(device.asked) == 2 * asked


def test_what_was_known_of_another_driver_is_forgotten() -> None:
    notes = MachineNotes(None)
    notes.keep("Card A, driver 1, torch 2", "x", 1.0)
    notes.keep("Card B, driver 1, torch 2", "x", 2.0)
    notes.keep("Card A, driver 2, torch 2", "x", 3.0)
    assert notes.about() == {
        "Card B, driver 1, torch 2": {"x": 2.0},
        "Card A, driver 2, torch 2": {"x": 3.0},
    }


def test_what_was_found_out_is_said() -> None:
    notes = MachineNotes(None)
    notes.keep("Card, torch 2", error_name("bfloat16"), 0.01)
    notes.keep("Card, torch 2", error_name("float32"), 0.5)
    StepTimes(notes).keep(CPU, "flux1-schnell", "q4", 1024, 0.91)
    said = sentences(notes)
    assert ("Card, torch 2: bfloat16 is right (error 0.01)", True) in said
    assert (
        "Card, torch 2: float32 is wrong, and not used; update the driver (error 0.5)", False
    ) in said  # fmt: skip
    assert any(text.endswith("flux1-schnell, q4, 1024 px: 0.91 s a step") for text, _ in said)


def test_a_graphics_card_is_named_with_its_driver(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  570.124.06  Wed Feb 26 02:06:10\n"
    (tmp_path / "version").write_text(text)
    monkeypatch.setattr(self_check, "_DRIVER", tmp_path / "version")
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "NVIDIA Card")
    name = machine_name(torch.device("cuda"))
    assert name == f"NVIDIA Card, driver 570.124.06, torch {torch.__version__}"


def test_a_lack_of_memory_is_not_remembered_as_a_fault(tmp_path: Path) -> None:
    notes = MachineNotes(tmp_path / "machine.json")
    device = Device({torch.bfloat16: torch.OutOfMemoryError("full")})
    assert error_of(META, torch.bfloat16, notes, device) == 0
    assert not (tmp_path / "machine.json").exists()


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"version": 1}', '{"version": 0}',
                                  '{"version": 1, "found": {"a": {"b": "c"}}}'])  # fmt: skip
def test_damaged_notes_are_as_good_as_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "machine.json"
    path.write_text(text)
    notes = MachineNotes(path)
    assert notes.get("a", "b") is None
    notes.keep("a", "b", 1.5)
    assert MachineNotes(path).get("a", "b") == 1.5


def test_notes_that_cannot_be_written_hold_for_this_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    notes = MachineNotes(tmp_path / "file" / "machine.json")
    notes.keep("a", "b", 2.0)
    assert notes.get("a", "b") == 2.0


def test_this_processor_is_right_in_both_formats() -> None:
    state = torch.random.get_rng_state()
    plain, short = (small_answers(CPU, dtype) for dtype in FORMATS)
    assert len(plain) == len(short) == 2
    for found, expected in zip(short, plain, strict=True):
        assert 0 < relative_error(found, expected) < 0.04
    assert trusted(CPU, torch.bfloat16, MachineNotes(None)).dtype == torch.bfloat16
    assert torch.equal(torch.random.get_rng_state(), state)


def test_a_step_takes_what_the_steps_after_the_first_take(tmp_path: Path) -> None:
    times = iter((0.0, 8.0, 10.0, 13.0, 15.0, 100.0, 101.0))
    heard: list[tuple[float, str]] = []

    class Listener:
        def report(self, done: float, stage: str = "") -> None:
            heard.append((done, stage))

    clock = StepClock(Listener(), lambda: next(times))
    clock.report(0.3, "predicting")
    assert clock.seconds is None
    sample(lambda x, sigma: x, torch.ones(1), (1.0, 0.7, 0.5, 0.2, 0.0), clock)
    assert clock.seconds == 2.0
    assert heard[0] == (0.3, "predicting")
    assert heard[-1] == (1.0, "sampling")
    clock.report(0.9, "sampling")  # the next tile: the pause before it is no step
    clock.report(1.0, "sampling")
    assert clock.seconds == 2.0
    notes = MachineNotes(tmp_path / "machine.json")
    StepTimes(notes).keep(CPU, "flux1-schnell", "q4", 1024, 2.0)
    again = StepTimes(MachineNotes(tmp_path / "machine.json"))
    assert again.seconds(CPU, "flux1-schnell", "q4", 1024) == 2.0
    assert again.seconds(CPU, "flux1-schnell", "q8", 1024) is None
    assert machine_name(CPU).startswith("processor")


def test_a_lone_step_counts() -> None:
    times = iter((0.0, 3.0))
    clock = StepClock(now=lambda: next(times))
    sample(lambda x, sigma: x, torch.ones(1), (1.0, 0.0), clock)
    assert clock.seconds == 3.0
