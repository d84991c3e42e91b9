"""Latents of many pairs, encoded once: training in them then costs no autoencoder.

A pool is a safetensors file. It fits one autoencoder, whose checksum it names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from engine.diffusion.evaluation import PATCH
from engine.diffusion.flux.autoencoder import Autoencoder
from engine.diffusion.predictor import Predictor
from engine.diffusion.tensor_files import write_tensors
from engine.errors import BadRecipe
from engine.photo import FloatArray, floats
from engine.progress import Progress
from trainer.drafts import Drafted, Drafts
from trainer.pairs import Batch

_KIND = "restorer-latent-pool"
_PIXELS = 8
_NAMES = ("clean", "degraded", "draft")


@dataclass(frozen=True, slots=True)
class LatentBatch:
    """Latents (b, c, h, w), float32: what was clean, degraded, and restored by the predictor.

    The degraded ones are in the light of the predictor's, as a prior is shown them.
    """

    clean: Tensor
    degraded: Tensor
    draft: Tensor


@dataclass(frozen=True, slots=True)
class LatentPool:
    """All pairs of a pool, (n, c, h, w) in half precision, on the processor."""

    clean: Tensor
    degraded: Tensor
    draft: Tensor

    def __post_init__(self) -> None:
        if not self.clean.shape == self.degraded.shape == self.draft.shape or not len(self.clean):
            raise ValueError("a pool has one latent of each kind for every pair, and some pairs")

    def sign(self) -> str:
        """A few letters, the same for equal pools: of the diagonals of all latents, for a pool has
        gigabytes, and what makes a pair another one changes it everywhere."""
        found = hashlib.sha256(str(tuple(self.clean.shape)).encode())
        for part in (self.clean, self.degraded, self.draft):
            found.update(part.diagonal(dim1=-2, dim2=-1).contiguous().numpy().tobytes())
        return found.hexdigest()[:16]

    def batch(self, count: int, side: int, rng: np.random.Generator) -> LatentBatch:
        """Windows of `side` x `side` latent pixels of pairs drawn at random, on whole tokens."""
        height, width = self.clean.shape[-2:]
        if side % PATCH or side > min(height, width):
            raise ValueError(f"no windows of {side} in latents of {height} x {width}")
        picks = rng.integers(0, len(self.clean), count)
        tops = rng.integers(0, (height - side) // PATCH + 1, count) * PATCH
        lefts = rng.integers(0, (width - side) // PATCH + 1, count) * PATCH
        places = list(zip(picks.tolist(), tops.tolist(), lefts.tolist(), strict=True))

        def cut(source: Tensor) -> Tensor:
            windows = [source[i, :, t : t + side, s : s + side] for i, t, s in places]
            return torch.stack(windows).float()

        return LatentBatch(cut(self.clean), cut(self.degraded), cut(self.draft))


@torch.inference_mode()
def make_pool(
    batches: Iterable[Batch],
    count: int,
    autoencoder: Autoencoder,
    predictor: Predictor | None,
    device: torch.device,
    progress: Progress,
) -> LatentPool:
    """Encode the pairs of `count` batches.

    Drafts are the predictor's, told each pair's task; without one they are the degraded pictures.
    """
    parts: dict[str, list[Tensor]] = {name: [] for name in _NAMES}
    lite = None if predictor is None else Drafts(predictor)

    def encoded(pictures: FloatArray) -> Tensor:
        image = torch.from_numpy(np.ascontiguousarray(pictures)).to(device)
        return autoencoder.encode(image, _PIXELS * PATCH).half().cpu()

    for index, batch in enumerate(islice(batches, count)):
        progress.report(index / count, "encoding")
        parts["clean"].append(encoded(batch.clean))
        if lite is None:
            parts["degraded"].append(encoded(batch.degraded.clip(0, 1)))
            continue
        drafted = _drafted(lite, batch)
        parts["degraded"].append(encoded(_stacked([one.degraded for one in drafted])))
        parts["draft"].append(encoded(_stacked([one.draft for one in drafted])))
    if lite is None:
        parts["draft"] = [part.clone() for part in parts["degraded"]]
    progress.report(1.0, "encoding")
    return LatentPool(*(torch.cat(parts[name]) for name in _NAMES))


def save_pool(pool: LatentPool, path: Path, autoencoder: str) -> None:
    """Write a pool, whole or not at all; `autoencoder` is the checksum of the one that made it."""
    tensors = {name: getattr(pool, name).contiguous() for name in _NAMES}
    path.parent.mkdir(parents=True, exist_ok=True)
    write_tensors(tensors, path, {"kind": _KIND, "autoencoder": autoencoder})


def load_pool(path: Path, autoencoder: str) -> LatentPool:
    """Read a pool; raises `BadRecipe` if it is none, or another autoencoder's."""
    try:
        with safe_open(path, "pt") as file:
            header = dict(file.metadata() or {})
            if header.get("kind") != _KIND:
                raise BadRecipe(
                    f"{path.name} is no pool of latents.", "Make it with “train latents”."
                )
            if header.get("autoencoder") != autoencoder:
                raise BadRecipe(f"{path.name} was made with another autoencoder.", "Make it anew.")
            return LatentPool(*(file.get_tensor(name) for name in _NAMES))
    except (OSError, SafetensorError) as error:
        raise BadRecipe(f"{path.name} cannot be read: {error}", "Make it anew.") from error


def _drafted(lite: Drafts, batch: Batch) -> list[Drafted]:
    pictures = zip(batch.degraded.transpose(0, 2, 3, 1), batch.tasks, batch.mask, strict=True)
    return [
        lite.drafted(np.ascontiguousarray(picture), task, mask[0] if mask.any() else None)
        for picture, task, mask in pictures
    ]


def _stacked(pictures: list[FloatArray]) -> FloatArray:
    """Pictures (h, w, 3) as (b, 3, h, w)."""
    return floats(np.stack(pictures).transpose(0, 3, 1, 2))
