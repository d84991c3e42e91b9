"""The small networks beside the predictor, each for what its task adapters cannot do.

A file's name says what it is: `TASK.light.safetensors` estimates how the light of a whole scene is
to be changed, `TASK.shade.safetensors` how its shadows are (that of `low-light` also how is what
stands in dense haze), `TASK.repair.safetensors` fills damage that `TASK.finder.safetensors` and
`TASK.reader.safetensors` found, `TASK.enlarger.safetensors` enlarges, told what a network of the
model sees with `TASK.guide.safetensors`, `TASK.expert.safetensors` enlarges what is clean. A model
may lack any of them.
"""

from __future__ import annotations

from pathlib import Path

import torch

from engine.diffusion.networks import Networks
from engine.diffusion.specialists.enlarger import Enlarger, load_enlarger
from engine.diffusion.specialists.enlarger_expert import Enlargers, load_expert
from engine.diffusion.specialists.guide import guide_file, load_guide
from engine.diffusion.specialists.light_estimator import LightEstimator
from engine.diffusion.specialists.light_files import load_light
from engine.diffusion.specialists.repair import Repairer, load_repairer
from engine.errors import MissingWeights
from engine.photo import FloatArray

_LIFTED = {"dehaze": "low-light"}
"""Tasks behind which shadows are lifted, by the task whose network knows how much."""
_KINDS = ("light", "shade", "repair", "finder", "reader", "enlarger", "guide", "expert")


class Specialists:
    """Those of one model's folder; each is read when it is first asked for, and kept."""

    def __init__(self, networks: Networks, device: torch.device, dtype: torch.dtype) -> None:
        """The repairer and the enlarger's guide look with the model's `networks`."""
        self._networks, self._folder = networks, networks.folder
        self._device, self._dtype = device, dtype
        self._lights: dict[str, LightEstimator] = {}
        self._repairer: Repairer | None = None
        self._enlargers: Enlargers | None = None

    @property
    def tasks(self) -> set[str]:
        """The tasks that one of them serves."""
        return {path.name.split(".")[0] for path in self._files}

    @property
    def kinds(self) -> set[str]:
        """What there is of `_KINDS`."""
        return {path.name.split(".")[1] for path in self._files}

    @property
    def _files(self) -> list[Path]:
        found = self._folder.glob("*.*.safetensors")
        return sorted(path for path in found if path.name.split(".")[1] in _KINDS)

    @property
    def lights(self) -> set[str]:
        """The tasks for which there is a light estimator."""
        return {path.name.split(".")[0] for path in self._files if ".light." in path.name}

    def relit(self, srgb: FloatArray, task: str, *, lift: bool = True) -> FloatArray:
        """A whole picture (h, w, 3), 0..1, in the light that `task`'s estimator gives it; without
        `lift` its shadows stay. Raises `MissingWeights` or `WrongWeights`."""
        return self.light(task).relit(srgb, lift=lift)

    def light(self, task: str) -> LightEstimator:
        """What estimates the light for `task`, and lifts shadows behind it where the model has a
        network for that; raises `MissingWeights` or `WrongWeights`."""
        if task not in self._lights:
            shade = self._folder / f"{_LIFTED.get(task, task)}.shade.safetensors"
            then = load_light(shade) if shade.exists() else None
            self._lights[task] = load_light(self._folder / f"{task}.light.safetensors", then)
        return self._lights[task]

    def marked(self, srgb: FloatArray) -> FloatArray:
        """The log odds (h, w) that each pixel of a picture (h, w, 3), 0..1, of at most a megapixel
        or so, is destroyed, at a glance. Raises `MissingWeights` or `WrongWeights`."""
        return self.repairer.glance(srgb)

    @property
    def repairer(self) -> Repairer:
        """What finds and fills damage; raises `MissingWeights` or `WrongWeights`."""
        if self._repairer is None:
            path = self._only("repair")
            self._repairer = load_repairer(path, self._device, self._dtype, self._networks)
        return self._repairer

    @property
    def enlargers(self) -> Enlargers:
        """What enlarges; raises `MissingWeights` or `WrongWeights`."""
        if self._enlargers is None:
            path = self._only("enlarger")
            network = load_enlarger(path)
            guide = load_guide(guide_file(path), self._networks) if network.sizes.told else None
            general = Enlarger(network, self._device, self._dtype, guide)
            expert = load_expert(self._only("expert")) if "expert" in self.kinds else None
            self._enlargers = Enlargers(general, expert)
        return self._enlargers

    def _only(self, kind: str) -> Path:
        """The model's file of this kind."""
        found = sorted(self._folder.glob(f"*.{kind}.safetensors"))
        if not found:
            raise MissingWeights(f"The model has no weights for this: *.{kind}.safetensors.")
        return found[0]
