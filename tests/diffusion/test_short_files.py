"""Every short format of weights, in the layouts that its makers write, from disk to a picture."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.diffusion.flux.flux1 import Flux1, new_adapter
from engine.diffusion.flux.flux_files import load_transformer
from engine.diffusion.flux.flux_models import Flux1Sizes, Flux2Sizes
from engine.diffusion.flux.flux_names import transformer_piece
from engine.diffusion.quantised.eight_bit_layers import (
    DTYPES,
    EightBitLinear,
    EightBits,
    can_multiply_short,
    eight_bit_weight,
    multiply_short,
)
from engine.diffusion.quantised.gguf_layers import GgufLinear
from engine.diffusion.quantised.short_weights import ShortLinear
from engine.diffusion.tensor_files import GgufFile
from engine.errors import WrongWeights
from tests.diffusion.tiny_flux import (
    FLUX1,
    FLUX2,
    generator,
    latent,
    tiny_flux1,
    tiny_transformer1,
    tiny_transformer2,
)

CPU = torch.device("cpu")
WIDE = replace(FLUX1, heads=16, head_width=16, double=1, single=1)
"""The K formats of GGUF have blocks of 256 weights."""
WIDE2 = replace(FLUX2, heads=2, head_width=16)


def _load(path: Path, sizes: Flux1Sizes | Flux2Sizes) -> nn.Module:
    return load_transformer(path, sizes, device=CPU, dtype=torch.float32)


def _originals(network: nn.Module) -> dict[str, Tensor]:
    """A transformer's weights laid out and named as Black Forest Labs do."""
    groups: dict[str, list[tuple[int, Tensor]]] = {}
    for name, value in network.state_dict().items():
        piece = transformer_piece(name)
        part = piece.part if piece.part >= 0 else 99
        if piece.swapped:
            value = torch.cat(value.chunk(2)[::-1])
        groups.setdefault(piece.names[0], []).append((part, value))
    return {
        name: torch.cat([value for _, value in sorted(parts, key=lambda one: one[0])])
        for name, parts in groups.items()
    }


def _off(own: nn.Module, network: nn.Module) -> float:
    """How far the velocity is from that of the exact network, as a share of its spread."""
    plain = tiny_flux1()
    x, sigma = latent(16, 8, 8), torch.tensor(0.5)
    given = plain.condition_on(x)
    found = [
        Flux1(plain.spec, one, plain.autoencoder, plain.prompt).velocity(x, sigma, given)
        for one in (own, network)
    ]
    return float((found[0] - found[1]).abs().mean() / found[1].std())


def _write_gguf(path: Path, state: dict[str, Tensor], kind: str) -> None:
    gguf = pytest.importorskip("gguf")
    types = gguf.GGMLQuantizationType
    writer = gguf.GGUFWriter(path, "flux")
    for name, value in state.items():
        chosen, block = types[kind], gguf.GGML_QUANT_SIZES[types[kind]][0]
        if value.ndim != 2 or value.shape[1] % block:
            chosen = types.F32
        try:
            data = gguf.quantize(value.numpy(), chosen)
        except NotImplementedError:  # the package reads the K formats and does not write them
            data = _k_blocks(value).numpy()
        writer.add_tensor(name, data, raw_dtype=chosen)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _k_blocks(weight: Tensor) -> Tensor:
    """Q4_K: sub-blocks of 32 in 15 steps of one size from one least value for each block."""
    blocks = weight.reshape(-1, 8, 32)
    reach = blocks.abs().amax((1, 2))
    step, least = reach * 2 / 15 / 32, reach / 32
    halves = torch.stack((step, least), 1).half()
    step, least = halves.float().unbind(1)
    scaled = (blocks + 32 * least[:, None, None]) / (32 * step[:, None, None])
    codes = scaled.round().clamp(0, 15).to(torch.uint8).reshape(-1, 4, 2, 32)
    # all eight scales and offsets are 32: six bits each, the last four shared out as ggml does
    shares = torch.tensor([32 | 2 << 6] * 8 + [0] * 4, dtype=torch.uint8).expand(len(codes), -1)
    packed = (codes[:, :, 0] | codes[:, :, 1] << 4).flatten(1)
    whole = torch.cat((halves.view(torch.uint8), shares, packed), 1)
    return whole.reshape(weight.shape[0], -1)


@pytest.mark.parametrize(
    ("kind", "most"), [("F16", 0.002), ("BF16", 0.03), ("Q8_0", 0.02), ("Q4_0", 0.4), ("Q4_K", 0.4)]
)
@torch.inference_mode()
def test_gguf_stays_packed_and_computes(tmp_path: Path, kind: str, most: float) -> None:
    network = tiny_transformer1(WIDE)
    _write_gguf(tmp_path / "flux.gguf", _originals(network), kind)
    own = _load(tmp_path / "flux.gguf", WIDE)
    packed = [layer for layer in own.modules() if isinstance(layer, GgufLinear)]
    if kind in ("F16", "BF16"):
        assert not packed
    else:
        assert len(packed) > 15
        assert {layer.kind for layer in packed} == {kind}
        assert "transformer_blocks.0.attn.to_q.weight" not in dict(own.named_parameters())
    assert 0 < _off(own, network) < most


def test_flux2_in_gguf_has_its_fused_and_swapped_matrices_in_order(tmp_path: Path) -> None:
    network = tiny_transformer2(WIDE2)
    _write_gguf(tmp_path / "flux.gguf", _originals(network), "Q8_0")
    own = _load(tmp_path / "flux.gguf", WIDE2)
    for name, layer in own.named_modules():
        if isinstance(layer, ShortLinear):
            exact = network.get_parameter(name + ".weight")
            assert (layer.weight() - exact).abs().max() < 0.005 * exact.abs().max()


def _torchao(state: dict[str, Tensor], kind: EightBits) -> tuple[dict[str, Tensor], dict[str, str]]:
    """As torchao 0.18 flattens a network whose linear layers it made short, one scale a row."""
    tensors: dict[str, Tensor] = {}
    header = {"tensor_names": json.dumps(list(state))}
    for name, value in state.items():
        if value.ndim != 2:
            tensors[name], header[name] = value, json.dumps({"_type": "Tensor"})
            continue
        weight, stem = eight_bit_weight(value, kind), name.removesuffix(".weight")
        tensors |= {f"{stem}._weight_qdata": weight.values, f"{stem}._weight_scale": weight.scale}
        if kind == "int8":
            tensors[f"{stem}._weight_zero_point"] = torch.zeros(len(value), 1, dtype=torch.int8)
        whole = "Int8Tensor" if kind == "int8" else "Float8Tensor"
        header[name] = json.dumps({"_type": whole, "_data": {"block_size": [1, value.shape[1]]}})
    return tensors, header


@pytest.mark.parametrize("kind", ["int8", "fp8"])
@pytest.mark.parametrize("shards", [1, 2])
@torch.inference_mode()
def test_what_torchao_wrote_is_read_without_it(
    tmp_path: Path, kind: EightBits, shards: int
) -> None:
    network = tiny_transformer1()
    tensors, header = _torchao(network.state_dict(), kind)
    names = sorted(tensors)
    parts = [names[start::shards] for start in range(shards)]  # values and scales in two files
    places: dict[str, str] = {}
    for number, part in enumerate(parts, 1):
        file = "diffusion_pytorch_model.safetensors"
        if shards > 1:
            file = f"diffusion_pytorch_model-{number:05}-of-{shards:05}.safetensors"
        save_file({name: tensors[name] for name in part}, tmp_path / file, metadata=header)
        places |= dict.fromkeys(part, file)
    if shards > 1:
        index = tmp_path / "diffusion_pytorch_model.safetensors.index.json"
        index.write_text(json.dumps({"metadata": {}, "weight_map": places}))
    own = _load(tmp_path, FLUX1)
    layers = [layer for layer in own.modules() if isinstance(layer, EightBitLinear)]
    assert {layer.values.dtype for layer in layers} == {DTYPES[kind]}
    assert 0 < _off(own, network) < (0.05 if kind == "int8" else 0.15)


@torch.inference_mode()
def test_fp8_without_scales_is_read_and_stays_short(tmp_path: Path) -> None:
    network = tiny_transformer1()
    state = {name: value.to(torch.float8_e4m3fn) for name, value in _originals(network).items()}
    save_file(state, tmp_path / "flux.safetensors")
    own = _load(tmp_path / "flux.safetensors", FLUX1)
    weight = own.get_submodule("single_transformer_blocks.0.proj_out")
    assert isinstance(weight, EightBitLinear)
    assert (weight.scale == 1).all()
    assert 0 < _off(own, network) < 0.3


def test_unusable_forms_of_eight_bits_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "flux.safetensors"
    tensors, _ = _torchao(tiny_transformer1().state_dict(), "int8")
    tensors["x_embedder._weight_zero_point"] += 1
    save_file(tensors, path)
    with pytest.raises(WrongWeights, match=r"x_embedder\.weight in an unknown form"):
        _load(path, FLUX1)
    tensors["x_embedder._weight_zero_point"] *= 0
    scale = tensors.pop("x_embedder._weight_scale")
    save_file(tensors, path)
    with pytest.raises(WrongWeights, match=r"lacks x_embedder\._weight_scale"):
        _load(path, FLUX1)
    save_file(tensors | {"x_embedder._weight_scale": scale.repeat(2, 1)}, path)
    with pytest.raises(WrongWeights, match="unknown form of eight bits"):
        _load(path, FLUX1)


@pytest.mark.parametrize("kind", ["int8", "fp8"])
def test_products_in_eight_bits_are_close_to_the_exact_ones(kind: EightBits) -> None:
    if not can_multiply_short(CPU, kind):
        pytest.skip(f"this processor does not multiply in {kind}")
    weight = torch.randn(48, 64, generator=generator(1))
    bias = nn.Parameter(torch.randn(48, generator=generator(2)))
    x = torch.randn(2, 20, 64, generator=generator(3))
    layer = eight_bit_weight(weight, kind).layer(bias, torch.float32)
    stored = layer(x)
    assert multiply_short(layer, kind) == 1
    assert layer(x).shape == (2, 20, 48)
    assert layer(x).dtype == torch.float32
    assert 0 < (layer(x) - stored).abs().mean() < 0.05 * stored.std()
    # too few tokens for such a product: what is stored is multiplied as it is
    few = x[:1, :3]
    assert torch.equal(layer(few), nn.functional.linear(few, layer.weight(), bias))


def test_only_layers_of_that_kind_and_of_fitting_sides_multiply_short() -> None:
    layers = nn.Sequential(
        *(eight_bit_weight(torch.ones(rows, 32), "int8").layer(None, torch.float32)
          for rows in (16, 24, 32))
    )  # fmt: skip
    assert multiply_short(layers, "fp8") == 0
    assert multiply_short(layers, "int8") == 2


def test_gradients_pass_through_eight_bits() -> None:
    x = torch.randn(2, 16, requires_grad=True)
    layer = eight_bit_weight(torch.randn(8, 16), "int8").layer(None, torch.float32)
    layer(x).sum().backward()
    assert x.grad is not None
    assert torch.allclose(x.grad, layer.weight().sum(0).expand(2, -1))


def test_an_adapter_starts_from_a_block_in_few_bits(tmp_path: Path) -> None:
    network = tiny_transformer1(WIDE)
    _write_gguf(tmp_path / "flux.gguf", _originals(network), "Q8_0")
    adapter = new_adapter(WIDE, 2, 4)
    adapter.start_from(_load(tmp_path / "flux.gguf", WIDE))
    for name, value in adapter.trunk.named_parameters():
        if name != "pooled_offset":
            exact = network.get_parameter(name.replace("block.", "transformer_blocks.0.", 1))
            assert (value - exact).abs().max() < 0.01 * exact.abs().max(), name


def test_a_bias_in_gguf_is_cut_by_its_numbers_and_not_by_its_bytes(tmp_path: Path) -> None:
    gguf = pytest.importorskip("gguf")
    path, bias = tmp_path / "bias.gguf", torch.arange(12, dtype=torch.bfloat16)
    writer = gguf.GGUFWriter(path, "flux")
    raw = gguf.GGMLQuantizationType.BF16
    writer.add_tensor("bias", bias.view(torch.uint8).numpy(), raw_dtype=raw)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    file = GgufFile(path)
    assert file.rows("bias") == len(bias)
    assert torch.equal(file.read("bias", slice(4, 8)), bias[4:8])


@pytest.mark.parametrize("kind", ["int8", "fp8"])
def test_a_training_keeps_no_unpacked_weights_for_the_way_back(kind: EightBits) -> None:
    weight = torch.randn(64, 256, generator=generator(1))
    short, bias = eight_bit_weight(weight, kind), torch.zeros(64)
    layer = short.layer(nn.Parameter(bias, requires_grad=False), torch.float32)
    kept: list[int] = []

    def keep(tensor: Tensor) -> Tensor:
        kept.append(tensor.numel())
        return tensor

    x = torch.randn(2, 3, 256, generator=generator(2), requires_grad=True)
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        out = layer(x)
    assert sum(kept) < weight.numel()
    assert torch.equal(out, torch.nn.functional.linear(x, short.numbers(), bias))
    out.square().sum().backward()
    assert x.grad is not None
    assert torch.allclose(x.grad, 2 * out.detach() @ short.numbers(), rtol=1e-5, atol=1e-3)
