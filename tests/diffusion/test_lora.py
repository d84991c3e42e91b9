from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.diffusion.flux.lora import add_lora, remove_loras
from engine.errors import MissingWeights, WrongAdapter
from tests.diffusion.tiny_flux import generator, latent, tiny_flux1, tiny_flux2

CPU, RANK = torch.device("cpu"), 2
LAYERS = (
    "x_embedder",
    "transformer_blocks.0.attn.to_q",
    "transformer_blocks.1.attn.add_v_proj",
    "single_transformer_blocks.2.attn.to_k",
    "single_transformer_blocks.2.proj_mlp",
)


def _low_rank(outputs: int, inputs: int, seed: int) -> tuple[Tensor, Tensor]:
    chance = generator(seed)
    down = torch.randn(RANK, inputs, generator=chance)
    return down, torch.randn(outputs, RANK, generator=chance) * 0.1


def _write(
    path: Path,
    transformer: nn.Module,
    prefix: str,
    alpha: float | None,
    header: dict[str, str] | None = None,
) -> None:
    tensors: dict[str, Tensor] = {}
    for seed, name in enumerate(LAYERS):
        weight = transformer.get_parameter(name + ".weight")
        down, up = _low_rank(*weight.shape, seed)
        tensors |= {f"{prefix}{name}.lora_A.weight": down, f"{prefix}{name}.lora_B.weight": up}
        if alpha is not None:
            tensors[f"{prefix}{name}.alpha"] = torch.tensor(alpha)
    save_file(tensors, path, metadata=header)


def _merge(transformer: nn.Module, factor: float) -> None:
    """The same by changing the weights."""
    for seed, name in enumerate(LAYERS):
        weight = transformer.get_parameter(name + ".weight")
        down, up = _low_rank(*weight.shape, seed)
        weight.data += factor * up @ down


def _velocity(backbone: FluxBackbone) -> Tensor:
    x = latent(backbone.spec.channels, 4, 4)
    return backbone.velocity(x, torch.tensor(0.5), backbone.condition_on(x * 0.9))


def _add(backbone: FluxBackbone, path: Path, scale: float) -> int:
    return add_lora(backbone.transformer, path, scale, device=CPU, dtype=torch.float32)


@pytest.mark.parametrize("prefix", ["", "transformer.", "base_model.model."])
@pytest.mark.parametrize(("alpha", "factor"), [(None, 0.7), (1.0, 0.35)])
@torch.inference_mode()
def test_a_lora_is_what_merging_it_would_be(
    tmp_path: Path, prefix: str, alpha: float | None, factor: float
) -> None:
    path = tmp_path / "lora.safetensors"
    own, merged = tiny_flux1(), tiny_flux1()
    before = _velocity(own)
    _write(path, own.transformer, prefix, alpha)
    assert _add(own, path, 0.7) == len(LAYERS)
    _merge(merged.transformer, factor)
    assert torch.allclose(_velocity(own), _velocity(merged), atol=1e-5)
    assert not torch.allclose(_velocity(own), before, atol=1e-3)


@torch.inference_mode()
def test_loras_stack_and_come_off_without_a_trace(tmp_path: Path) -> None:
    path = tmp_path / "lora.safetensors"
    own, merged = tiny_flux1(), tiny_flux1()
    before, names = _velocity(own), list(own.transformer.state_dict())
    _write(path, own.transformer, "transformer.", None)
    _add(own, path, 0.5)
    _add(own, path, 0.25)
    _merge(merged.transformer, 0.75)
    assert torch.allclose(_velocity(own), _velocity(merged), atol=1e-5)
    remove_loras(own.transformer)
    assert torch.equal(_velocity(own), before)
    assert list(own.transformer.state_dict()) == names


@torch.inference_mode()
def test_original_names_with_fused_matrices_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "lora.safetensors"
    own, merged = tiny_flux2(), tiny_flux2()
    block = "transformer_blocks.1.attn"
    width = own.transformer.get_parameter(f"{block}.to_q.weight").shape[0]
    down, up = _low_rank(3 * width, width, 5)
    stem = "diffusion_model.double_blocks.1.img_attn.qkv"
    save_file({f"{stem}.lora_A.weight": down, f"{stem}.lora_B.weight": up}, path)
    assert _add(own, path, 1.0) == 3
    for index, part in enumerate(("to_q", "to_k", "to_v")):
        rows = up[index * width : (index + 1) * width]
        merged.transformer.get_parameter(f"{block}.{part}.weight").data += rows @ down
    assert torch.allclose(_velocity(own), _velocity(merged), atol=1e-5)


@pytest.mark.parametrize(
    ("stem", "layers"),
    [
        ("lora_unet_double_blocks_1_txt_attn_qkv", ["add_q_proj", "add_k_proj", "add_v_proj"]),
        ("lora_transformer_transformer_blocks_1_attn_add_k_proj", ["add_k_proj"]),
        ("diffusion_model.double_blocks.1.txt_attn.proj", ["to_add_out"]),
    ],
)
@torch.inference_mode()
def test_kohyas_names_are_understood(tmp_path: Path, stem: str, layers: list[str]) -> None:
    """sd-scripts writes underscores for points, OneTrainer with diffusers' names; both, and
    ComfyUI, say down and up."""
    path = tmp_path / "lora.safetensors"
    own, merged = tiny_flux1(), tiny_flux1()
    names = [f"transformer_blocks.1.attn.{layer}.weight" for layer in layers]
    rows, columns = merged.transformer.get_parameter(names[0]).shape
    down, up = _low_rank(len(names) * rows, columns, 5)
    matrices = {f"{stem}.lora_down.weight": down, f"{stem}.lora_up.weight": up}
    save_file(matrices | {f"{stem}.alpha": torch.tensor(RANK / 2)}, path)
    assert _add(own, path, 1.0) == len(names)
    for index, name in enumerate(names):
        part = up[index * rows : (index + 1) * rows]
        merged.transformer.get_parameter(name).data += 0.5 * part @ down
    assert torch.allclose(_velocity(own), _velocity(merged), atol=1e-5)


@pytest.mark.parametrize(
    "more",
    [
        "lora_unet_img_in.dora_scale",
        "transformer.x_embedder.lora_magnitude_vector",
        "lora_te1_text_model_encoder_layers_0_mlp_fc1.lora_down.weight",
    ],
)
def test_what_more_there_is_to_a_lora_is_not_left_out_in_silence(tmp_path: Path, more: str) -> None:
    """Magnitudes (DoRA) and parts for text encoders would make it another picture."""
    path, backbone = tmp_path / "lora.safetensors", tiny_flux1()
    stem, pair = ("lora_unet_img_in", "down up") if "unet" in more else ("x_embedder", "A B")
    down, up = (f"{stem}.lora_{word}.weight" for word in pair.split())
    tensors = dict(zip((down, up), _low_rank(32, 64, 1), strict=True))
    save_file(tensors | {more: torch.zeros(1)}, path)
    with pytest.raises(WrongAdapter, match=more):
        _add(backbone, path, 1.0)


def test_what_does_not_fit_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lora.safetensors"
    backbone = tiny_flux1()
    names = list(backbone.transformer.state_dict())
    with pytest.raises(MissingWeights):
        _add(backbone, path, 1.0)
    down, up = _low_rank(32, 64, 1)
    good = {"x_embedder.lora_A.weight": down, "x_embedder.lora_B.weight": up}
    save_file(good | {"unknown.lora_A.weight": torch.zeros(1)}, path)
    with pytest.raises(WrongAdapter, match="unknown"):
        _add(backbone, path, 1.0)
    save_file(good | {"x_embedder.lora_A.weight": torch.zeros(RANK, 63)}, path)
    with pytest.raises(WrongAdapter, match="another size"):
        _add(backbone, path, 1.0)
    save_file(good | {"x_embedder.lora_B.weight": torch.zeros(33, RANK)}, path)
    with pytest.raises(WrongAdapter, match="another size"):
        _add(backbone, path, 1.0)
    assert list(backbone.transformer.state_dict()) == names


SETUPS = {
    "plain": ({"lora_alpha": 8, "r": 2}, dict.fromkeys(LAYERS, 4.0)),
    "by root": (
        {"lora_alpha": 8, "r": 4, "use_rslora": True},
        dict.fromkeys(LAYERS, 8 / 2**0.5),
    ),
    "some": (
        {"lora_alpha": 2, "r": 2, "alpha_pattern": {"to_q": 6, "single_transformer_blocks.2.*": 3}},
        dict(zip(LAYERS, (1.0, 3.0, 1.0, 1.5, 1.5), strict=True)),
    ),
}
"""How a LoRA was set up, in peft's words, and what its additions are multiplied by."""


@pytest.mark.parametrize("setup", SETUPS)
@pytest.mark.parametrize("place", ["pipeline", "model", "peft"])
@torch.inference_mode()
def test_the_strength_it_was_trained_with_counts(tmp_path: Path, setup: str, place: str) -> None:
    """diffusers and peft keep alpha beside the weights and not among them."""
    told, factors = SETUPS[setup]
    own, merged = tiny_flux1(), tiny_flux1()
    path, prefix, header = tmp_path / "lora.safetensors", "transformer.", None
    if place == "peft":
        path, prefix = tmp_path / "adapter_model.safetensors", "base_model.model."
        (tmp_path / "adapter_config.json").write_text(json.dumps(told))
    else:
        before = "transformer." if place == "pipeline" else ""
        header = {"lora_adapter_metadata": json.dumps({before + k: v for k, v in told.items()})}
    _write(path, own.transformer, prefix, None, header)
    _add(own, path, 0.7)
    for seed, name in enumerate(LAYERS):
        weight = merged.transformer.get_parameter(name + ".weight")
        down, up = _low_rank(*weight.shape, seed)
        weight.data += 0.7 * factors[name] * up @ down
    assert torch.allclose(_velocity(own), _velocity(merged), atol=1e-4)


@pytest.mark.parametrize(
    "told", ["[", "[]", '{"lora_alpha": "much"}', '{"lora_alpha": NaN}', '{"alpha_pattern": 3}']
)
def test_a_strength_that_cannot_be_read_is_refused(tmp_path: Path, told: str) -> None:
    path, backbone = tmp_path / "lora.safetensors", tiny_flux1()
    _write(path, backbone.transformer, "", None, {"lora_adapter_metadata": told})
    with pytest.raises(WrongAdapter, match="how strong"):
        _add(backbone, path, 1.0)
