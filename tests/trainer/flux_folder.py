"""A folder with a tiny FLUX, a pool for it and a trained adapter: what trainings start from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch

from engine.diffusion.flux.flux1 import new_adapter
from engine.diffusion.flux.flux_adapter import FluxAdapter
from engine.diffusion.flux.flux_adapter_files import FluxAdapterHeader, save_flux_adapter
from engine.diffusion.flux.flux_configs import FluxSizes
from engine.diffusion.flux.patch_autoencoder import PatchNetwork, PatchSizes
from engine.schedule import Schedule
from engine.trajectory import Trajectory
from engine.weights import sha256
from tests.diffusion import tiny_flux
from trainer.flux.flux_export import AUTOENCODER, write_autoencoder, write_transformer
from trainer.flux.latent_pool import LatentPool, save_pool

PATCH = PatchSizes(near=8, far=16, near_blocks=1, far_blocks=1)
NOISED = Trajectory(start="degraded", schedule=Schedule(steps=4, start=0.5))


@dataclass(frozen=True, slots=True)
class FluxFiles:
    """Where they lie."""

    model: Path
    pool: Path
    adapter: Path


def pool(count: int = 6) -> LatentPool:
    """Pairs whose degraded latent is off by a little noise and a cast, and whose draft by half."""
    rng = torch.Generator().manual_seed(3)
    clean = torch.randn(count, 16, 8, 8, generator=rng)
    off = 0.2 + 0.1 * torch.randn(clean.shape, generator=rng)
    return LatentPool(clean.half(), (clean + off).half(), (clean + off / 2).half())


def steering(spread: float = 0.05, seed: int = 9) -> FluxAdapter:
    """An adapter for `tiny_flux.tiny_flux1` that changes what it does, and bends its ways the more
    the larger `spread` is."""
    torch.manual_seed(seed)
    adapter = new_adapter(tiny_flux.FLUX1, 2, tiny_flux.WORDS)
    adapter.start_from(tiny_flux.tiny_transformer1())
    tiny_flux.shaken(adapter, seed, spread)
    return adapter


def flux_files(place: Path, trajectory: Trajectory = NOISED) -> FluxFiles:
    """Write model, pool and adapter below `place`."""
    files = FluxFiles(place / "model", place / "pool.st", place / "start.safetensors")
    torch.manual_seed(1)
    sizes = FluxSizes(tiny_flux.FLUX1, PATCH)
    write_autoencoder(PatchNetwork(PATCH), sizes, tiny_flux.WORDS, files.model)
    write_transformer(tiny_flux.tiny_transformer1(), files.model)
    save_pool(pool(), files.pool, sha256(files.model / AUTOENCODER))
    write_adapter(files.adapter, trajectory)
    return files


def write_adapter(path: Path, trajectory: Trajectory, backbone: str = "flux-nano") -> None:
    """Write what `steering` gives, as trained on this trajectory."""
    header = FluxAdapterHeader(
        title="Restore", backbone=backbone, trajectory=trajectory, recipe="flux", rank=2,
        text_tokens=tiny_flux.WORDS, licence="Apache-2.0",
    )  # fmt: skip
    save_flux_adapter(steering(), path, header, torch.float16)
