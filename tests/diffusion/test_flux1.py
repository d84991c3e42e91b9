import subprocess
import sys

import pytest
import torch
from torch import nn

from engine.diffusion.evaluation import grid, pack, unpack
from engine.diffusion.flux.flux1 import Flux1
from engine.diffusion.flux.flux_models import (
    FLUX1_DEV,
    FLUX1_SCHNELL,
    FLUX1_VAE,
    flux1_transformer,
    flux1_vae,
)
from engine.diffusion.flux.flux_models import count as counted
from tests.diffusion.tiny_flux import (
    SPEC1,
    SPEC1_GUIDED,
    latent,
    picture,
    prompt1,
    prompt2,
    tiny_autoencoder1,
    tiny_flux1,
    tiny_flux1_guided,
    tiny_transformer1,
)


def _by_diffusers(backbone: Flux1, x: torch.Tensor, sigma: torch.Tensor) -> torch.Tensor:
    """The velocity by diffusers' own forward pass, with the inputs of its pipeline."""
    b, _, height, width = x.shape
    ids = torch.zeros(height // 2, width // 2, 3)
    ids[..., 1] += torch.arange(height // 2)[:, None]
    ids[..., 2] += torch.arange(width // 2)[None]
    assert backbone.prompt.pooled is not None
    (tokens,) = backbone.transformer(
        hidden_states=pack(x),
        encoder_hidden_states=backbone.prompt.text.expand(b, -1, -1),
        pooled_projections=backbone.prompt.pooled.expand(b, -1),
        timestep=sigma,
        img_ids=ids.reshape(-1, 3),
        txt_ids=torch.zeros(len(backbone.prompt.text), 3),
        guidance=None if backbone.guidance is None else torch.full((b,), backbone.guidance),
        return_dict=False,
    )
    return unpack(tokens, height, width)


def test_tokens_are_squares_of_two_by_two_with_the_channel_first() -> None:
    x = torch.arange(2 * 3 * 4 * 6).reshape(2, 3, 4, 6).float()
    tokens = pack(x)
    assert tokens.shape == (2, 6, 12)
    second = x[1, :, 0:2, 2:4]
    assert tokens[1, 1].tolist() == second.flatten().tolist()
    assert torch.equal(unpack(tokens, 4, 6), x)


def test_places_count_rows_and_columns() -> None:
    places = grid(2, 3, 4, torch.device("cpu"), moment=10)
    assert places.tolist()[4] == [10, 1, 1, 0]


@pytest.mark.parametrize("guided", [False, True])
@torch.inference_mode()
def test_the_velocity_is_that_of_diffusers_to_the_bit(guided: bool) -> None:
    backbone = tiny_flux1_guided() if guided else tiny_flux1()
    x, sigma = latent(16, 4, 6, count=2), torch.tensor([0.9, 0.25])
    given = backbone.condition_on(latent(16, 4, 6, count=2, seed=9))
    own = backbone.velocity(x, sigma, given)
    assert own.shape == x.shape
    assert torch.equal(own, _by_diffusers(backbone, x, sigma))


@torch.inference_mode()
def test_one_sigma_serves_all_pictures() -> None:
    backbone = tiny_flux1()
    x = latent(16, 4, 4, count=2)
    given = backbone.condition_on(x)
    one, each = torch.tensor(0.5), torch.tensor([0.5, 0.5])
    assert torch.equal(backbone.velocity(x, one, given), backbone.velocity(x, each, given))


@torch.inference_mode()
def test_guidance_reaches_a_distilled_network() -> None:
    x, sigma = latent(16, 4, 4), torch.tensor([0.5])
    weak, strong = tiny_flux1_guided(guidance=1.0), tiny_flux1_guided(guidance=4.0)
    given = weak.condition_on(x), strong.condition_on(x)
    assert not torch.equal(weak.velocity(x, sigma, given[0]), strong.velocity(x, sigma, given[1]))


@pytest.mark.parametrize(("height", "width"), [(32, 48), (33, 50), (7, 5)])
@torch.inference_mode()
def test_odd_pictures_are_extended_to_whole_tokens(height: int, width: int) -> None:
    backbone = tiny_flux1()
    encoded = backbone.encode(picture(height, width))
    rows, columns = -(-height // 16) * 2, -(-width // 16) * 2
    assert encoded.shape == (1, 16, rows, columns)
    assert backbone.decode(encoded).shape == (1, 3, 8 * rows, 8 * columns)


@torch.inference_mode()
def test_latents_are_normalised_as_flux_was_trained_on_them() -> None:
    autoencoder = tiny_autoencoder1()
    image = picture(32, 32)
    posterior = autoencoder.network.encode(image * 2 - 1).latent_dist  # type: ignore[operator]
    expected = (posterior.mode() - 0.1159) * 0.3611
    assert torch.equal(autoencoder.encode(image, 16), expected)
    plain = autoencoder.network.decode(posterior.mode()).sample  # type: ignore[operator]
    assert torch.allclose(autoencoder.decode(expected), (plain + 1) / 2, atol=1e-5)


@torch.inference_mode()
def test_a_picture_is_conditioned_on_its_own_latent() -> None:
    backbone = tiny_flux1()
    image = picture(32, 32, count=2)
    given = backbone.condition(image)
    assert torch.equal(given.degraded, backbone.encode(image))
    assert given.prompt.shape == (2, 5, 12)


@torch.inference_mode()
def test_half_precision_gives_float32_back() -> None:
    plain = tiny_flux1()
    short = Flux1(
        SPEC1,
        tiny_transformer1().to(torch.bfloat16),
        plain.autoencoder,
        prompt1(),
        dtype=torch.bfloat16,
    )
    x, sigma = latent(16, 4, 4), torch.tensor([0.5])
    rough = short.velocity(x, sigma, short.condition_on(x))
    exact = plain.velocity(x, sigma, plain.condition_on(x))
    assert rough.dtype == torch.float32
    assert torch.allclose(rough, exact, atol=0.1)


def test_prompts_and_guidance_have_to_fit() -> None:
    network, autoencoder = nn.Identity(), tiny_autoencoder1()
    with pytest.raises(ValueError, match="not one for flux1"):
        Flux1(SPEC1, network, autoencoder, prompt2())
    with pytest.raises(ValueError, match="guidance"):
        Flux1(SPEC1, network, autoencoder, prompt1(), guidance=3.5)
    with pytest.raises(ValueError, match="guidance"):
        Flux1(SPEC1_GUIDED, network, autoencoder, prompt1())


def test_diffusers_is_imported_when_a_network_is_built_and_not_before() -> None:
    code = "import sys, engine.diffusion.flux.flux_loading; sys.exit('diffusers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_published_sizes_give_the_published_counts() -> None:
    assert counted(flux1_transformer(FLUX1_SCHNELL, "meta")) == 11_891_178_560
    assert counted(flux1_transformer(FLUX1_DEV, "meta")) == 11_901_408_320
    assert round(counted(flux1_vae(FLUX1_VAE, "meta")) / 1e6, 1) == 83.8
