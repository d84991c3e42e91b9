"""A texture prior the whole way: plan, placement, tiles, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.backbones import find_backbone
from engine.diffusion.painting import Painting, Subject
from engine.diffusion.prior_families import PRIOR_FAMILIES, TextureStage, prior_family
from engine.diffusion.prior_loading import Priors, load_prior, plan_prior
from engine.errors import MissingWeights, WrongAdapter, WrongWeights
from engine.photo import Box, FloatArray
from engine.preset import Preset
from engine.progress import Silent
from engine.shelf import Shelf
from tests.diffusion.tiny_texture import write_texture_model

DENOISE = Preset(id="denoise", title="Denoise", summary="s", task="denoise", phrase="restore")


def subject(height: int = 96, width: int = 200) -> Subject:
    rng = np.random.default_rng(2)
    degraded = rng.random((height, width, 3), dtype=np.float32)
    draft = (rng.random((height, width, 3)) * 20000 + 20000).astype(np.uint16)

    def read(box: Box) -> FloatArray:
        return degraded[box.slices]

    return Subject(width=width, height=height, degraded=read, draft=draft)


def test_it_is_planned_and_paints_a_picture_of_some_tiles(tmp_path: Path) -> None:
    spec = write_texture_model(tmp_path)
    prior = load_prior(spec, Shelf(tmp_path), device="cpu", preset=DENOISE)
    assert prior.trajectory.schedule.steps == 2
    assert prior.placement.side == 128
    seen = subject()
    painting = Painting(prior, seen, 3)
    assert len(painting.plan()) == 3
    rows: list[FloatArray] = []
    painting.paint(lambda top, part: rows.append(part.copy()), Silent())
    whole = np.concatenate(rows)
    assert whole.shape == (96, 200, 3)
    change = whole - seen.drafted(Box(0, 0, 200, 96))
    assert np.abs(change).max() > 1e-3
    assert np.abs(change[..., 0] - change[..., 2]).max() < 1e-6, "only light changes"


def test_the_network_is_read_once_and_copied_for_each_format(tmp_path: Path) -> None:
    spec = write_texture_model(tmp_path)
    plan = plan_prior(spec, Shelf(tmp_path), device="cpu", preset=DENOISE)
    stage = TextureStage(plan.weights)
    placement = Priors()(plan).placement
    one = stage(replace(placement, dtype="float32"))
    assert stage(replace(placement, dtype="float32")) is one
    other = stage(replace(placement, dtype="bfloat16"))
    assert (one.dtype, other.dtype) == (torch.float32, torch.bfloat16)
    again = stage(replace(placement, dtype="float32"))
    for name, value in one.networks.state_dict().items():
        assert torch.equal(value, again.networks.state_dict()[name]), name


def test_guidance_of_another_prior_is_refused_before_anything_is_drafted(tmp_path: Path) -> None:
    spec = write_texture_model(tmp_path / "one")
    write_texture_model(tmp_path / "other", seed=1)
    foreign = tmp_path / "other" / spec.id / "guidance.safetensors"
    with pytest.raises(WrongAdapter, match="another texture prior"):
        plan_prior(spec, Shelf(tmp_path / "one"), device="cpu", preset=DENOISE, adapter=foreign)
    flux = find_backbone("flux-nano")
    with pytest.raises(WrongAdapter, match="no adapter for FLUX nano"):
        plan_prior(flux, Shelf(None), device="cpu", preset=DENOISE, adapter=foreign)


def test_an_adapter_for_flux_is_none_for_it(tmp_path: Path) -> None:
    spec = write_texture_model(tmp_path)
    nano = Shelf(None).place(find_backbone("flux-nano")) / "adapter.safetensors"
    with pytest.raises(WrongAdapter, match="no adapter for Lite Texture"):
        plan_prior(spec, Shelf(tmp_path), device="cpu", preset=DENOISE, adapter=nano)


def test_what_is_missing_or_unknown_is_said(tmp_path: Path) -> None:
    spec = write_texture_model(tmp_path)
    (tmp_path / spec.id / "prior.safetensors").unlink()
    with pytest.raises(MissingWeights):
        plan_prior(spec, Shelf(tmp_path), device="cpu", preset=DENOISE)
    with pytest.raises(WrongWeights, match="family"):
        prior_family(replace(spec, family="chroma"))
    assert set(PRIOR_FAMILIES) == {"flux1", "flux2", "texture"}
