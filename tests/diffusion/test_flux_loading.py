from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
import torch
from safetensors.torch import save_file

from engine.backbones import BackboneFile, BackboneSpec, Mirror, SizeRules, backbones, find_backbone
from engine.diffusion.flux.flux_adapter_files import FluxAdapterHeader, save_flux_adapter
from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.diffusion.flux.flux_configs import FluxSizes, read_sizes
from engine.diffusion.flux.flux_loading import (
    FAMILIES,
    FluxOrder,
    flux_family,
    latent_spec,
    load_flux,
    shipped_sizes,
)
from engine.diffusion.flux.flux_models import FLUX1_DEV, FLUX1_SCHNELL, FLUX1_VAE, FLUX2_KLEIN_4B
from engine.diffusion.flux.modulation import save_table
from engine.diffusion.flux.prompts import save_prompt
from engine.diffusion.prior_families import PRIOR_FAMILIES
from engine.diffusion.quantised.eight_bit_layers import (
    DTYPES,
    EightBitLinear,
    EightBits,
    eight_bit_weight,
)
from engine.errors import MissingWeights, WrongAdapter, WrongWeights
from engine.trajectory import Trajectory
from tests.diffusion.tiny_flux import (
    FLUX1,
    FLUX2,
    RANK,
    TEXT_TOKENS,
    VAE1,
    VAE2,
    fresh_adapter1,
    fresh_adapter2,
    picture,
    shaken,
    tiny_autoencoder1,
    tiny_autoencoder2,
    tiny_flux1,
    tiny_flux2,
)

FamilyName = Literal["flux1", "flux2"]
SIZES = {"flux1": FluxSizes(FLUX1, VAE1), "flux2": FluxSizes(FLUX2, VAE2)}
SIGMAS = (1.0, 0.5, 0.0)


def _spec(family: FamilyName) -> BackboneSpec:
    mirrors = (Mirror(repo="nobody/nothing", file="x"),)
    transformer = BackboneFile(
        path="transformer/diffusion_pytorch_model.safetensors",
        role="transformer",
        format="diffusers",
        variant="bf16",
        mirrors=mirrors,
    )
    eight = replace(transformer, path="int8.safetensors", format="int8", variant="int8")
    autoencoder = BackboneFile(
        path="ae.safetensors", role="autoencoder", format="safetensors", mirrors=mirrors
    )
    template = find_backbone("flux1-schnell" if family == "flux1" else "flux2-klein-4b")
    return replace(
        template,
        id=f"tiny-{family}",
        files=(transformer, eight, autoencoder),
        variant="bf16",
        size=SizeRules(multiple_of=16, minimum=16, native=64),
    )


def _install(family: FamilyName, folder: Path) -> tuple[FluxBackbone, FluxOrder]:
    """A model's folder with adapter and prompt beside it, and the backbone it should become."""
    adapter = fresh_adapter1() if family == "flux1" else fresh_adapter2()
    shaken(adapter, 9, 0.1)
    made = tiny_flux1(adapter) if family == "flux1" else tiny_flux2(adapter)
    made.transformer.save_pretrained(folder / "transformer", max_shard_size="40KB")
    autoencoder = tiny_autoencoder1() if family == "flux1" else tiny_autoencoder2()
    save_file(autoencoder.network.state_dict(), folder / "ae.safetensors")
    save_prompt(made.prompt, folder / "prompt.safetensors")
    save_table(made.modulation(SIGMAS), folder / "table.safetensors")
    header = FluxAdapterHeader(
        title="Denoise",
        backbone=made.spec.id,
        trajectory=Trajectory(),
        recipe="",
        rank=RANK,
        text_tokens=TEXT_TOKENS,
        licence="Apache-2.0",
    )
    save_flux_adapter(adapter, folder / "adapter.safetensors", header, torch.float32)
    return made, FluxOrder(
        variant="bf16",
        prompt=folder / "prompt.safetensors",
        adapter=folder / "adapter.safetensors",
        device=torch.device("cpu"),
        dtype=torch.float32,
    )


def _restored(backbone: FluxBackbone) -> torch.Tensor:
    given = backbone.condition(picture(32, 48))
    x = backbone.velocity(given.degraded, torch.tensor(0.5), given)
    return backbone.decode(x)


def _same(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether only rounding is between them: some processors add up in another order where weights
    lie otherwise in memory, and those of a file do."""
    return torch.allclose(one, other, rtol=0, atol=1e-5)


@pytest.mark.parametrize("family", ["flux1", "flux2"])
@pytest.mark.parametrize("tabled", [False, True])
@torch.inference_mode()
def test_a_model_runs_from_its_folder_as_it_was_made(
    tmp_path: Path, family: FamilyName, tabled: bool
) -> None:
    made, order = _install(family, tmp_path)
    if tabled:
        order = replace(order, table=tmp_path / "table.safetensors")
    backbone, header = load_flux(_spec(family), SIZES[family], tmp_path, order)
    assert header is not None
    assert header.title == "Denoise"
    assert _same(_restored(backbone), _restored(made))
    small = replace(order, autoencoder_side=64)
    tiled, _ = load_flux(_spec(family), SIZES[family], tmp_path, small)
    assert _same(_restored(tiled), _restored(made))
    plain, header = load_flux(_spec(family), SIZES[family], tmp_path, replace(order, adapter=None))
    assert header is None
    assert not _same(_restored(plain), _restored(made))


@pytest.mark.parametrize("family", ["flux1", "flux2"])
@pytest.mark.parametrize("kind", ["int8", "fp8"])
@torch.inference_mode()
def test_sixteen_bits_can_be_rounded_to_eight_while_they_are_read(
    tmp_path: Path, family: FamilyName, kind: EightBits
) -> None:
    made, order = _install(family, tmp_path)
    order = replace(order, shorten=kind, multiply_short=True)
    backbone, _ = load_flux(_spec(family), SIZES[family], tmp_path, order)
    layers = [one for one in backbone.transformer.modules() if isinstance(one, EightBitLinear)]
    assert len(layers) > 20
    assert all(one.values.dtype == DTYPES[kind] for one in layers)
    rough, exact = _restored(backbone), _restored(made)
    assert 0 < (rough - exact).abs().mean() < 0.1 * exact.std()


@torch.inference_mode()
def test_what_was_stored_in_int8_runs_from_the_catalogues_variant(tmp_path: Path) -> None:
    made, order = _install("flux1", tmp_path)
    stored: dict[str, torch.Tensor] = {}
    for name, value in made.transformer.state_dict().items():
        if value.ndim == 2:
            weight = eight_bit_weight(value, "int8")
            stored |= {name: weight.values, name + "_scale": weight.scale}
        else:
            stored[name] = value
    save_file(stored, tmp_path / "int8.safetensors")
    spec, sizes = _spec("flux1"), SIZES["flux1"]
    backbone, _ = load_flux(spec, sizes, tmp_path, replace(order, variant="int8"))
    rough, exact = _restored(backbone), _restored(made)
    assert 0 < (rough - exact).abs().mean() < 0.1 * exact.std()


def test_what_cannot_be_loaded_is_said(tmp_path: Path) -> None:
    _, order = _install("flux1", tmp_path)
    spec, sizes = _spec("flux1"), SIZES["flux1"]
    with pytest.raises(WrongAdapter, match="not for other"):
        load_flux(replace(spec, id="other"), sizes, tmp_path, order)
    with pytest.raises(WrongWeights, match="no model of FLUX"):
        load_flux(replace(spec, family="chroma"), sizes, tmp_path, order)
    (tmp_path / "ae.safetensors").unlink()
    with pytest.raises(MissingWeights, match=r"ae\.safetensors"):
        load_flux(spec, sizes, tmp_path, order)


def test_shipped_configs_have_the_published_sizes() -> None:
    expected = {
        "flux1-schnell": FLUX1_SCHNELL,
        "flux1-dev": FLUX1_DEV,
        "flux2-klein-4b": FLUX2_KLEIN_4B,
    }
    for id, sizes in expected.items():
        found = shipped_sizes(find_backbone(id))
        assert found.transformer == sizes
        assert found.autoencoder == (
            FLUX1_VAE if id.startswith("flux1") else replace(FLUX1_VAE, latent_channels=32)
        )


def test_every_family_of_the_catalogue_is_known_or_refused() -> None:
    for spec in backbones():
        if spec.family in FAMILIES:
            shipped_sizes(spec)
            assert latent_spec(spec).multiple_of == spec.size.multiple_of
        else:
            with pytest.raises(WrongWeights, match="no model of FLUX"):
                flux_family(spec)
            assert spec.family in PRIOR_FAMILIES or not spec.ready


def test_the_schedule_is_shifted_as_the_family_was_trained() -> None:
    shifts = {spec.id: latent_spec(spec).shift for spec in backbones()}
    assert shifts["flux1-schnell"] == 0.0
    assert shifts["flux1-dev"] == "flux1"
    assert shifts["flux2-klein-4b"] == "flux2"
    assert latent_spec(find_backbone("flux1-dev")).guided == "distilled"


@pytest.mark.parametrize("text", ["no json", "[]", '{"_class_name": "FluxTransformer2DModel"}'])
def test_a_damaged_config_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "transformer.json"
    path.write_text(text)
    with pytest.raises(WrongWeights, match="damaged"):
        read_sizes(path, path)
    path.write_text(json.dumps({"_class_name": "AutoencoderKL"}))
    with pytest.raises(WrongWeights, match="no transformer"):
        read_sizes(path, path)
