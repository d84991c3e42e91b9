"""The model an adapter is trained for: one of the catalogue, or a folder that the trainer wrote."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import torch

from engine.backbones import BackboneSpec, backbones, find_backbone
from engine.diffusion.devices import compute_dtype
from engine.diffusion.evaluation import PATCH
from engine.diffusion.flux import flux1
from engine.diffusion.flux.autoencoder import Autoencoder
from engine.diffusion.flux.flux_adapter import FluxAdapter
from engine.diffusion.flux.flux_adapter_files import FluxAdapterHeader, load_flux_adapter
from engine.diffusion.flux.flux_backbone import FluxBackbone
from engine.diffusion.flux.flux_configs import FluxSizes
from engine.diffusion.flux.flux_files import load_autoencoder
from engine.diffusion.flux.flux_loading import (
    FAMILIES,
    FluxOrder,
    flux_family,
    load_flux,
    shipped_sizes,
)
from engine.diffusion.flux.flux_models import Flux1Sizes
from engine.diffusion.flux.prompts import Prompt, blank_prompt, load_prompt
from engine.errors import MissingWeights, WrongAdapter
from engine.schedule import for_tokens, in_steps
from engine.shelf import Shelf
from engine.trajectory import Trajectory
from trainer.checkpoint import sampled_sum
from trainer.flux.flux_export import AUTOENCODER, CONFIGS, LICENCE, TRANSFORMER, FluxFolder
from trainer.flux.nano import NANO_ID

_OWN_MODEL = "Yes, as far as the photos it was trained on allow that."


@dataclass(frozen=True, slots=True, kw_only=True)
class Teachable:
    """A model, not loaded yet. `folder` is the trainer's, `spec` one of the catalogue's."""

    id: str
    family: str
    sizes: FluxSizes
    place: Path
    autoencoder_file: Path
    spec: BackboneSpec | None = None
    variant: str = ""
    """Which is taught."""
    variants: tuple[str, ...] = ()
    """All that are here."""

    @property
    def licence(self) -> str:
        """Of the model, and so of what is derived from it."""
        return LICENCE if self.spec is None else self.spec.licence

    @property
    def may_sell(self) -> str:
        """Plain answer to “may I sell a picture of its?”."""
        return _OWN_MODEL if self.spec is None else self.spec.may_sell

    @property
    def listed(self) -> BackboneSpec:
        """The entry of the catalogue that says how it is run: for a folder, that of its kind."""
        return find_backbone(NANO_ID) if self.spec is None else self.spec

    def network_sum(self) -> str:
        """The `sampled_sum` of its transformer's files; raises `MissingWeights`."""
        paths = [self.place / TRANSFORMER]
        if self.spec is not None:
            files = self.spec.files_of(self.variant)
            paths = [self.place / file.path for file in files if file.role == "transformer"]
        try:
            return sampled_sum(paths)
        except OSError as error:
            raise MissingWeights(f"The transformer of {self.id} cannot be read: {error}") from error

    def autoencoder(self, device: torch.device) -> Autoencoder:
        """Raises `MissingWeights` or `WrongWeights`."""
        return load_autoencoder(
            self.autoencoder_file,
            self.sizes.autoencoder,
            self.family,
            device=device,
            dtype=torch.float32,
        )

    def backbone(self, device: torch.device, text_tokens: int) -> FluxBackbone:
        """The whole model without an adapter, its prompt blank where it has none of its own.

        A model of the catalogue computes in the device's fast format, one of the trainer's in
        float32. Raises `MissingWeights` or `WrongWeights`.
        """
        if self.spec is None:
            return FluxFolder(self.place).backbone(self.id, device)
        order = FluxOrder(
            variant=self.variant,
            prompt=self.prompt(text_tokens),
            device=device,
            dtype=torch.float32 if device.type == "cpu" else compute_dtype(device),
        )
        backbone, _ = load_flux(self.spec, self.sizes, self.place, order)
        return backbone

    def fresh_adapter(self, backbone: FluxBackbone, rank: int) -> FluxAdapter:
        """An adapter that changes nothing yet, started from the backbone's first block."""
        tokens = backbone.prompt.text.shape[0]
        adapter = FAMILIES[self.family].new_adapter(self.sizes.transformer, rank, tokens, "cpu")
        adapter.start_from(backbone.transformer)
        return adapter.to(next(backbone.transformer.parameters()).device).float()

    def trained_adapter(
        self, path: Path, device: torch.device
    ) -> tuple[FluxAdapter, FluxAdapterHeader]:
        """The adapter in a file, in float32, for more training or for a comparison.

        Raises `MissingWeights`, `WrongWeights`, and `WrongAdapter` if it was made for another
        model or for shorter prompts than this one's.
        """
        new = partial(FAMILIES[self.family].new_adapter, self.sizes.transformer)
        adapter, header = load_flux_adapter(path, self.id, new, device=device, dtype=torch.float32)
        words = len(self.prompt(header.text_tokens).text)
        if words > header.text_tokens:
            raise WrongAdapter(
                f"{path.name} takes prompts of {header.text_tokens} tokens, not {words}."
            )
        return adapter, header

    def run_as(self, trajectory: Trajectory, side: int, steps: int = 0) -> Trajectory:
        """`trajectory` with the sigmas that a restoration visits, whatever the size of a window.

        `side` is that of a tile in latent pixels, for models whose own is not in the catalogue;
        `steps` other than 0 replaces their number.
        """
        if self.spec is not None:
            side = self.spec.size.native // self.spec.latent_scale
        schedule = in_steps(trajectory.schedule, steps) if steps else trajectory.schedule
        return replace(trajectory, schedule=for_tokens(schedule, (side // PATCH) ** 2))

    def prompt(self, text_tokens: int) -> Prompt:
        """Its own, or where it has none a blank one of so many tokens.

        Raises `MissingWeights` or `WrongWeights`.
        """
        if self.spec is None:
            return FluxFolder(self.place).prompt
        own = next((file for file in self.spec.files if file.role == "prompt"), None)
        if own is not None:
            return load_prompt(self.place / own.path, self.family)
        sizes = self.sizes.transformer
        pooled = sizes.pooled_width if isinstance(sizes, Flux1Sizes) else None
        return blank_prompt(self.family, text_tokens, sizes.text_width, pooled)


def teachable(model: str, id: str, models: Path | None) -> Teachable:
    """The model in the folder `model`, to be called `id`, or the one the catalogue knows by it.

    The folder is one that the trainer wrote, or where files of the catalogue lie; `models` is where
    fetched ones are. Raises `MissingWeights` naming what there is, and `WrongWeights` for a model
    that is not of FLUX's kind.
    """
    folder = Path(model)
    if all((folder / name).exists() for name in (AUTOENCODER, CONFIGS[0])):
        return Teachable(
            id=id,
            family=flux1.FAMILY,
            sizes=FluxFolder(folder).sizes,
            place=folder,
            autoencoder_file=folder / AUTOENCODER,
        )
    spec, shelf = _listed(model, models)
    flux_family(spec)  # others are taught in another way
    variants = shelf.variants_here(spec)
    if not variants:
        remedy = f"Fetch it with “restorer models download {spec.id}”, or name its --models folder."
        raise MissingWeights(f"{spec.title} is not on this machine", remedy)
    plain = [name for name in variants if name in ("bf16", "f16")]
    variant = (plain or list(variants))[0]
    files = spec.files_of(variant)
    autoencoder = next(file for file in files if file.role == "autoencoder")
    return Teachable(
        id=spec.id,
        family=spec.family,
        sizes=shipped_sizes(spec),
        place=shelf.place(spec),
        autoencoder_file=shelf.place(spec) / autoencoder.path,
        spec=spec,
        variant=variant,
        variants=variants,
    )


def _listed(model: str, models: Path | None) -> tuple[BackboneSpec, Shelf]:
    """The model of the catalogue by its id, or by the folder in which its files lie."""
    folder, beside = Path(model).resolve(), Shelf(Path(model).resolve().parent)
    for spec in backbones():
        if spec.id == folder.name and spec.id != model and beside.place(spec).resolve() == folder:
            return spec, beside
    return find_backbone(model), Shelf(models)
