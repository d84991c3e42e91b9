"""Training the small autoencoder: pictures to latents of FLUX.1's layout and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import torch
from torch import Tensor

from engine.diffusion.devices import compute_dtype, pick_device
from engine.diffusion.flux.patch_autoencoder import SQUARE, PatchNetwork, PatchSizes
from engine.diffusion.runner import keep_freed_memory
from engine.progress import Progress
from trainer.checkpoint import Origin, sign_of
from trainer.loop import Loop, Pace
from trainer.pairs import Batch, Pairs
from trainer.supply import batches

_NOISE = 0.05
"""Spread of the noise on latents in training: what is painted will be off by as much, and a decoder
that knows only exact latents makes patterns of it."""
_TRUST = 5e-3
"""Weight of the latents' mean square. Without it they would grow until the noise is nothing."""
_EDGES = 0.25
"""Weight of the error in differences between neighbours, which keeps fine lines."""
_ASIDE = 10**7
"""Batches from this number on are never trained on."""
_SQUARES = 20_000
"""For the principal components that the linear maps start as."""


def train_autoencoder(
    pairs: Pairs,
    sizes: PatchSizes,
    pace: Pace,
    run: Path,
    progress: Progress,
    *,
    device: str = "auto",
    workers: int = 1,
) -> PatchNetwork:
    """A trained autoencoder of these sizes, its average of weights, its scale and shift measured.

    It sees clean and degraded crops in equal parts, for it has to hold both as they are.
    """
    keep_freed_memory()
    place = pick_device(device)
    torch.manual_seed(pairs.seed)
    network = PatchNetwork(sizes)
    network.start_from(_squares(pairs))
    network = network.to(place)
    for weight in network.parameters():
        if weight.ndim == 4:
            weight.data = weight.data.to(memory_format=torch.channels_last)
    origin = Origin(pairs=sign_of(pairs.recipe, pairs.seed))
    loop = Loop(network.train(), pace, run, origin=origin)
    seen = _crops(batches(pairs, loop.state.position.step, workers), place)
    chance = torch.Generator(place)

    def loss(step: int) -> Tensor:
        chance.manual_seed(pairs.seed + step)
        return loop.note(autoencoder_loss(network, next(seen), chance))

    average = loop.run(loss, progress, pairs.recipe.batch)
    assert isinstance(average, PatchNetwork)
    average.sizes = _measured(average, pairs)
    return average.eval().requires_grad_(False)


def autoencoder_loss(network: PatchNetwork, image: Tensor, chance: torch.Generator) -> Tensor:
    """L1 error, L1 error of differences, size of latents; of pictures (b, 3, h, w) in 0..1."""
    wanted, dtype = image * 2 - 1, compute_dtype(image.device)
    with torch.autocast(image.device.type, dtype, enabled=dtype != torch.float32):
        latent = network.encode(wanted)
        noise = torch.randn(latent.shape, generator=chance, device=latent.device)
        decoded = network.decode(latent + _NOISE * noise.to(latent))
    error = decoded.float() - wanted
    edges = (error[..., 1:] - error[..., :-1]).abs().mean()
    edges = edges + (error[..., 1:, :] - error[..., :-1, :]).abs().mean()
    loss: Tensor = error.abs().mean() + _EDGES * edges + _TRUST * latent.float().square().mean()
    return loss


@torch.no_grad()
def _measured(network: PatchNetwork, pairs: Pairs, count: int = 32) -> PatchSizes:
    """The sizes with the shift and scale that give latents mean 0 and spread 1."""
    place = next(network.parameters()).device
    seen = _crops((pairs.batch(_ASIDE + index) for index in range(count)), place)
    latents = [network.encode(image * 2 - 1) for image in islice(seen, count)]
    values = torch.cat([latent.flatten() for latent in latents])
    return replace(network.sizes, shift=float(values.mean()), scale=float(1 / values.std()))


def _squares(pairs: Pairs) -> Tensor:
    """Squares (n, 3, 8, 8) of clean crops, in -1..1."""
    found: list[Tensor] = []
    count = 0
    while count < _SQUARES:
        clean = torch.from_numpy(pairs.batch(_ASIDE + len(found)).clean)
        cut = clean.unfold(2, SQUARE, SQUARE).unfold(3, SQUARE, SQUARE)
        found.append(cut.permute(0, 2, 3, 1, 4, 5).reshape(-1, 3, SQUARE, SQUARE))
        count += len(found[-1])
    return torch.cat(found) * 2 - 1


def _crops(source: Iterator[Batch], device: torch.device) -> Iterator[Tensor]:
    """Half of each batch clean, the other half degraded, (b, 3, s, s)."""
    for batch in source:
        half = len(batch.clean) // 2
        clean, degraded = torch.from_numpy(batch.clean), torch.from_numpy(batch.degraded)
        both = torch.cat((clean[:half], degraded[half:].clamp(0, 1)))
        yield both.to(device, memory_format=torch.channels_last)
