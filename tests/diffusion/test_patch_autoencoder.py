from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.diffusion.flux.patch_autoencoder import (
    PatchAutoencoder,
    PatchNetwork,
    PatchSizes,
    load_patch_autoencoder,
)
from engine.errors import MissingWeights, WrongWeights
from tests.diffusion.tiny_flux import picture

SIZES = PatchSizes(latent_channels=5, near=4, far=6, near_blocks=1, far_blocks=1)


def _squares(kinds: int, count: int = 400) -> Tensor:
    """Squares (count, 3, 8, 8) that are mixtures of so many patterns around one gray."""
    rng = torch.Generator().manual_seed(0)
    patterns = torch.randn(kinds, 3, 8, 8, generator=rng, dtype=torch.float64)
    shares = torch.randn(count, kinds, generator=rng, dtype=torch.float64)
    mixed = torch.einsum("nk,kchw->nchw", shares - shares.mean(0), patterns)
    return (0.2 + 0.01 * mixed).float()


def _started(kinds: int, *, layers: bool) -> tuple[PatchNetwork, Tensor]:
    torch.manual_seed(0)
    squares = _squares(kinds)
    network = PatchNetwork(SIZES)
    network.start_from(squares)
    if not layers:
        for last in (network.encoder[-1], network.decoder[-2]):
            assert isinstance(last, nn.Conv2d)
            nn.init.zeros_(last.weight)
    return network, squares


def test_the_linear_maps_start_as_principal_components() -> None:
    network, squares = _started(kinds=5, layers=False)
    with torch.inference_mode():
        latent = network.encode(squares)
        assert torch.allclose(network.decode(latent), squares, atol=1e-5)
    assert torch.allclose(latent.mean((0, 2, 3)), torch.zeros(5), atol=1e-4)
    assert torch.allclose(latent.std((0, 2, 3)), torch.ones(5), atol=1e-3)


def test_what_has_more_patterns_than_channels_loses_some() -> None:
    network, squares = _started(kinds=9, layers=False)
    with torch.inference_mode():
        error = network.decode(network.encode(squares)) - squares
    assert 0.1 * squares.std() < error.std() < squares.std()


def test_the_layers_begin_by_changing_little() -> None:
    with_layers, squares = _started(kinds=5, layers=True)
    with torch.inference_mode():
        error = with_layers.decode(with_layers.encode(squares)) - squares
    assert 0 < error.std() < squares.std()


def test_shift_and_scale_are_undone_by_decoding() -> None:
    network, _ = _started(kinds=5, layers=True)
    plain = PatchAutoencoder(network)
    image = picture(16, 32)
    latent, decoded = plain.encode(image, 16), plain.decode(plain.encode(image, 16))
    network.sizes = replace(SIZES, scale=2.0, shift=0.25)
    moved = PatchAutoencoder(network)
    assert torch.allclose(moved.encode(image, 16), (latent - 0.25) * 2)
    assert torch.allclose(moved.decode(moved.encode(image, 16)), decoded, atol=1e-5)


def test_odd_sizes_are_extended() -> None:
    network, _ = _started(kinds=5, layers=True)
    assert PatchAutoencoder(network).encode(picture(17, 30), 16).shape == (1, 5, 4, 4)


def test_a_file_gives_the_network_back(tmp_path: Path) -> None:
    network, _ = _started(kinds=5, layers=True)
    path = tmp_path / "autoencoder.safetensors"
    save_file(network.state_dict(), path)
    cpu = torch.device("cpu")
    loaded = load_patch_autoencoder(path, SIZES, device=cpu, dtype=torch.float32)
    image = picture(16, 16)
    assert torch.equal(loaded.encode(image, 16), PatchAutoencoder(network).encode(image, 16))
    other, missing = replace(SIZES, far=7), tmp_path / "none.safetensors"
    with pytest.raises(WrongWeights):
        load_patch_autoencoder(path, other, device=cpu, dtype=torch.float32)
    path.write_bytes(b"damaged")
    with pytest.raises(WrongWeights):
        load_patch_autoencoder(path, SIZES, device=cpu, dtype=torch.float32)
    with pytest.raises(MissingWeights):
        load_patch_autoencoder(missing, SIZES, device=cpu, dtype=torch.float32)


def test_sizes_without_layers_are_refused() -> None:
    with pytest.raises(ValueError, match="layers"):
        PatchSizes(far_blocks=0)
