"""The model that paints: where it runs on this machine, and what is done when memory runs out."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import partial

import torch

from engine.diffusion.devices import pick_device, release_memory
from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.diffusion.flux.prompts import Prompt
from engine.diffusion.offload import Stage
from engine.diffusion.out_of_memory import is_out_of_memory
from engine.diffusion.prior_loading import placed, sound
from engine.diffusion.prior_weights import PriorWeights, load_weights
from engine.errors import MissingWeights, OutOfMemory
from engine.machine_notes import MachineNotes
from engine.photo import FloatArray
from engine.placement import Kind, Placement, lower
from trainer.flux.flux_export import FluxFolder
from trainer.flux.teachable import Teachable
from trainer.fluxgen.painting import PictureOrder, painted

_KINDS: dict[str, Kind] = {"cpu": "cpu", "cuda": "cuda", "mps": "mps"}

_LOG = logging.getLogger(__name__)


class PaintingModel:
    """A model without an adapter, placed on this machine; its weights are read when it paints."""

    def __init__(self, model: Teachable, device: str) -> None:
        """Raises `OutOfMemory` where no placement is large enough, `RestorerError` for a device
        that is not there, `MissingWeights` for a model that this version cannot run."""
        if not model.listed.ready:
            raise MissingWeights(
                f"This version cannot run {model.listed.title} yet", "Choose another model."
            )
        self._model = model
        if model.spec is None:
            self._placement = _in_a_folder(device)
            self._stage = Stage(partial(_read_folder, model))
        else:
            weights = PriorWeights(
                spec=model.spec,
                folder=model.place,
                variants=model.variants,
                device=device,
                adapter=None,
                lora=None,
            )
            self._placement, notes = sound(weights, placed(weights), MachineNotes(None))
            for note in notes:
                _LOG.warning(note)
            prompt = model.prompt(model.spec.text_tokens)
            self._stage = Stage(partial(load_weights, weights, prompt))
        # What follows is slower, and paints the same pictures; another device would paint others.
        self._slower: Iterator[Placement] = (
            one
            for one in lower(self._placement, self._placement.side)
            if one.device == self._placement.device
        )

    @property
    def precision(self) -> str:
        """Of its weights, as in the catalogue."""
        return self._placement.variant

    @property
    def device(self) -> str:
        return self._placement.device

    def paint(self, prompt: Prompt, asked: PictureOrder) -> FloatArray:
        """A picture as `painted` has it; raises `OutOfMemory` where it does not fit in any way."""
        device = torch.device(self._placement.device)
        while True:
            try:
                self._stage.prompt = prompt
                return painted(self._stage(self._placement), asked, device)
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                self._step_down(asked, error)
            # Outside the handler, whose error holds on to the tensors of the failed attempt.
            release_memory(device)

    def _step_down(self, asked: PictureOrder, error: Exception) -> None:
        try:
            self._placement = next(self._slower)
        except StopIteration:
            raise OutOfMemory(
                f"A picture of {asked.width} x {asked.height} does not fit into the memory.",
                "Choose a smaller --size, or close other programs.",
            ) from error
        _LOG.warning("%s", self._placement.why.capitalize())


def _in_a_folder(device: str) -> Placement:
    """The trainer's own models are small, and computed in float32."""
    kind = pick_device(device).type
    return Placement(
        device=_KINDS[kind],
        variant="f16",
        dtype="float32",
        side=0,
        vae_side=0,
        offload="none",
        tables=False,
        peak=0,
        why=f"on {kind}",
    )


def _read_folder(model: Teachable, placement: Placement) -> FluxBackbone:
    folder, device = FluxFolder(model.place), torch.device(placement.device)
    return folder.backbone(model.id, device)
