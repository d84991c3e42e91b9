from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.diffusion.flux.flux1 import Flux1
from engine.diffusion.flux.flux_files import load_transformer
from engine.diffusion.quantised.nf4_layers import Nf4Linear, nf4_codes, read_nf4
from engine.diffusion.tensor_files import SafetensorsFiles
from engine.errors import WrongWeights
from tests.diffusion.tiny_flux import FLUX1, generator, latent, tiny_flux1, tiny_transformer1

CPU = torch.device("cpu")
WIDE = replace(FLUX1, heads=4)
"""NF4 has blocks of 64 weights."""
NF4 = torch.tensor(
    [-1.0, -0.6962, -0.5251, -0.3949, -0.2844, -0.1848, -0.0911, 0.0,
     0.0796, 0.1609, 0.2461, 0.3379, 0.4407, 0.5626, 0.7230, 1.0]
)  # fmt: skip


def _packed(name: str, weight: Tensor, *, nested: bool = False) -> dict[str, Tensor]:
    """A weight in four bits, with all that bitsandbytes stores beside it."""
    blocks = weight.reshape(-1, 64)
    largest = blocks.abs().amax(1)
    codes = (blocks / largest[:, None]).unsqueeze(-1).sub(NF4).abs().argmin(-1).to(torch.uint8)
    pairs = codes.reshape(-1, 2)
    state: dict[str, object] = {
        "quant_type": "nf4", "blocksize": 64, "dtype": "bfloat16", "shape": list(weight.shape)
    }  # fmt: skip
    parts = {name: (pairs[:, 0] << 4 | pairs[:, 1])[:, None], f"{name}.quant_map": NF4.clone()}
    if nested:
        offset, levels = largest.mean(), torch.linspace(-1, 1, 256)
        groups = (largest - offset).split(256)
        scales = torch.stack([group.abs().max() for group in groups])
        each = scales.repeat_interleave(256)[: len(largest)]
        near = ((largest - offset) / each)[:, None].sub(levels).abs().argmin(1).to(torch.uint8)
        state |= {"nested_blocksize": 256, "nested_offset": float(offset)}
        parts |= {
            f"{name}.absmax": near,
            f"{name}.nested_absmax": scales,
            f"{name}.nested_quant_map": levels,
        }
    else:
        parts[f"{name}.absmax"] = largest
    text = json.dumps(state).encode()
    parts[f"{name}.quant_state.bitsandbytes__nf4"] = torch.tensor(list(text), dtype=torch.uint8)
    return parts


@pytest.mark.parametrize("nested", [False, True])
def test_weights_come_back_within_the_formats_precision(tmp_path: Path, nested: bool) -> None:
    weight = torch.randn(40, 128, generator=generator(1))
    save_file(_packed("w", weight, nested=nested), tmp_path / "w.safetensors")
    read = read_nf4(SafetensorsFiles([tmp_path / "w.safetensors"]), "w")
    assert read.shape == weight.shape
    layer = Nf4Linear(read, None, torch.float32)
    widest = 0.16 * weight.reshape(40, 2, 64).abs().amax(-1).repeat_interleave(64, 1)
    assert ((layer.weight() - weight).abs() <= widest).all()
    if not nested:
        ends = weight.abs() == weight.reshape(40, 2, 64).abs().amax(-1).repeat_interleave(64, 1)
        assert torch.equal(layer.weight()[ends], weight[ends])
    x = torch.randn(3, 128, generator=generator(2))
    assert torch.allclose(layer(x), x @ layer.weight().T)


@torch.inference_mode()
def test_a_transformer_in_nf4_runs_packed_and_close(tmp_path: Path) -> None:
    network = tiny_transformer1(WIDE)
    tensors: dict[str, Tensor] = {}
    for name, value in network.state_dict().items():
        layer = network.get_submodule(name.rpartition(".")[0])
        fits = isinstance(layer, nn.Linear) and name.endswith("weight") and value.shape[1] % 64 == 0
        tensors |= _packed(name, value) if fits else {name: value}
    path = tmp_path / "flux.safetensors"
    save_file(tensors, path)
    own = load_transformer(path, WIDE, device=CPU, dtype=torch.float32)
    packed = [layer for layer in own.modules() if isinstance(layer, Nf4Linear)]
    assert len(packed) > 30
    assert "transformer_blocks.0.attn.to_q.weight" not in dict(own.named_parameters())
    for name, value in network.state_dict().items():
        place, _, kind = name.rpartition(".")
        layer = own.get_submodule(place)
        if isinstance(layer, Nf4Linear) and kind == "bias":
            assert layer.bias is not None
            assert torch.equal(layer.bias, value)
    plain = tiny_flux1()
    exact = Flux1(plain.spec, network, plain.autoencoder, plain.prompt)
    rough = Flux1(plain.spec, own, plain.autoencoder, plain.prompt)
    x, sigma = latent(16, 4, 4), torch.tensor(0.5)
    given = plain.condition_on(x)
    difference = rough.velocity(x, sigma, given) - exact.velocity(x, sigma, given)
    assert 0 < difference.abs().mean() < 0.3 * exact.velocity(x, sigma, given).abs().mean()


def test_gradients_pass_through_packed_layers(tmp_path: Path) -> None:
    save_file(_packed("w", torch.randn(8, 64)), tmp_path / "w.safetensors")
    read = read_nf4(SafetensorsFiles([tmp_path / "w.safetensors"]), "w")
    x = torch.randn(2, 64, requires_grad=True)
    layer = Nf4Linear(read, None, torch.float32)
    layer(x).sum().backward()
    assert x.grad is not None
    assert torch.allclose(x.grad, layer.weight().sum(0).expand(2, -1))


def test_fused_matrices_are_taken_apart_by_rows(tmp_path: Path) -> None:
    weight = torch.randn(12, 64, generator=generator(3))
    save_file(_packed("w", weight), tmp_path / "w.safetensors")
    read = read_nf4(SafetensorsFiles([tmp_path / "w.safetensors"]), "w")
    whole = Nf4Linear(read, None, torch.float32).weight()
    part = Nf4Linear(read.part(slice(4, 8)), None, torch.float32).weight()
    assert torch.equal(part, whole[4:8])
    swapped = Nf4Linear(read.swapped(), None, torch.float32).weight()
    assert torch.equal(swapped, torch.cat((whole[6:], whole[:6])))


def test_the_codes_are_those_of_the_paper() -> None:
    assert torch.allclose(nf4_codes(), NF4, atol=6e-5)


def test_an_unknown_form_is_refused(tmp_path: Path) -> None:
    parts = _packed("w", torch.randn(8, 64))
    del parts["w.absmax"]
    save_file(parts, tmp_path / "w.safetensors")
    with pytest.raises(WrongWeights, match="unknown form of NF4"):
        read_nf4(SafetensorsFiles([tmp_path / "w.safetensors"]), "w")
