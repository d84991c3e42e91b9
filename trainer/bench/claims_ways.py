"""The ways from a damaged picture to a restored one that `restorer bench claims` compares.

All share the backbone, the noise and the composing; they differ in the adapter, in where a sampling
starts, and in the sigmas it visits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace

import numpy as np
import torch
from torch import Tensor

from engine.diffusion.bridge import BRIDGES
from engine.diffusion.flux.flux_adapter import FluxAdapter
from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.diffusion.sampling import sample_latent
from engine.photo import FloatArray, floats
from engine.schedule import Schedule, in_steps
from engine.texture import textured
from engine.trajectory import Trajectory
from trainer import metrics
from trainer.bench.claims_report import DRAFT, Case, Claim, Reached
from trainer.comparison import compared

MAIN = 4
"""Steps that the claims are about."""
_PLAIN_START = 0.6
"""Share of noise at the start, where the adapter's own trajectory starts from pure noise."""

BARE = "no adapter"
FAR = "adapter, pure noise"
NOISED = "adapter, noised degraded"
DRAFTED = "adapter, noised draft"

CLAIMS = (
    Claim(
        "With its trained FluxIR adapter it beats the same network without adapter.", NOISED, BARE
    ),
    Claim("The noised-degraded start beats the pure-noise start at 4 steps.", NOISED, FAR),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a latent is sampled."""

    adapter: bool
    trajectory: Callable[[int], Trajectory]
    """From the number of steps."""
    from_draft: bool = False
    """Whether the draft's latent is what is noised, in place of the degraded picture's."""
    always: bool = False
    """Whether it is shown for all numbers of steps, and not for `MAIN` alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A picture to restore, (h, w, 3), 0..1, all of one size that the backbone takes."""

    photo: str
    task: str
    degraded: FloatArray
    clean: FloatArray
    draft: FloatArray
    seed: int


def ways(trained: Trajectory, shift: str | float) -> Mapping[str, Way]:
    """All of them, for an adapter trained on this trajectory; `shift` is the backbone's."""
    start = trained.schedule
    if trained.start == "far":
        start = Schedule(start=_PLAIN_START, shift=shift)

    def noised(steps: int) -> Trajectory:
        return replace(trained, start="degraded", schedule=in_steps(start, steps))

    def far(steps: int) -> Trajectory:
        schedule = Schedule(steps=steps, shift=shift)
        if trained.start == "far":
            schedule = in_steps(trained.schedule, steps)
        return replace(trained, start="far", schedule=schedule)

    found = {
        BARE: Way(adapter=False, trajectory=noised, always=True),
        FAR: Way(adapter=True, trajectory=far, always=True),
        NOISED: Way(adapter=True, trajectory=noised, always=True),
        DRAFTED: Way(adapter=True, trajectory=noised, from_draft=True, always=True),
        "no adapter, pure noise": Way(adapter=False, trajectory=far),
        "no adapter, noised draft": Way(adapter=False, trajectory=noised, from_draft=True),
    }
    for name, bridge in BRIDGES.items():
        made = bridge()
        found[f"adapter, bridge {name}"] = Way(adapter=True, trajectory=made.trajectory)
    return found


def tried(backbone: FluxBackbone, ways: Mapping[str, Way], steps: set[int], trial: Trial) -> Case:
    """What each way makes of one trial.

    The backbone comes with its adapter, and has it again afterwards.
    """
    adapter = backbone.adapter
    with torch.inference_mode():
        rig = _Rig(backbone, adapter, trial)
        reached = {(DRAFT, 0): rig.drafted()}
        for name, way in ways.items():
            for count in sorted(steps) if way.always else [MAIN]:
                reached[name, count] = rig.reached(way, count)
    backbone.adapter = adapter
    return Case(photo=trial.photo, task=trial.task, reached=reached)


class _Rig:
    """What all ways of a trial share."""

    def __init__(self, backbone: FluxBackbone, adapter: FluxAdapter | None, trial: Trial) -> None:
        self.backbone, self.adapter, self.trial = backbone, adapter, trial
        device = next(backbone.transformer.parameters()).device
        self.given = backbone.condition(_tensor(trial.degraded, device))
        self.origin = backbone.encode(_tensor(trial.draft, device))
        self.decoded_draft = _pixels(backbone.decode(self.origin), trial)
        clean = backbone.decode(backbone.encode(_tensor(trial.clean, device)))
        self.decoded_clean = _pixels(clean, trial)

    def noise(self, draw: int) -> Tensor:
        """As `sampling.Noise` has it: each draw its own, the same for all ways."""
        chance = torch.Generator().manual_seed(self.trial.seed + draw)
        return torch.randn(self.origin.shape, generator=chance).to(self.origin)

    def drafted(self) -> Reached:
        """The draft as it is, and the draft as the autoencoder gives it back."""
        return self._compared(self.trial.draft, self.decoded_draft)

    def reached(self, way: Way, steps: int) -> Reached:
        self.backbone.adapter = self.adapter if way.adapter else None
        begun = time.perf_counter()
        latent = sample_latent(
            self.backbone,
            self.given,
            way.trajectory(steps),
            self.noise,
            draft=self.origin if way.from_draft else None,
        )
        decoded = _pixels(self.backbone.decode(latent), self.trial)
        change = np.asarray(decoded - self.decoded_draft, np.float32)
        composed = textured(self.trial.draft, change)
        seconds = time.perf_counter() - begun
        return replace(self._compared(composed, decoded), seconds=seconds)

    def _compared(self, composed: FloatArray, decoded: FloatArray) -> Reached:
        clean, shown = self.trial.clean, floats(np.clip(decoded, 0, 1))
        return Reached(
            **asdict(compared(composed, clean)),
            decoded=metrics.psnr(shown, clean),
            decoded_ssim=metrics.ssim(shown, clean),
            decoded_free=metrics.psnr(decoded, self.decoded_clean),
        )


def _tensor(pixels: FloatArray, device: torch.device) -> Tensor:
    image = torch.from_numpy(np.ascontiguousarray(pixels)).permute(2, 0, 1)[None]
    return image.contiguous().to(device)


def _pixels(image: Tensor, trial: Trial) -> FloatArray:
    height, width = trial.clean.shape[:2]
    pixels = image[0, :, :height, :width].float().permute(1, 2, 0).cpu().numpy()
    return np.ascontiguousarray(pixels, np.float32)
