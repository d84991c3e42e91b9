"""What a prior learns of the machine: whether its device is sound, and how long a step takes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.diffusion.painting import Painting, Subject
from engine.diffusion.prior_loading import Prior, Priors, placed, plan_prior, sound
from engine.diffusion.prior_weights import load_weights, prompt_of
from engine.diffusion.quantised.eight_bit_layers import EightBitLinear
from engine.diffusion.step_times import StepTimes
from engine.machine_notes import MachineNotes
from engine.preset import Preset
from tests.diffusion.tiny_models import TinyModels, tiny_models

__all__ = ["tiny_models"]

DENOISE = Preset(id="denoise", title="Denoise", summary="s", task="denoise", phrase="restore")
CPU = torch.device("cpu")


def _faulty(*formats: torch.dtype) -> object:
    """A device that is wrong in these formats."""

    def compute(device: torch.device, dtype: torch.dtype) -> tuple[Tensor, ...]:
        wrong = device.type != "cpu" and dtype in formats
        return (torch.linspace(-1, 1, 50) + (1.0 if wrong else 0.0),)

    return compute


def _painted(prior: Prior, side: int) -> Painting:
    """A square picture, once it is painted."""
    draft = np.random.default_rng(0).integers(0, 65535, (side, side, 3), np.uint16)
    grey = np.full((side, side, 3), 0.5, np.float32)
    subject = Subject(width=side, height=side, degraded=lambda box: grey[box.slices], draft=draft)
    painting = Painting(prior, subject, 0)
    for tile in painting.plan():
        painting.tile(tile.seen)
    return painting


@pytest.mark.parametrize(
    ("faults", "device", "dtype", "sentences"),
    [
        ((), "mps", "bfloat16", 0),
        ((torch.bfloat16,), "mps", "float32", 1),
        ((torch.bfloat16, torch.float32), "cpu", "float32", 2),
    ],
)
def test_a_prior_runs_where_numbers_are_right(
    tiny_models: TinyModels,
    faults: tuple[torch.dtype, ...],
    device: str,
    dtype: str,
    sentences: int,
) -> None:
    spec = tiny_models.add("flux1")
    weights = plan_prior(spec, tiny_models.shelf, preset=DENOISE).weights
    wanted = replace(placed(weights), device="mps", dtype="bfloat16")
    found, said = sound(weights, wanted, MachineNotes(None), _faulty(*faults))  # type: ignore[arg-type]
    assert (found.device, found.dtype, len(said)) == (device, dtype, sentences)


def test_the_time_of_a_step_is_kept_and_faults_are_told(tiny_models: TinyModels) -> None:
    spec, notes = tiny_models.add("flux1"), MachineNotes(None)
    prior = Priors(notes)(plan_prior(spec, tiny_models.shelf, preset=DENOISE))
    prior.notes = ("The graphics processor gives wrong numbers.",)
    placement = prior.placement
    painting = _painted(prior, placement.side)
    took = StepTimes(notes).seconds(CPU, spec.id, placement.variant, placement.side)
    assert took is not None
    assert 0 < took < 60
    assert painting.notes[0] == prior.notes[0]


def test_a_small_picture_tells_nothing_of_the_time_of_a_tile(tiny_models: TinyModels) -> None:
    spec, notes = tiny_models.add("flux1"), MachineNotes(None)
    _painted(Priors(notes)(plan_prior(spec, tiny_models.shelf, preset=DENOISE)), 64)
    assert notes.about() == {}


def test_sixteen_bits_are_read_as_eight_where_a_placement_says_so(tiny_models: TinyModels) -> None:
    spec = tiny_models.add("flux1")
    plan = plan_prior(spec, tiny_models.shelf, preset=DENOISE)
    assert plan.weights.variants == ("bf16",)
    prompt = prompt_of(plan.weights, plan.prompt)
    for variant, short in (("bf16", False), ("int8", True)):
        placement = replace(placed(plan.weights), variant=variant, dtype="float32")
        backbone = load_weights(plan.weights, prompt, placement)
        layers = backbone.transformer.modules()
        assert any(isinstance(one, EightBitLinear) for one in layers) == short
