from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.backbones import BackboneFile, BackboneSpec, Mirror, Role, backbones, find_backbone
from engine.errors import MissingWeights, WrongWeights
from engine.resources import resource
from engine.weights import sha256

SPECS = backbones()
FLUX = [spec for spec in SPECS if spec.painting is not None]
"""Those whose networks are of diffusers' kinds; the others build on a draft."""
ROLES: tuple[Role, ...] = ("transformer", "autoencoder")
PUBLISHED = {
    "lite-texture": 5_710_720,
    "flux-nano": 9_073_216,
    "flux1-schnell": 11_891_178_560,
    "flux1-dev": 11_901_408_320,
    "flux2-klein-4b": 3_875_544_576,
    "chroma1-hd": 8_899_983_424,
}
"""Parameters of the transformers, counted on `meta` from the classes of diffusers 0.42.1; of the
texture prior, of all its networks."""


def test_the_models_of_the_plan_are_there() -> None:
    assert [spec.id for spec in SPECS] == list(PUBLISHED)
    assert {spec.id for spec in SPECS if spec.opt_in} == {"flux1-dev"}


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.id)
def test_every_model_says_what_one_may_do_and_has_all_its_parts(spec: BackboneSpec) -> None:
    assert spec.licence
    assert spec.may_sell.endswith(".")
    assert spec.opt_in == (spec.licence != "Apache-2.0")
    for variant in spec.variants:
        roles = {file.role for file in spec.files_of(variant)}
        assert roles == parts_of(spec)
    default = spec.files_of(spec.variant)
    gated = [file for file in default if file.mirrors and file.mirrors[0].gated]
    assert not gated, "no token for the default"
    assert not any(file.path.endswith((".bin", ".pt", ".pth", ".ckpt")) for file in spec.files)
    assert spec.latent_scale * spec.patch == spec.size.multiple_of


def parts_of(spec: BackboneSpec) -> set[Role]:
    if spec.painting is None:
        return {"transformer", "adapter"}  # which work on the light itself, without words
    return {*ROLES, "adapter", "prompt"} if spec.shipped else set(ROLES)


@pytest.mark.parametrize("spec", FLUX, ids=lambda spec: spec.id)
def test_every_model_has_the_sizes_of_its_networks(spec: BackboneSpec) -> None:
    assert json.loads(spec.config("transformer").read_text("utf-8"))["_class_name"]
    config = json.loads(spec.config("autoencoder").read_text("utf-8"))
    assert config["latent_channels"] == spec.latent_channels
    assert round(spec.parameters) == pytest.approx(PUBLISHED[spec.id], rel=1e-3)


def test_a_texture_prior_has_the_sizes_that_are_read_for_it() -> None:
    texture_network = pytest.importorskip("engine.diffusion.texture_network")
    spec, sizes = find_backbone("lite-texture"), texture_network.TextureSizes()
    networks = texture_network.TextureNetworks(sizes, guided=True)
    counted = sum(weight.numel() for weight in networks.parameters())
    assert counted == PUBLISHED[spec.id] == pytest.approx(spec.parameters, rel=1e-3)
    assert sizes.multiple_of == spec.size.multiple_of
    assert (spec.latent_channels, spec.latent_scale) == (texture_network.LIGHT, 1)


@pytest.mark.parametrize(
    ("spec", "file"),
    [(spec, file) for spec in SPECS if spec.shipped for file in spec.files],
    ids=lambda part: getattr(part, "id", None) or part.path,
)
def test_what_ships_is_what_the_catalogue_names(spec: BackboneSpec, file: BackboneFile) -> None:
    path = resource("models", spec.id, file.path)
    assert path.stat().st_size == file.bytes
    assert sha256(path) == file.sha256


@pytest.mark.filterwarnings("ignore:`FluxPosEmbed` is deprecated:FutureWarning")  # Chroma's own
@pytest.mark.parametrize("spec", FLUX, ids=lambda spec: spec.id)
def test_a_network_built_from_its_sizes_has_the_published_parameters(spec: BackboneSpec) -> None:
    assert parameters_of(spec, "transformer") == PUBLISHED[spec.id]
    if spec.shipped:
        return  # its autoencoder is none of diffusers'
    assert (
        parameters_of(spec, "autoencoder") == {16: 83_819_683, 32: 84_046_115}[spec.latent_channels]
    )


def parameters_of(spec: BackboneSpec, role: Role) -> int:
    """Counted on `meta`, where weights take no memory."""
    torch, diffusers = (pytest.importorskip(name) for name in ("torch", "diffusers"))
    config = json.loads(spec.config(role).read_text("utf-8"))
    with torch.device("meta"):
        network = getattr(diffusers, config["_class_name"]).from_config(config)
    return sum(weight.numel() for weight in network.parameters())


def test_a_published_size_agrees_with_parameters_times_bits() -> None:
    for spec in SPECS:
        for file in spec.files:
            if file.variant and file.gigabytes:
                expected = spec.weight_bytes(file.variant) / 1e9
                assert file.gigabytes == pytest.approx(expected, rel=0.05), file.path


def test_the_modulation_table_saves_what_it_replaces() -> None:
    spec = find_backbone("flux1-schnell")
    assert spec.weight_bytes("q4", with_modulation=False) == pytest.approx(4.86e9, rel=0.01)


def test_addresses_are_those_of_the_hub() -> None:
    mirror = Mirror(repo="a/b", file="c/d.gguf", revision="abc")
    assert mirror.url("https://hub.test") == "https://hub.test/a/b/resolve/abc/c/d.gguf"


def test_an_unknown_model_or_variant_names_those_there_are() -> None:
    with pytest.raises(MissingWeights) as caught:
        find_backbone("sdxl")
    assert "flux1-schnell" in caught.value.remedy
    with pytest.raises(MissingWeights) as caught:
        find_backbone("flux2-klein-4b").files_of("q4")
    assert "fp8, q6" in caught.value.remedy


@pytest.mark.parametrize("path", ["../a.gguf", "/a.gguf", "a\\..\\b", ""])
def test_no_file_leaves_its_folder(path: str) -> None:
    mirrors = (Mirror(repo="a/b", file="c"),)
    with pytest.raises(ValueError, match="does not stay"):
        BackboneFile(path=path, role="transformer", format="gguf", mirrors=mirrors)


@pytest.mark.parametrize(
    "text", ["backbones = 3", "[[backbones]]\nid = 'a'", "[[backbones]]\ncolour = 'red'", "{"]
)
def test_a_damaged_catalogue_is_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "backbones.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WrongWeights, match=r"backbones\.toml is damaged"):
        backbones(path)


def test_every_model_paints_in_its_own_steps_and_guidance() -> None:
    """FluxGen's for the model that FluxGen used; few and none for those distilled to few steps."""
    said = {spec.id: (spec.painting.steps, spec.painting.guidance) for spec in FLUX}
    assert said == {
        "flux-nano": (20, None),
        "flux1-schnell": (4, None),
        "flux1-dev": (20, 4.0),
        "flux2-klein-4b": (4, None),
        "chroma1-hd": (26, 4.0),
    }


@pytest.mark.parametrize("spec", FLUX, ids=lambda spec: spec.id)
def test_every_model_paints_in_a_size_that_it_takes(spec: BackboneSpec) -> None:
    painting, size = spec.painting, spec.size
    for side in (painting.width, painting.height):
        assert side >= size.minimum
        assert side % size.multiple_of == 0
    assert painting.width * painting.height <= size.native**2


@pytest.mark.parametrize("id", ["flux1-schnell", "flux1-dev"])
def test_a_guidance_belongs_to_models_that_take_it(id: str) -> None:
    spec = find_backbone(id)
    other = None if spec.painting.guidance else 4.0
    with pytest.raises(ValueError, match="guidance that it does not take, or without"):
        replace(spec, painting=replace(spec.painting, guidance=other))
