from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.diffusion.flux.autoencoder import Flux1Autoencoder, Flux2Autoencoder
from engine.diffusion.flux.flux1 import Flux1
from engine.diffusion.flux.flux_files import load_autoencoder, load_transformer
from engine.diffusion.flux.flux_models import (
    Flux1Sizes,
    Flux2Sizes,
    count,
    flux1_transformer,
    flux1_vae,
    flux2_vae,
)
from engine.diffusion.flux.flux_names import autoencoder_piece, transformer_piece
from engine.diffusion.flux.modulation import parameters_spared
from engine.diffusion.quantised.eight_bit_layers import EightBitLinear
from engine.errors import MissingWeights, WrongWeights
from tests.diffusion.tiny_flux import (
    FLUX1,
    FLUX1_GUIDED,
    FLUX2,
    VAE1,
    VAE2,
    latent,
    shaken,
    tiny_autoencoder1,
    tiny_autoencoder2,
    tiny_flux1,
    tiny_transformer1,
    tiny_transformer2,
)

CPU = torch.device("cpu")
SIZES: list[Flux1Sizes | Flux2Sizes] = [FLUX1, FLUX1_GUIDED, FLUX2]


def _transformer(sizes: Flux1Sizes | Flux2Sizes) -> nn.Module:
    return tiny_transformer1(sizes) if isinstance(sizes, Flux1Sizes) else tiny_transformer2(sizes)


def _load(path: Path, sizes: Flux1Sizes | Flux2Sizes) -> nn.Module:
    return load_transformer(path, sizes, device=CPU, dtype=torch.float32)


def _original(state: dict[str, Tensor], single: int) -> dict[str, Tensor]:
    """A transformer's weights laid out and named as Black Forest Labs do."""
    groups: dict[str, list[tuple[int, Tensor]]] = {}
    for name, value in state.items():
        piece = transformer_piece(name)
        part = piece.part if piece.part >= 0 else 99
        if piece.swapped:
            scale, shift = value.chunk(2)
            value = torch.cat((shift, scale))
        groups.setdefault(piece.names[0], []).append((part, value))
    assert single
    return {
        name: torch.cat([value for _, value in sorted(parts, key=lambda one: one[0])])
        for name, parts in groups.items()
    }


def _same(own: nn.Module, expected: nn.Module) -> bool:
    first, second = own.state_dict(), expected.state_dict()
    return first.keys() == second.keys() and all(map(torch.equal, first.values(), second.values()))


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("shard", ["10GB", "40KB"])
def test_a_folder_of_diffusers_is_read(
    tmp_path: Path, sizes: Flux1Sizes | Flux2Sizes, shard: str
) -> None:
    network = _transformer(sizes)
    network.save_pretrained(tmp_path, max_shard_size=shard)
    assert (len(list(tmp_path.glob("*.safetensors"))) > 1) == (shard == "40KB")
    assert _same(_load(tmp_path, sizes), network)


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("prefix", ["", "model.diffusion_model."])
def test_one_file_with_the_original_names_is_read(
    tmp_path: Path, sizes: Flux1Sizes | Flux2Sizes, prefix: str
) -> None:
    network = _transformer(sizes)
    state = {prefix + k: v for k, v in _original(network.state_dict(), sizes.single).items()}
    beside = {"vae.decoder.conv_in.bias": torch.zeros(1)} if prefix else {}
    save_file(state | beside, tmp_path / "flux.safetensors")
    assert _same(_load(tmp_path / "flux.safetensors", sizes), network)


def test_flux2s_original_names_are_those_that_diffusers_knows() -> None:
    from diffusers.loaders.single_file_utils import (
        convert_flux2_transformer_checkpoint_to_diffusers as convert,
    )

    state = tiny_transformer2().state_dict()
    converted = convert(_original(state, FLUX2.single))
    assert converted.keys() == state.keys()
    assert all(torch.equal(converted[name], value) for name, value in state.items())


@pytest.mark.parametrize("guided", [False, True])
def test_flux1s_original_names_are_those_that_diffusers_knows(guided: bool) -> None:
    """diffusers' converter knows the full width only: shapes are compared, without weights."""
    from diffusers.loaders.single_file_utils import (
        convert_flux_transformer_checkpoint_to_diffusers as convert,
    )

    network = flux1_transformer(Flux1Sizes(double=1, single=1, guided=guided), "meta")
    state = network.state_dict()
    converted = convert(_original(state, 1))
    assert converted.keys() == state.keys()
    assert all(converted[name].shape == value.shape for name, value in state.items())


@torch.inference_mode()
def test_with_a_table_the_modulation_is_never_read(tmp_path: Path) -> None:
    backbone = tiny_flux1()
    network = backbone.transformer
    path = tmp_path / "flux.safetensors"
    save_file(_original(network.state_dict(), FLUX1.single), path)
    table = backbone.modulation((1.0, 0.5))
    own = load_transformer(path, FLUX1, device=CPU, dtype=torch.float32, table=table)
    assert count(own) == count(network) - parameters_spared(network)
    x, sigma = latent(16, 4, 4), torch.tensor(0.5)
    given = backbone.condition_on(x)
    expected = backbone.velocity(x, sigma, given)
    lean = Flux1(backbone.spec, own, backbone.autoencoder, backbone.prompt)
    lean.use_table(table)
    assert torch.equal(lean.velocity(x, sigma, given), expected)


def test_numbers_come_in_the_format_that_is_asked_for(tmp_path: Path) -> None:
    tiny_transformer1().save_pretrained(tmp_path)
    own = load_transformer(tmp_path, FLUX1, device=CPU, dtype=torch.bfloat16)
    assert {weight.dtype for weight in own.parameters()} == {torch.bfloat16}
    assert not any(weight.requires_grad for weight in own.parameters())


@pytest.mark.parametrize("each_row", [False, True])
def test_weights_of_eight_bits_are_multiplied_by_their_scale(
    tmp_path: Path, each_row: bool
) -> None:
    network = tiny_transformer2()
    state, exact = _original(network.state_dict(), FLUX2.single), {}
    for name in [name for name in state if "_blocks" in name and name.endswith("weight")]:
        weight = state[name]
        largest = weight.abs().amax(1) if each_row else weight.abs().max()
        scale = (largest / 448).clamp(min=1e-12)
        short = (weight / scale.reshape(-1, 1)).to(torch.float8_e4m3fn)
        stem = name.removesuffix(".weight")
        state |= {name: short, stem + ".weight_scale": scale, stem + ".input_scale": torch.ones(())}
        exact[name] = short.float() * scale.reshape(-1, 1)
    save_file({k: v.contiguous() for k, v in state.items()}, tmp_path / "fp8.safetensors")
    own = _load(tmp_path / "fp8.safetensors", FLUX2)
    packed = {n: one for n, one in own.named_modules() if isinstance(one, EightBitLinear)}
    assert {one.values.dtype for one in packed.values()} == {torch.float8_e4m3fn}
    numbers = {n: network.get_parameter(n + ".weight").clone() for n in packed}
    assert exact
    assert len(packed) >= len(exact)
    for name in numbers:
        piece = transformer_piece(name + ".weight")
        whole, height = exact[piece.names[0]], len(numbers[name])
        start = 0 if piece.whole else piece.part * height
        start = len(whole) - height if not piece.whole and piece.part < 0 else start
        assert torch.equal(packed[name].weight(), whole[start : start + height])


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda s: s.pop("double_blocks.1.img_attn.qkv.weight"), "lacks double_blocks.1.img_attn"),
        (lambda s: s.update({"double_blocks.2.x": torch.zeros(1)}), "double_blocks.2.x besides"),
        (lambda s: s.update({"txt_in.weight": torch.zeros(32, 5)}), "32 x 5, not 32 x 12"),
        (lambda s: s.update({"img_in.weight": torch.zeros(1)}), "img_in.weight is 1, not"),
        (lambda s: s.clear() or s.update(a=torch.zeros(1)), "does not hold the network"),
    ],
)
def test_a_wrong_file_is_refused_in_a_sentence(
    tmp_path: Path, damage: Callable[[dict[str, Tensor]], object], sentence: str
) -> None:
    state = _original(tiny_transformer1().state_dict(), FLUX1.single)
    damage(state)
    save_file(state, tmp_path / "flux.safetensors")
    with pytest.raises(WrongWeights, match=sentence):
        _load(tmp_path / "flux.safetensors", FLUX1)


def test_dev_is_not_taken_for_schnell(tmp_path: Path) -> None:
    path = tmp_path / "flux.safetensors"
    save_file(_original(tiny_transformer1(FLUX1_GUIDED).state_dict(), FLUX1.single), path)
    with pytest.raises(WrongWeights, match="guidance_in"):
        _load(path, FLUX1)
    save_file(_original(tiny_transformer1().state_dict(), FLUX1.single), path)
    with pytest.raises(WrongWeights, match="lacks guidance_in"):
        _load(path, FLUX1_GUIDED)


def test_missing_and_damaged_files_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(MissingWeights):
        _load(tmp_path, FLUX1)
    with pytest.raises(MissingWeights):
        _load(tmp_path / "flux.safetensors", FLUX1)
    (tmp_path / "flux.safetensors").write_bytes(b"\x00" * 64)
    with pytest.raises(WrongWeights, match="damaged"):
        _load(tmp_path / "flux.safetensors", FLUX1)
    (tmp_path / "flux.ckpt").write_bytes(b"\x80\x04.")
    with pytest.raises(WrongWeights, match="neither safetensors nor GGUF"):
        _load(tmp_path / "flux.ckpt", FLUX1)


@pytest.mark.parametrize(
    "index", ["no json", "{}", '{"weight_map": {}}', '{"weight_map": {"a": "../b.safetensors"}}']
)
def test_a_damaged_index_is_refused(tmp_path: Path, index: str) -> None:
    (tmp_path / "diffusion_pytorch_model.safetensors.index.json").write_text(index)
    with pytest.raises(WrongWeights, match="damaged"):
        _load(tmp_path, FLUX1)


def test_a_missing_shard_is_named(tmp_path: Path) -> None:
    tiny_transformer1().save_pretrained(tmp_path, max_shard_size="40KB")
    shard = sorted(tmp_path.glob("*.safetensors"))[1]
    shard.unlink()
    with pytest.raises(MissingWeights, match=shard.name):
        _load(tmp_path, FLUX1)
    index = tmp_path / "diffusion_pytorch_model.safetensors.index.json"
    assert shard.name in json.loads(index.read_text())["weight_map"].values()


@pytest.mark.parametrize("original", [False, True])
@pytest.mark.parametrize("family", ["flux1", "flux2"])
@torch.inference_mode()
def test_an_autoencoder_is_read_under_both_names(
    tmp_path: Path, family: str, original: bool
) -> None:
    made: Flux1Autoencoder | Flux2Autoencoder
    made, sizes = (tiny_autoencoder1(), VAE1) if family == "flux1" else (tiny_autoencoder2(), VAE2)
    state = made.network.state_dict()
    if original:
        named = {autoencoder_piece(name).names[0]: value for name, value in state.items()}
        state = {
            name: value[..., None, None] if _was_convolution(name) else value
            for name, value in named.items()
        }
    path = tmp_path / "ae.safetensors"
    save_file({name: value.contiguous() for name, value in state.items()}, path)
    own = load_autoencoder(path, sizes, family, device=CPU, dtype=torch.float32)
    image = torch.rand(1, 3, 32, 32)
    assert torch.equal(own.encode(image, 16), made.encode(image, 16))
    assert torch.equal(own.decode(made.encode(image, 16)), made.decode(made.encode(image, 16)))


def _was_convolution(name: str) -> bool:
    return ".attn_1." in name and ".norm." not in name and name.endswith("weight")


@pytest.mark.parametrize("family", ["flux1", "flux2"])
def test_the_autoencoders_original_names_are_those_that_diffusers_knows(family: str) -> None:
    from diffusers.loaders.single_file_utils import convert_ldm_vae_checkpoint as convert

    network = shaken(flux1_vae(VAE1) if family == "flux1" else flux2_vae(VAE2), 1)
    state = network.state_dict()
    named = {autoencoder_piece(name).names[-1 if "quant" in name else 0]: value
             for name, value in state.items()}  # fmt: skip
    widened = {k: v[..., None, None] if _was_convolution(k) else v for k, v in named.items()}
    converted = convert(widened, {"down_block_types": range(4), "up_block_types": range(4)})
    known = {name: value for name, value in state.items() if not name.startswith("bn.")}
    assert converted.keys() == known.keys()
    assert all(torch.equal(converted[name], value) for name, value in known.items())
