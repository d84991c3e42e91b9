import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.diffusion.flux.vae_tiles import TiledAutoencoder
from tests.diffusion.tiny_flux import picture, tiny_autoencoder1, tiny_autoencoder2


class Averages:
    """An autoencoder that sees nothing beyond its 8x8 pixels, so that tiles cannot matter."""

    def __init__(self) -> None:
        self.sides: list[int] = []

    def encode(self, image: Tensor, multiple_of: int) -> Tensor:
        self.sides.append(max(image.shape[-2:]))
        assert not any(side % multiple_of for side in image.shape[-2:])
        return F.avg_pool2d(image, 8)

    def decode(self, latent: Tensor) -> Tensor:
        self.sides.append(8 * max(latent.shape[-2:]))
        return F.interpolate(latent, scale_factor=8.0)


@pytest.mark.parametrize("size", [(64, 64), (80, 200), (208, 96), (170, 131)])
def test_tiles_together_are_the_whole(size: tuple[int, int]) -> None:
    plain, inside = Averages(), Averages()
    tiled = TiledAutoencoder(inside, 70)
    height, width = (-(-side // 16) * 16 for side in size)
    image = picture(*size, count=2)
    whole = F.pad(image, (0, width - size[1], 0, height - size[0]), "reflect")
    latent = tiled.encode(image, 16)
    assert torch.allclose(latent, plain.encode(whole, 16), atol=1e-6)
    assert torch.allclose(tiled.decode(latent), plain.decode(latent), atol=1e-6)
    assert max(inside.sides) <= 64


@pytest.mark.parametrize("make", [tiny_autoencoder1, tiny_autoencoder2])
@torch.inference_mode()
def test_real_networks_run_in_tiles(make) -> None:  # type: ignore[no-untyped-def]
    whole = make()
    tiled = TiledAutoencoder(whole, 64)
    small, large = picture(64, 64), picture(96, 112)
    assert torch.equal(tiled.encode(small, 16), whole.encode(small, 16))
    latent = tiled.encode(large, 16)
    assert latent.shape == whole.encode(large, 16).shape
    assert tiled.decode(latent).shape == large.shape
    assert torch.isfinite(tiled.decode(latent)).all()


@torch.inference_mode()
def test_a_flat_sky_has_no_seams() -> None:
    """Steps between neighbouring pixels where tiles meet are no larger than inside of tiles."""
    whole = tiny_autoencoder1()
    tiled = TiledAutoencoder(whole, 64)
    flat = torch.full((1, 16, 16, 16), 0.3)
    decoded = tiled.decode(flat)[0]
    own = whole.decode(flat[..., :8, :8])[0]
    assert decoded.diff(dim=-1).abs().max() <= own.diff(dim=-1).abs().max() * 1.001


def test_tiles_have_a_least_size() -> None:
    with pytest.raises(ValueError, match="too small"):
        TiledAutoencoder(Averages(), 48)
