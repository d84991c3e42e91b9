"""Weights that come and go: the processor is the device, too, so that it is moves that count."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.diffusion.flux.lora import add_lora
from engine.diffusion.flux.vae_tiles import TiledAutoencoder
from engine.diffusion.noise_field import NoiseField
from engine.diffusion.offload import HOME, Guest, Stage, Turns, network_of, tensors_of
from engine.diffusion.prior import Painter
from engine.photo import Box, FloatArray
from engine.placement import Offload, Placement
from engine.progress import Silent
from tests.diffusion.painted import ONE_STEP, PLACED
from tests.diffusion.tiny_flux import (
    fresh_adapter1,
    latent,
    prompt1,
    shaken,
    tiny_flux1,
    tiny_flux2,
)
from tests.diffusion.tiny_models import write_lora

IN_FLOAT = replace(PLACED, dtype="float32")
BLOCKS = 2 + 3
"""Of both tiny transformers."""


def picture(height: int, width: int) -> FloatArray:
    return np.random.default_rng(0).random((height, width, 3), dtype=np.float32)


def made(family: Literal["flux1", "flux2"]) -> FluxBackbone:
    return tiny_flux1(shaken(fresh_adapter1(), 9, 0.1)) if family == "flux1" else tiny_flux2()  # type: ignore[arg-type]


def in_bfloat16(placement: Placement) -> FluxBackbone:
    backbone = made("flux1")
    backbone.transformer.to(torch.bfloat16)
    assert backbone.adapter is not None
    backbone.adapter.to(torch.bfloat16)
    backbone.dtype = torch.bfloat16
    return backbone


def stage(backbone: FluxBackbone) -> Stage:
    return Stage(lambda placement: backbone)


def painted(stage: Stage, placement: Placement) -> torch.Tensor:
    backbone = stage(placement)
    draft, field = picture(32, 48), NoiseField(0, backbone.spec.channels)
    painter = Painter(backbone, ONE_STEP)
    noise = painter.noise_of(field, Box(0, 0, 48, 32))
    return torch.from_numpy(painter.paint(draft, draft, noise, Silent()))


@pytest.mark.parametrize("family", ["flux1", "flux2"])
@pytest.mark.parametrize("offload", ["model", "blocks"])
def test_off_loaded_weights_paint_the_same(
    family: Literal["flux1", "flux2"], offload: Offload
) -> None:
    plain = painted(stage(made(family)), IN_FLOAT)
    assert torch.equal(painted(stage(made(family)), replace(IN_FLOAT, offload=offload)), plain)


def test_transformer_and_autoencoder_take_turns() -> None:
    here: list[str] = []
    staged = stage(made("flux1"))
    turns = staged(replace(IN_FLOAT, offload="model"))
    assert isinstance(turns, Turns)
    for name, guest in (("t", turns.transformer), ("a", turns.autoencoder)):
        _watch(guest, name, here)
    painted(staged, replace(IN_FLOAT, offload="model"))
    # encode twice, sample, decode twice; never both at once
    assert here == ["a+", "a-", "t+", "t-", "a+"]
    assert (turns.transformer.stays, turns.autoencoder.stays) == (1, 2)


def test_blocks_come_one_after_another() -> None:
    here: list[str] = []
    staged, placed = stage(made("flux1")), replace(IN_FLOAT, offload="blocks")
    turns = staged(placed)
    assert isinstance(turns, Turns)
    assert len(turns.blocks) == BLOCKS + 1  # and the adapter's trunk
    for number, guest in enumerate(turns.blocks):
        _watch(guest, str(number), here)
    painted(staged, placed)
    assert here[:2] == ["5+", "5-"]  # the trunk sees the latent first
    assert here[2:] == [f"{number}{way}" for number in range(BLOCKS) for way in "+-"]
    assert all(guest.stays == 1 for guest in turns.blocks)


def test_every_weight_has_a_place_to_be() -> None:
    backbone = made("flux1")
    turns = Turns(backbone, HOME, by_blocks=True)
    guests = (turns.transformer, turns.autoencoder, *turns.blocks)
    owned = [id(tensor) for guest in guests for tensor, _ in guest._homes]
    assert backbone.adapter is not None
    modules = (backbone.transformer, backbone.adapter, network_of(backbone))
    every = {id(tensor) for module in modules for tensor in tensors_of(module)}
    assert set(owned) == every
    assert len(owned) == len(every)
    turns.end()


def test_a_placement_may_change_between_tiles() -> None:
    staged = stage(made("flux1"))
    plain = painted(staged, IN_FLOAT)
    for offload in ("blocks", "none", "model", "none"):
        assert torch.equal(painted(staged, replace(IN_FLOAT, offload=offload)), plain)


def test_a_tile_in_finer_numbers_leaves_the_coarser_ones_as_they_were() -> None:
    for offload in ("none", "blocks"):
        staged, placed = Stage(in_bfloat16), replace(PLACED, offload=offload)
        coarse = painted(staged, placed)
        fine = painted(staged, replace(placed, dtype="float32"))
        assert not torch.equal(coarse, fine)
        assert torch.allclose(coarse, fine, atol=0.1)
        assert torch.equal(painted(staged, placed), coarse)


def test_weights_that_a_device_makes_anew_change_their_format_too() -> None:
    """From an Apple's GPU to the processor a module's weights become other tensors."""
    backbone = in_bfloat16(PLACED)
    staged = stage(backbone)
    coarse = painted(staged, PLACED)
    made_anew = torch.__future__.get_overwrite_module_params_on_conversion()
    torch.__future__.set_overwrite_module_params_on_conversion(True)
    try:
        painted(staged, replace(PLACED, vae_side=64))
    finally:
        torch.__future__.set_overwrite_module_params_on_conversion(made_anew)
    fine = painted(staged, replace(PLACED, dtype="float32"))
    assert torch.allclose(coarse, fine, atol=0.1)
    assert {weight.dtype for weight in backbone.transformer.parameters()} == {torch.float32}


def test_the_autoencoder_works_in_tiles_where_it_has_to() -> None:
    backbone = made("flux1")
    staged = stage(backbone)
    staged(replace(IN_FLOAT, vae_side=64))
    assert isinstance(backbone.autoencoder, TiledAutoencoder)
    staged(replace(IN_FLOAT, vae_side=96))
    assert isinstance(backbone.autoencoder, TiledAutoencoder)
    assert backbone.autoencoder.side == 96
    staged(IN_FLOAT)
    assert not isinstance(backbone.autoencoder, TiledAutoencoder)


def test_loading_that_fails_is_tried_anew() -> None:
    tries: list[Placement] = []

    def load(placement: Placement) -> FluxBackbone:
        tries.append(placement)
        if len(tries) == 1:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return made("flux2")

    staged = Stage(load)
    with pytest.raises(torch.OutOfMemoryError):
        staged(IN_FLOAT)
    painted(staged, IN_FLOAT)
    painted(staged, IN_FLOAT)
    assert len(tries) == 2


def test_another_prompt_needs_no_loading() -> None:
    loaded: list[Placement] = []

    def load(placement: Placement) -> FluxBackbone:
        loaded.append(placement)
        return made("flux1")

    staged = Stage(load)
    first = painted(staged, IN_FLOAT)
    staged.prompt = prompt1(seed=11)
    assert not torch.equal(painted(staged, IN_FLOAT), first)
    staged.prompt = prompt1()
    assert torch.equal(painted(staged, IN_FLOAT), first)
    assert len(loaded) == 1


@torch.inference_mode()
def test_off_loaded_weights_paint_from_a_prompt_alone() -> None:
    x, sigma = latent(32, 4, 6), torch.tensor([0.5])
    plain, moved = (
        stage(made("flux2"))(replace(IN_FLOAT, offload=offload)) for offload in ("none", "model")
    )
    assert isinstance(moved, Turns)
    expected = plain.velocity(x, sigma, plain.condition_on_prompt(x))
    assert torch.equal(moved.velocity(x, sigma, moved.condition_on_prompt(x)), expected)


def test_a_lora_follows_its_layer(tmp_path: Path) -> None:
    path = write_lora(tmp_path / "lora.safetensors")

    def load(placement: Placement) -> FluxBackbone:
        backbone = made("flux1")
        add_lora(backbone.transformer, path, 1.0, device=HOME, dtype=torch.float32)
        return backbone

    plain = painted(stage(made("flux1")), IN_FLOAT)
    with_lora = painted(Stage(load), IN_FLOAT)
    assert not torch.equal(plain, with_lora)
    assert torch.equal(painted(Stage(load), replace(IN_FLOAT, offload="blocks")), with_lora)


def _watch(guest: object, name: str, here: list[str]) -> None:
    """Write down when a guest comes (+) and goes (-)."""
    bring, leave = guest.bring, guest.leave  # type: ignore[attr-defined]

    def brought(device: torch.device) -> None:
        if not guest._is_here:  # type: ignore[attr-defined]
            here.append(name + "+")
        bring(device)

    def left() -> None:
        if guest._is_here:  # type: ignore[attr-defined]
            here.append(name + "-")
        leave()

    guest.bring, guest.leave = brought, left  # type: ignore[attr-defined]


@pytest.mark.gpu
@pytest.mark.parametrize("offload", ["none", "model", "blocks"])
def test_on_a_gpu_only_what_is_needed_is_there(offload: Offload) -> None:
    if not torch.cuda.is_available():
        pytest.skip("no GPU is here")
    backbone, device = made("flux1"), torch.device("cuda")
    staged = stage(backbone)
    placed = staged(replace(IN_FLOAT, device="cuda", offload=offload))
    draft, field = picture(32, 48), NoiseField(0, 16)
    painter = Painter(placed, ONE_STEP, device=device)
    noise = painter.noise_of(field, Box(0, 0, 48, 32))
    on_gpu = torch.from_numpy(painter.paint(draft, draft, noise, Silent()))
    on_cpu = painted(stage(made("flux1")), IN_FLOAT)
    assert torch.allclose(on_gpu, on_cpu, atol=1e-3)
    weights: list[Tensor] = list(backbone.transformer.parameters())
    away = [weight for weight in weights if weight.device.type == "cpu"]
    assert (len(away) == 0) == (offload == "none")


@pytest.mark.parametrize("fails_at", [1, 5])
def test_weights_that_came_only_in_part_come_anew(
    monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    """A tile that is tried again in a smaller size finds the same guests."""
    tensors = [torch.ones(2) for _ in range(6)]
    homes = [tensor.data_ptr() for tensor in tensors]
    guest, brought = Guest(tensors), 0

    def copied(tensor: Tensor, *where: object, **how: object) -> Tensor:
        nonlocal brought
        brought += 1
        if brought == fails_at:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return tensor.clone()

    monkeypatch.setattr(torch.Tensor, "to", copied)
    with pytest.raises(torch.OutOfMemoryError):
        guest.bring(HOME)
    assert [tensor.data_ptr() for tensor in tensors] == homes  # nothing of it stays there
    guest.bring(HOME)
    assert not any(tensor.data_ptr() in homes for tensor in tensors)
    guest.leave()
    assert [tensor.data_ptr() for tensor in tensors] == homes
