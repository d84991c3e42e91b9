"""How little a light estimator may change is settled by what that costs."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine.diffusion.specialists.light_network import LightNetwork, LightSizes
from engine.resources import resource
from trainer.recipe import Chain, Range, Recipe, Step
from trainer.recipe_files import load_recipe
from trainer.specialists.light_doubt import settled_doubt

SIZES = LightSizes((4, 4, 4, 4), 8)


def _photos() -> list[NDArray[np.uint8]]:
    rng = np.random.default_rng(0)
    return [(rng.random((60, 80, 3)) * 200 + 20).astype(np.uint8) for _ in range(2)]


def _recipe(*stops: float) -> Recipe:
    """Pictures that are too dark by so many stops each."""
    recipe = load_recipe(resource("recipes", "light.toml")).only(["low-light"])
    fixed = {"curve": 0.0, "noise": 1e-5}
    chains = tuple(
        Chain(1, (Step("underexposed", _ranges({"stops": n, **fixed})),) if n else ())
        for n in stops
    )
    return replace(recipe, tasks=(replace(recipe.tasks[0], scene=(), chains=chains),))


def _ranges(values: dict[str, float]) -> tuple[tuple[str, Range], ...]:
    return tuple((name, Range(value, value)) for name, value in values.items())


def _brightening(stops: float) -> LightNetwork:
    """A network that makes every photo brighter by so many stops."""
    torch.manual_seed(0)
    network = LightNetwork(SIZES)
    network.settings.bias.data[9] = stops / 1.5  # the gain of all colours (`tone_of`)
    return network


def test_what_photos_do_not_need_is_doubted() -> None:
    doubt = settled_doubt(_brightening(0.1), _photos(), _recipe(0), 0)
    assert doubt == 16, "every change is for the worse"


def test_what_they_need_is_not() -> None:
    assert settled_doubt(_brightening(0.5), _photos(), _recipe(0.5), 0) < 16
    both = settled_doubt(_brightening(0.15), _photos(), _recipe(0.15), 0)
    assert both < settled_doubt(_brightening(0.15), _photos(), _recipe(0), 0)


@pytest.mark.parametrize("veil", [False, True])
def test_nothing_is_doubted_without_photos_or_tones(veil: bool) -> None:
    network = LightNetwork(replace(SIZES, veil=veil))
    assert settled_doubt(network, _photos() if veil else [], _recipe(0), 0) == 0
