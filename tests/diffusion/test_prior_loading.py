"""From an order to a plan and a prior: files, prompts, trajectories, tables."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from engine.backbones import BackboneSpec, find_backbone
from engine.diffusion.devices import hardware
from engine.diffusion.flux import flux1, flux2
from engine.diffusion.flux.flux_adapter_files import FluxAdapterHeader, save_flux_adapter
from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.diffusion.flux.modulation import RecordedLayer
from engine.diffusion.flux.prompts import save_prompt
from engine.diffusion.noise_field import NoiseField
from engine.diffusion.prior import Painter
from engine.diffusion.prior_loading import (
    Prior,
    Priors,
    load_prior,
    placed,
    plan_prior,
    trajectory_of,
)
from engine.errors import MissingWeights, OutOfMemory, WrongAdapter, WrongWeights
from engine.photo import Box, FloatArray
from engine.preset import Preset
from engine.progress import Silent
from engine.schedule import Schedule, flux1_shift
from engine.shelf import TABLES, Shelf
from engine.trajectory import Trajectory
from tests.diffusion.tiny_flux import (
    FLUX1,
    FLUX2,
    RANK,
    TEXT_TOKENS,
    prompt1,
    prompt2,
    shaken,
)
from tests.diffusion.tiny_models import (
    STEPS,
    TRAJECTORY,
    TinyModels,
    tiny_models,
    write_adapter,
    write_lora,
)

__all__ = ["tiny_models"]

DENOISE = Preset(id="denoise", title="Denoise", summary="s", task="denoise", phrase="restore")


def painted(prior: Prior) -> FloatArray:
    backbone = prior.backbone(prior.placement)
    draft = np.random.default_rng(0).random((32, 48, 3), dtype=np.float32)
    painter = Painter(backbone, prior.trajectory)
    noise = painter.noise_of(NoiseField(0, backbone.spec.channels), Box(0, 0, 48, 32))
    return painter.paint(draft, draft, noise, Silent())


def test_what_is_not_here_is_said_with_the_command_that_fetches_it(tiny_models: TinyModels) -> None:
    spec = tiny_models.add("flux1", on_disk=False)
    with pytest.raises(MissingWeights, match="not on this machine") as caught:
        plan_prior(spec, tiny_models.shelf, preset=DENOISE)
    assert "restorer models download tiny-flux1" in caught.value.remedy
    with pytest.raises(MissingWeights, match="cannot run"):
        plan_prior(replace(spec, ready=False), tiny_models.shelf, preset=DENOISE)


def test_the_models_own_adapter_brings_its_trajectory(tiny_models: TinyModels) -> None:
    spec = tiny_models.add("flux1")
    plan = plan_prior(spec, tiny_models.shelf, preset=DENOISE)
    assert plan.trajectory == TRAJECTORY
    assert plan.weights.adapter == tiny_models.folder / spec.id / "adapter.safetensors"
    assert plan.prompt == tiny_models.folder / spec.id / "prompt.safetensors"
    assert plan.weights.variants == ("bf16",)


def test_an_adapter_of_the_users_takes_its_place(tiny_models: TinyModels, tmp_path: Path) -> None:
    spec = tiny_models.add("flux1")
    own = Trajectory(start="degraded", schedule=Schedule(steps=7, start=0.3))
    path = write_adapter(tmp_path / "mine.safetensors", spec.id, trajectory=own)
    plan = plan_prior(spec, tiny_models.shelf, preset=DENOISE, adapter=path)
    assert plan.trajectory == own
    assert plan.weights.adapter == path


def test_an_adapter_for_something_else_is_refused(tiny_models: TinyModels, tmp_path: Path) -> None:
    spec, shelf = tiny_models.add("flux1"), tiny_models.shelf
    other = write_adapter(tmp_path / "other.safetensors", "flux1-dev")
    with pytest.raises(WrongAdapter, match="made for flux1-dev"):
        plan_prior(spec, shelf, preset=DENOISE, adapter=other)
    stranger = tmp_path / "stranger.safetensors"
    save_file({"x": torch.zeros(1)}, stranger)
    with pytest.raises(WrongAdapter, match="no adapter for") as caught:
        plan_prior(spec, shelf, preset=DENOISE, adapter=stranger)
    assert "--model lite" in caught.value.remedy
    stranger.write_bytes(b"no safetensors")
    with pytest.raises(WrongWeights, match="damaged"):
        plan_prior(spec, shelf, preset=DENOISE, adapter=stranger)
    with pytest.raises(MissingWeights, match="missing"):
        plan_prior(spec, shelf, preset=DENOISE, adapter=tmp_path / "nowhere.safetensors")


def test_flux1_without_any_adapter_cannot_restore(tiny_models: TinyModels, tmp_path: Path) -> None:
    spec = tiny_models.add("flux1", adapter=False)
    with pytest.raises(MissingWeights, match="without an adapter") as caught:
        plan_prior(spec, tiny_models.shelf, preset=DENOISE)
    assert "--adapter" in caught.value.remedy
    lora = write_lora(tmp_path / "lora.safetensors")
    plan = plan_prior(spec, tiny_models.shelf, preset=DENOISE, adapter=lora)
    assert (plan.trajectory.start, plan.trajectory.schedule.steps) == ("degraded", STEPS)
    assert 0.3 < plan.trajectory.schedule.start < 1


def test_a_lora_comes_on_top_of_the_models_own_adapter(
    tiny_models: TinyModels, tmp_path: Path
) -> None:
    spec, shelf = tiny_models.add("flux1"), tiny_models.shelf
    lora = write_lora(tmp_path / "lora.safetensors")
    plan = plan_prior(spec, shelf, preset=DENOISE, adapter=lora)
    assert plan.weights.lora == lora
    assert plan.weights.adapter is not None
    assert plan.trajectory == TRAJECTORY
    plain, on_top = (load_prior(spec, shelf, preset=DENOISE, adapter=one) for one in (None, lora))
    assert not np.array_equal(painted(plain), painted(on_top))


def test_a_lora_in_kohyas_words_is_known_as_one(tiny_models: TinyModels, tmp_path: Path) -> None:
    spec, path = tiny_models.add("flux1"), tmp_path / "lora.safetensors"
    stem = "lora_unet_double_blocks_0_img_attn_proj"
    matrices = {"lora_down": torch.ones(2, 32), "lora_up": torch.ones(32, 2)}
    save_file({f"{stem}.{name}.weight": value for name, value in matrices.items()}, path)
    plan = plan_prior(spec, tiny_models.shelf, preset=DENOISE, adapter=path)
    assert plan.weights.lora == path


def test_words_that_were_encoded_for_flux1_are_what_a_lora_alone_is_told(
    tiny_models: TinyModels, tmp_path: Path
) -> None:
    spec, shelf = tiny_models.add("flux1", adapter=False), tiny_models.shelf
    spec = replace(spec, files=tuple(file for file in spec.files if file.role != "prompt"))
    lora = write_lora(tmp_path / "lora.safetensors")
    assert plan_prior(spec, shelf, preset=DENOISE, adapter=lora).prompt is None
    place = tiny_models.folder / spec.id
    (place / "prompts").mkdir()
    encoded = place / "prompts" / "denoise.safetensors"
    save_prompt(prompt1(), encoded)
    assert plan_prior(spec, shelf, preset=DENOISE, adapter=lora).prompt == encoded
    own = write_adapter(tmp_path / "mine.safetensors", spec.id)
    assert plan_prior(spec, shelf, preset=DENOISE, adapter=own).prompt is None


def test_flux2_restores_by_its_phrase_from_pure_noise(tiny_models: TinyModels) -> None:
    spec = tiny_models.add("flux2", phrases=("denoise", "deblur"))
    shelf = tiny_models.shelf
    plan = plan_prior(spec, shelf, preset=DENOISE)
    assert plan.trajectory.start == "far"
    assert plan.trajectory.schedule.start == 1
    assert plan.prompt == tiny_models.folder / spec.id / "prompts" / "denoise.safetensors"
    missing = replace(DENOISE, id="dehaze", title="Dehaze", task="dehaze", phrase="no haze")
    with pytest.raises(MissingWeights, match="Dehaze") as caught:
        plan_prior(spec, shelf, preset=missing)
    assert "restorer models download tiny-flux2" in caught.value.remedy


def test_all_tiles_visit_the_same_sigmas() -> None:
    spec = find_backbone("flux1-dev")
    schedule = trajectory_of(spec, None).schedule
    assert schedule.shift == pytest.approx(flux1_shift(4096, 28))
    assert schedule.sigmas(100) == schedule.sigmas(4096)


def test_steps_replace_those_of_the_trajectory(tiny_models: TinyModels, tmp_path: Path) -> None:
    spec, shelf = tiny_models.add("flux1"), tiny_models.shelf
    plan = plan_prior(spec, shelf, preset=DENOISE, steps=9)
    assert plan.trajectory.schedule.steps == 9
    assert plan.trajectory.schedule.start == TRAJECTORY.schedule.start
    listed = Trajectory(start="degraded", schedule=Schedule(listed=(0.8, 0.6, 0.1, 0.0)))
    path = write_adapter(tmp_path / "listed.safetensors", spec.id, trajectory=listed)
    plan = plan_prior(spec, shelf, preset=DENOISE, adapter=path, steps=6)
    assert plan.trajectory.schedule.sigmas(1)[::2] == pytest.approx((0.8, 0.6, 0.1, 0.0))


def test_a_machine_that_is_too_small_is_an_error_with_its_reason(
    tiny_models: TinyModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_prior(tiny_models.add("flux1"), tiny_models.shelf, preset=DENOISE)
    small = replace(hardware(torch.device("cpu")), memory=10**8, ram=10**8)
    monkeypatch.setattr("engine.diffusion.prior_loading.hardware", lambda device: small)
    with pytest.raises(OutOfMemory, match="does not fit"):
        placed(plan.weights)


def tabled(tiny_models: TinyModels) -> tuple[BackboneSpec, Shelf]:
    return tiny_models.add("flux1", modulation=1e4), tiny_models.shelf


def test_modulation_is_tabled_once_and_kept_beside_the_weights(tiny_models: TinyModels) -> None:
    spec, shelf = tabled(tiny_models)
    first = load_prior(spec, shelf, preset=DENOISE)
    change = painted(first)
    tables = list((tiny_models.folder / spec.id / TABLES).iterdir())
    assert len(tables) == 1
    made = tables[0].stat().st_mtime_ns
    again = load_prior(spec, shelf, preset=DENOISE)
    assert np.array_equal(painted(again), change)
    assert tables[0].stat().st_mtime_ns == made
    backbone = again.backbone(again.placement)
    assert isinstance(backbone, FluxBackbone)
    assert any(isinstance(layer, RecordedLayer) for layer in backbone.transformer.modules())
    plain = load_prior(replace(spec, modulation=0.0), shelf, preset=DENOISE)
    np.testing.assert_allclose(painted(plain), change, atol=1e-5)


def test_another_number_of_steps_has_a_table_of_its_own(tiny_models: TinyModels) -> None:
    spec, shelf = tabled(tiny_models)
    painted(load_prior(spec, shelf, preset=DENOISE))
    painted(load_prior(spec, shelf, preset=DENOISE, steps=5))
    assert len(list((tiny_models.folder / spec.id / TABLES).iterdir())) == 2


def test_a_damaged_table_is_made_anew(tiny_models: TinyModels) -> None:
    spec, shelf = tabled(tiny_models)
    change = painted(load_prior(spec, shelf, preset=DENOISE))
    (table,) = (tiny_models.folder / spec.id / TABLES).iterdir()
    table.write_bytes(b"half")
    assert np.array_equal(painted(load_prior(spec, shelf, preset=DENOISE)), change)
    assert table.stat().st_size > 4


def test_a_table_that_cannot_be_written_is_done_without(tiny_models: TinyModels) -> None:
    spec, shelf = tabled(tiny_models)
    change = painted(load_prior(spec, shelf, preset=DENOISE))
    (table,) = (tiny_models.folder / spec.id / TABLES).iterdir()
    table.unlink()
    table.with_name(table.name + ".new").mkdir()  # stands in the way, as a full disk would
    again = painted(load_prior(spec, shelf, preset=DENOISE))
    np.testing.assert_allclose(again, change, atol=1e-5)


def test_no_table_is_made_where_a_lora_may_change_it_or_nothing_can_be_kept(
    tiny_models: TinyModels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec, shelf = tabled(tiny_models)
    lora = write_lora(tmp_path / "lora.safetensors")
    painted(load_prior(spec, shelf, preset=DENOISE, adapter=lora))
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    painted(load_prior(spec, shelf, preset=DENOISE))
    assert not (tiny_models.folder / spec.id / TABLES).exists()


def test_a_shipped_model_is_run_from_the_program_and_nothing_is_written_there(
    tiny_models: TinyModels,
) -> None:
    spec = tiny_models.add("flux1", shipped=True, modulation=1e4)
    prior = load_prior(spec, Shelf(), preset=DENOISE)
    painted(prior)
    place = tiny_models.resources / "models" / spec.id
    assert sorted(path.name for path in place.iterdir()) == sorted(file.path for file in spec.files)


def test_a_model_stays_loaded_while_the_same_is_asked_for(
    tiny_models: TinyModels, tmp_path: Path
) -> None:
    spec, shelf, priors = tiny_models.add("flux2"), tiny_models.shelf, Priors()
    first = priors(plan_prior(spec, shelf, preset=DENOISE))
    loaded = first.backbone(first.placement)
    again = priors(plan_prior(spec, shelf, preset=DENOISE, steps=7))
    assert again.backbone(again.placement) is loaded
    assert again.trajectory.schedule.steps == 7
    other = priors(plan_prior(tiny_models.add("flux1"), shelf, preset=DENOISE))
    assert other.backbone(other.placement) is not loaded


def test_a_job_leaves_nothing_to_the_next_one(tiny_models: TinyModels) -> None:
    spec = tiny_models.add("flux2", phrases=("denoise", "deblur"))
    shelf, kept = tiny_models.shelf, Priors()
    deblur = replace(DENOISE, id="deblur", title="Deblur", task="deblur")
    orders = [(DENOISE, 0), (deblur, 2), (DENOISE, 0)]
    plans = [plan_prior(spec, shelf, preset=preset, steps=steps) for preset, steps in orders]
    changes = [painted(kept(plan)) for plan in plans]
    assert np.array_equal(changes[0], changes[2])
    assert not np.array_equal(changes[0], changes[1])
    assert np.array_equal(changes[1], painted(Priors()(plans[1])))


def test_a_retrained_adapter_of_the_same_name_is_another_one(
    tiny_models: TinyModels, tmp_path: Path
) -> None:
    spec, shelf, priors = tiny_models.add("flux1"), tiny_models.shelf, Priors()
    path = write_adapter(tmp_path / "mine.safetensors", spec.id)
    first = painted(priors(plan_prior(spec, shelf, preset=DENOISE, adapter=path)))
    write_adapter(path, spec.id, seed=77)
    os.utime(path, ns=(1, 1))
    second = painted(priors(plan_prior(spec, shelf, preset=DENOISE, adapter=path)))
    assert not np.array_equal(first, second)


def test_a_prompt_the_adapter_has_no_offsets_for_is_refused(tiny_models: TinyModels) -> None:
    spec = tiny_models.add("flux1")
    save_prompt(prompt1(words=9), tiny_models.folder / spec.id / "prompt.safetensors")
    with pytest.raises(WrongAdapter, match="9"):
        load_prior(spec, tiny_models.shelf, preset=DENOISE)


@pytest.mark.parametrize(
    "other",
    [
        {"text": torch.zeros(4, FLUX1.text_width + 1)},
        {"pooled": torch.zeros(FLUX1.pooled_width + 1)},
        {"pooled": None},
    ],
    ids=["wider", "pooled wider", "not pooled"],
)
def test_a_prompt_by_another_text_encoder_is_refused(
    tiny_models: TinyModels, other: dict[str, torch.Tensor | None]
) -> None:
    spec = tiny_models.add("flux1")
    prompt = replace(prompt1(words=4), **other)  # type: ignore[arg-type]
    save_prompt(prompt, tiny_models.folder / spec.id / "prompt.safetensors")
    with pytest.raises(WrongWeights, match="another text encoder"):
        load_prior(spec, tiny_models.shelf, preset=DENOISE)


@pytest.mark.parametrize("words", [TEXT_TOKENS, 20])
@pytest.mark.parametrize("family", ["flux1", "flux2"])
def test_a_steered_model_is_told_the_blank_prompt_its_adapter_was_trained_with(
    tiny_models: TinyModels, tmp_path: Path, family: Literal["flux1", "flux2"], words: int
) -> None:
    """Also where the catalogue's own prompts are shorter, and where the model follows words."""
    spec, shelf = tiny_models.add(family, adapter=False), tiny_models.shelf
    spec = replace(spec, files=tuple(file for file in spec.files if file.role != "prompt"))
    assert TEXT_TOKENS < spec.text_tokens < 20
    path = tmp_path / "mine.safetensors"
    _save_adapter(path, spec, words)
    if family == "flux2":
        phrase = replace(prompt2(words=spec.text_tokens), words="denoise")
        save_prompt(phrase, tiny_models.folder / spec.id / "prompts" / "denoise.safetensors")
    prior = load_prior(spec, shelf, preset=DENOISE, adapter=path)
    backbone = prior.backbone(prior.placement)
    assert isinstance(backbone, FluxBackbone)
    assert backbone.prompt.text.shape[0] == words
    assert not backbone.prompt.text.any()
    assert np.isfinite(painted(prior)).all()


def _save_adapter(path: Path, spec: BackboneSpec, words: int) -> None:
    if spec.family == "flux1":
        adapter = flux1.new_adapter(FLUX1, RANK, words)
    else:
        adapter = flux2.new_adapter(FLUX2, RANK, words)
    shaken(adapter, 9, 0.1)
    header = FluxAdapterHeader(
        title="Mine",
        backbone=spec.id,
        trajectory=TRAJECTORY,
        recipe="",
        rank=RANK,
        text_tokens=words,
        licence="",
    )
    save_flux_adapter(adapter, path, header, torch.float32)
