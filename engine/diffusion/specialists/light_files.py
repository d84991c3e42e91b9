"""A light estimator's file: safetensors whose header says what it is."""

from __future__ import annotations

import json
from pathlib import Path

from engine.diffusion.specialists.light_estimator import LightEstimator
from engine.diffusion.specialists.light_network import LightNetwork, LightSizes
from engine.diffusion.weight_files import read_module, save_module
from engine.errors import WrongWeights

_KIND = "restorer-light-estimator"


def save_light(estimator: LightEstimator, path: Path, *, recipe: str, licence: str) -> None:
    """Write the estimator, its large convolutions in 8 bits, which pictures do not show (model
    card, "what was tried"); an older file is replaced at the end."""
    network = estimator.network
    header = {
        "kind": _KIND,
        "task": estimator.task,
        "doubt": str(estimator.doubt),
        "contrast": str(estimator.contrast),
        "widths": json.dumps(list(network.sizes.widths)),
        "hidden": str(network.sizes.hidden),
        "veil": json.dumps(network.sizes.veil),
        "shade": json.dumps(network.sizes.shade),
        "recipe": recipe,
        "licence": licence,
    }
    save_module(network, path, header, eight_bit=True)


def load_light(path: Path, then: LightEstimator | None = None) -> LightEstimator:
    """Read an estimator, behind which `then` lifts shadows; raises `MissingWeights` or
    `WrongWeights`."""
    header, tensors = read_module(path)
    if header.get("kind") != _KIND:
        raise WrongWeights(f"{path.name} does not hold a light estimator.")
    try:
        network = LightNetwork(_sizes(header))
        network.load_state_dict(tensors)
        doubt, contrast = (float(header.get(name, "0")) for name in ("doubt", "contrast"))
        return LightEstimator(network, header["task"], doubt, contrast, then)
    except (KeyError, ValueError, TypeError, RuntimeError) as error:
        raise WrongWeights(f"{path.name} is not a usable light estimator.") from error


def _sizes(header: dict[str, str]) -> LightSizes:
    return LightSizes(
        tuple(json.loads(header["widths"])),
        int(header["hidden"]),
        header["veil"] == "true",
        header.get("shade") == "true",
    )
