from dataclasses import replace

import pytest
import torch

from engine.diffusion.evaluation import pack, unpack
from engine.diffusion.flux.autoencoder import squeezed, unsqueezed
from engine.diffusion.flux.flux2 import Flux2
from engine.diffusion.flux.flux_models import FLUX2_KLEIN_4B, FLUX2_VAE, count, flux2_transformer
from engine.diffusion.flux.flux_models import flux2_vae as full_vae
from tests.diffusion.tiny_flux import (
    FLUX2,
    SPEC2,
    fresh_adapter2,
    latent,
    picture,
    prompt1,
    prompt2,
    shaken,
    tiny_autoencoder2,
    tiny_flux2,
    tiny_transformer2,
)


def _by_diffusers(
    backbone: Flux2, x: torch.Tensor, sigma: torch.Tensor, degraded: torch.Tensor | None
) -> torch.Tensor:
    """The velocity by diffusers' own forward pass, with the inputs of its klein pipeline."""
    b, _, height, width = x.shape
    rows, columns = torch.arange(height // 2), torch.arange(width // 2)
    nought, words = torch.arange(1), torch.arange(len(backbone.prompt.text))
    ids = [torch.cartesian_prod(nought, rows, columns, nought)]
    tokens = [pack(x)]
    if degraded is not None:
        ids.append(torch.cartesian_prod(torch.tensor([10]), rows, columns, nought))
        tokens.append(pack(degraded))
    (out,) = backbone.transformer(
        hidden_states=torch.cat(tokens, 1),
        encoder_hidden_states=backbone.prompt.text.expand(b, -1, -1),
        timestep=sigma,
        img_ids=torch.cat(ids),
        txt_ids=torch.cartesian_prod(nought, nought, nought, words),
        guidance=None,
        return_dict=False,
    )
    return unpack(out[:, : tokens[0].shape[1]], height, width)


@torch.inference_mode()
def test_the_degraded_photo_goes_along_as_reference() -> None:
    backbone = tiny_flux2()
    x, sigma = latent(32, 4, 6, count=2), torch.tensor([0.9, 0.25])
    degraded = latent(32, 4, 6, count=2, seed=7)
    own = backbone.velocity(x, sigma, backbone.condition_on(degraded))
    assert torch.equal(own, _by_diffusers(backbone, x, sigma, degraded))
    other = backbone.velocity(x, sigma, backbone.condition_on(x))
    assert not torch.allclose(own, other)


@torch.inference_mode()
def test_a_picture_that_nobody_has_seen_has_no_reference() -> None:
    backbone = tiny_flux2()
    x, sigma = latent(32, 4, 6, count=2), torch.tensor([0.9, 0.25])
    given = backbone.condition_on_prompt(x)
    assert torch.equal(backbone.velocity(x, sigma, given), _by_diffusers(backbone, x, sigma, None))


@torch.inference_mode()
def test_neither_prompt_of_classifier_free_guidance_then_has_one() -> None:
    spec = replace(SPEC2, guided="classifier-free")
    network, autoencoder = tiny_transformer2(), tiny_autoencoder2()
    backbone = Flux2(spec, network, autoencoder, prompt2(), negative=prompt2())
    x, sigma = latent(32, 4, 6), torch.tensor([0.5])
    given = backbone.condition_on_prompt(x)
    assert given.negative is not None
    both = (backbone.velocity(x, sigma, one) for one in (given, given.negative))
    assert torch.equal(*both)
    with pytest.raises(ValueError, match="steers by a picture"):
        tiny_flux2(fresh_adapter2()).condition_on_prompt(x)


@torch.inference_mode()
def test_a_fresh_adapter_changes_nothing() -> None:
    backbone = tiny_flux2(fresh_adapter2())
    x, sigma = latent(32, 4, 6, count=2), torch.tensor([0.9, 0.25])
    own = backbone.velocity(x, sigma, backbone.condition_on(latent(32, 4, 6, count=2, seed=7)))
    assert torch.equal(own, _by_diffusers(backbone, x, sigma, None))


@torch.inference_mode()
def test_a_trained_adapter_steers_every_block() -> None:
    x, sigma = latent(32, 4, 4), torch.tensor([0.5])
    adapter = fresh_adapter2()
    backbone = tiny_flux2(adapter)
    given = backbone.condition_on(latent(32, 4, 4, seed=7))
    before = backbone.velocity(x, sigma, given)
    for layer in adapter.image_layers:
        fresh = layer.get_parameter("expand.bias")
        fresh.fill_(0.5)
        assert not torch.equal(backbone.velocity(x, sigma, given), before)
        fresh.zero_()
    assert len(adapter.image_layers) == len(adapter.text_layers) == FLUX2.blocks
    shaken(adapter, 9, 0.1)
    steered = backbone.velocity(x, sigma, given)
    other = backbone.velocity(x, sigma, backbone.condition_on(latent(32, 4, 4, seed=8)))
    assert not torch.allclose(steered, other)


def test_gradients_reach_the_adapter_alone_and_checkpointing_keeps_them() -> None:
    x, sigma = latent(32, 4, 4), torch.tensor([0.5])
    gradients = []
    for saving in (False, True):
        backbone = tiny_flux2(fresh_adapter2())
        assert backbone.adapter is not None
        shaken(backbone.adapter, 9, 0.1)
        backbone.transformer.gradient_checkpointing = saving
        given = backbone.condition_on(latent(32, 4, 4, seed=7))
        backbone.velocity(x, sigma, given).square().mean().backward()
        assert all(weight.grad is None for weight in backbone.transformer.parameters())
        gradients.append(backbone.adapter.degraded_embedder.weight.grad)
    assert gradients[0] is not None
    assert torch.equal(*gradients)


@pytest.mark.parametrize(("height", "width"), [(32, 48), (33, 50), (7, 5)])
@torch.inference_mode()
def test_odd_pictures_are_extended_to_whole_tokens(height: int, width: int) -> None:
    backbone = tiny_flux2()
    encoded = backbone.encode(picture(height, width))
    rows, columns = -(-height // 16) * 2, -(-width // 16) * 2
    assert encoded.shape == (1, 32, rows, columns)
    assert backbone.decode(encoded).shape == (1, 3, 8 * rows, 8 * columns)


@torch.inference_mode()
def test_latents_are_normalised_by_running_means_and_variances() -> None:
    autoencoder = tiny_autoencoder2()
    image = picture(32, 48)
    network = autoencoder.network
    mode = network.encode(image * 2 - 1).latent_dist.mode()
    squares = squeezed(mode)
    normalised = network.bn(squares)  # its evaluation form is the pipeline's formula
    encoded = autoencoder.encode(image, 16)
    assert torch.allclose(squeezed(encoded), normalised, atol=1e-5)
    plain = network.decode(mode).sample
    assert torch.allclose(autoencoder.decode(encoded), (plain + 1) / 2, atol=1e-5)


def test_squares_become_channels_as_in_flux2() -> None:
    x = torch.arange(2 * 3 * 4 * 6).reshape(2, 3, 4, 6).float()
    assert torch.equal(unsqueezed(squeezed(x)), x)
    assert torch.equal(squeezed(x).flatten(2).transpose(1, 2), pack(x))


@torch.inference_mode()
def test_classifier_free_guidance_has_a_negative_prompt() -> None:
    spec = replace(SPEC2, guided="classifier-free")
    network, autoencoder = tiny_transformer2(), tiny_autoencoder2()
    backbone = Flux2(spec, network, autoencoder, prompt2(), negative=prompt2(seed=6))
    given = backbone.condition_on(latent(32, 4, 4))
    assert given.negative is not None
    assert torch.equal(given.negative.prompt[0], prompt2(seed=6).text)
    with pytest.raises(ValueError, match="negative"):
        Flux2(SPEC2, network, autoencoder, prompt2(), negative=prompt2())
    with pytest.raises(ValueError, match="not one for flux2"):
        Flux2(SPEC2, network, autoencoder, prompt1())


def test_the_published_sizes_give_the_published_counts() -> None:
    assert count(flux2_transformer(FLUX2_KLEIN_4B, "meta")) == 3_875_544_576
    assert count(full_vae(FLUX2_VAE, "meta")) == 84_046_115
