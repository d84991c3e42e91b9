"""Sizes of FLUX networks from the configs that ship with the catalogue, in diffusers' words.

A descendant with other numbers is an entry in the catalogue with its configs, and no code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.diffusion.flux.flux_models import Flux1Sizes, Flux2Sizes, VaeSizes
from engine.diffusion.flux.patch_autoencoder import PatchSizes
from engine.errors import WrongWeights

_COUNTS = {
    "double": "num_layers",
    "single": "num_single_layers",
    "heads": "num_attention_heads",
    "head_width": "attention_head_dim",
    "channels": "in_channels",
    "text_width": "joint_attention_dim",
}
PATCH_CLASS = "PatchAutoencoder"
"""What configs of our own small autoencoder call it."""


@dataclass(frozen=True, slots=True)
class FluxSizes:
    """Both networks of a model."""

    transformer: Flux1Sizes | Flux2Sizes
    autoencoder: VaeSizes | PatchSizes


def read_sizes(transformer: Path, autoencoder: Path) -> FluxSizes:
    """The sizes that two config files describe; raises `WrongWeights` if they are not FLUX's."""
    return FluxSizes(_transformer(transformer), _autoencoder(autoencoder))


def _transformer(path: Path) -> Flux1Sizes | Flux2Sizes:
    config = _config(path)
    kind = config.get("_class_name")
    try:
        if kind == "FluxTransformer2DModel":
            return Flux1Sizes(
                **_counts(config),
                guided=bool(config["guidance_embeds"]),
                pooled_width=_number(config, "pooled_projection_dim"),
                axes=_three(_numbers(config, "axes_dims_rope")),
            )
        if kind == "Flux2Transformer2DModel":
            return Flux2Sizes(
                **_counts(config),
                guided=bool(config["guidance_embeds"]),
                axes=_four(_numbers(config, "axes_dims_rope")),
            )
    except (KeyError, TypeError, ValueError) as error:
        raise _unusable(path) from error
    raise WrongWeights(f"{path.name} describes a {kind}, which is no transformer of FLUX.")


def _counts(config: Mapping[str, object]) -> dict[str, int]:
    """The numbers that both families have."""
    return {name: _number(config, key) for name, key in _COUNTS.items()}


def _autoencoder(path: Path) -> VaeSizes | PatchSizes:
    config = _config(path)
    if config.get("_class_name") == PATCH_CLASS:
        return _patch(path, config)
    if config.get("_class_name") not in ("AutoencoderKL", "AutoencoderKLFlux2"):
        raise WrongWeights(f"{path.name} does not describe an autoencoder of FLUX.")
    plain = VaeSizes()
    try:
        return VaeSizes(
            latent_channels=_number(config, "latent_channels"),
            widths=_four(_numbers(config, "block_out_channels")),
            layers=_number(config, "layers_per_block"),
            groups=_number(config, "norm_num_groups"),
            scale=_fraction(config.get("scaling_factor", plain.scale)),
            shift=_fraction(config.get("shift_factor", plain.shift)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _unusable(path) from error


def _patch(path: Path, config: Mapping[str, object]) -> PatchSizes:
    counts = ("latent_channels", "near", "far", "near_blocks", "far_blocks")
    try:
        return PatchSizes(
            **{name: _number(config, name) for name in counts},
            scale=_fraction(config["scale"]),
            shift=_fraction(config["shift"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _unusable(path) from error


def _config(path: Path) -> Mapping[str, object]:
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _unusable(path) from error
    if not isinstance(config, dict):
        raise _unusable(path)
    return config


def _number(config: Mapping[str, object], name: str) -> int:
    value = config[name]
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{name} is {value!r}")
    return value


def _numbers(config: Mapping[str, object], name: str) -> list[int]:
    value = config[name]
    if not isinstance(value, list) or not all(isinstance(one, int) for one in value):
        raise ValueError(f"{name} is {value!r}")
    return value


def _three(values: list[int]) -> tuple[int, int, int]:
    first, second, third = values
    return first, second, third


def _four(values: list[int]) -> tuple[int, int, int, int]:
    first, second, third, fourth = values
    return first, second, third, fourth


def _fraction(value: object) -> float:
    if not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    return float(value)


def _unusable(path: Path) -> WrongWeights:
    return WrongWeights(f"The config {path.name} is damaged.", "Reinstall the program.")
