"""What FLUX.1 and FLUX.2 have in common as backbones: see `Backbone` for what each method promises.

The families differ in how a state becomes an `Evaluation` and in the walk over the blocks.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

import torch
from torch import Tensor, nn

from engine.diffusion.backbone import Conditioning, LatentSpec
from engine.diffusion.evaluation import PATCH, Control, Evaluation, pack, unpack
from engine.diffusion.flux.autoencoder import Autoencoder
from engine.diffusion.flux.flux_adapter import FluxAdapter
from engine.diffusion.flux.modulation import ModulationTable, fingerprint, install, select, tabulate
from engine.diffusion.flux.prompts import Prompt
from engine.errors import WrongWeights


class FluxBackbone(ABC):
    """A FLUX transformer with its autoencoder, a stored prompt and, if any, an adapter."""

    family: ClassVar[str]

    def __init__(
        self,
        spec: LatentSpec,
        transformer: nn.Module,
        autoencoder: Autoencoder,
        prompt: Prompt,
        *,
        negative: Prompt | None = None,
        adapter: FluxAdapter | None = None,
        scale: float = 1.0,
        guidance: float | None = None,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        """All on one device. `negative` is what classifier-free guidance moves away from; `scale`
        the adapter's strength; `guidance` a distilled network's; `dtype` the format in which the
        transformer computes. Raises `ValueError` if prompts or guidance do not fit."""
        if any(one is not None and one.family != self.family for one in (prompt, negative)):
            raise ValueError(f"the prompt {prompt.words!r} is not one for {self.family}")
        if (guidance is not None) != (spec.guided == "distilled"):
            raise ValueError(f"{spec.id} takes {spec.guided} guidance, not {guidance}")
        if (negative is not None) != (spec.guided == "classifier-free"):
            raise ValueError(f"a negative prompt does not go with {spec.guided} guidance")
        self.spec, self.transformer, self.autoencoder = spec, transformer, autoencoder
        self.prompt, self.negative = prompt, negative
        self.adapter, self.scale = adapter, scale
        self.guidance, self.dtype = guidance, dtype
        self._table: ModulationTable | None = None

    def encode(self, image: Tensor) -> Tensor:
        """Latent (b, c, h/8, w/8), float32, of a picture (b, 3, h, w), sRGB-encoded, 0..1.

        Sides that are no multiples of 16 are extended by mirroring first.
        """
        return self.autoencoder.encode(image, self.spec.multiple_of)

    def decode(self, latent: Tensor) -> Tensor:
        """The picture of a latent, (b, 3, 8h, 8w), float32; values may lie outside 0..1."""
        return self.autoencoder.decode(latent)

    def condition(self, degraded: Tensor, draft: Tensor | None = None) -> Conditioning:
        """What `velocity` is given to restore the picture `degraded` (b, 3, h, w)."""
        del draft  # it can be started from, and is not shown
        return self.condition_on(self.encode(degraded))

    def condition_on(self, latent: Tensor) -> Conditioning:
        """The same for a degraded picture that is encoded already, (b, c, h/8, w/8)."""
        negative = None if self.negative is None else self._conditioning(latent, self.negative)
        return self._conditioning(latent, self.prompt, negative)

    def condition_on_prompt(self, noise: Tensor) -> Conditioning:
        """What `velocity` is given to paint a picture that nobody has seen, of the shape of
        `noise` (b, c, h, w). Raises `ValueError` with an adapter: it has to be shown one."""
        if self.adapter is not None:
            raise ValueError("an adapter steers by a picture, and there is none")
        given = self.condition_on(torch.zeros_like(noise))
        if given.negative is not None:
            given = replace(given, negative=replace(given.negative, shown=False))
        return replace(given, shown=False)

    def velocity(self, x: Tensor, sigma: Tensor, given: Conditioning) -> Tensor:
        """Predicted noise minus clean at the state x (b, c, h, w), float32; sigma (b) or one."""
        step = self._evaluation(x, sigma, given)
        if self._table is not None:
            select(self._table, self.transformer, step.sigma)
        control = None
        if self.adapter is not None:
            control = self.adapter(step, pack(given.degraded.to(x.device)), self.scale)
        tokens = self._evaluate(step, control)
        height, width = x.shape[-2:]
        count = (height // PATCH) * (width // PATCH)
        return unpack(tokens[:, :count], height, width).float()

    @property
    def modulated_by(self) -> str:
        """Short name of what, beside sigma, the network's modulation depends on."""
        return fingerprint(self.prompt.pooled, self.guidance)

    @torch.no_grad()
    def modulation(self, sigmas: Sequence[float]) -> ModulationTable:
        """The modulation at these sigmas for this prompt and guidance, in this dtype."""
        visited = [sigma for sigma in sigmas if sigma > 0]
        device = next(self.transformer.parameters()).device
        blank = torch.zeros(1, self.spec.channels, PATCH, PATCH, device=device)
        given = self.condition_on(blank)
        steps = [self._evaluation(blank, torch.tensor(sigma), given) for sigma in visited]
        return tabulate(
            self.transformer,
            [self._time(step) for step in steps],
            visited,
            backbone=self.spec.id,
            conditions=self.modulated_by,
        )

    def use_table(self, table: ModulationTable) -> None:
        """Run from a table from now on; the modulation layers, if still there, are dropped.

        Raises `WrongWeights` if the table was made for another network, prompt or guidance.
        """
        if (table.backbone, table.conditions) != (self.spec.id, self.modulated_by):
            raise WrongWeights(
                "The modulation table was made for another model or prompt.",
                "Make the table again.",
            )
        install(table, self.transformer)
        self._table = table

    def _conditioning(
        self, latent: Tensor, prompt: Prompt, negative: Conditioning | None = None
    ) -> Conditioning:
        count = latent.shape[0]
        text = prompt.text.to(latent.device, self.dtype)[None].expand(count, -1, -1)
        pooled = prompt.pooled
        if pooled is not None:
            pooled = pooled.to(latent.device, self.dtype)[None].expand(count, -1)
        return Conditioning(
            degraded=latent, prompt=text, pooled=pooled, guidance=self.guidance, negative=negative
        )

    @abstractmethod
    def _evaluation(self, x: Tensor, sigma: Tensor, given: Conditioning) -> Evaluation:
        """The transformer's inputs, in its format, the tokens of `x` first."""

    @abstractmethod
    def _evaluate(self, step: Evaluation, control: Control | None) -> Tensor:
        """Velocity tokens (b, n, channels)."""

    @abstractmethod
    def _time(self, step: Evaluation) -> Tensor:
        """What modulation depends on, (b, width)."""
