from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from engine.diffusion.modulated import (
    drawn_overshoot,
    modulated,
    modulated_at,
    overshoot_limit,
)
from engine.diffusion.sampling import euler, sample
from engine.trajectory import renoised
from tests.diffusion.oracles import GaussianFlow, leading_to, smooth

COUNT = 400_000
MEAN_OFF = 5 / math.sqrt(COUNT)
"""Five standard errors of a mean, in units of the deviation: one false alarm in a million."""
DEVIATION_OFF = 5 / math.sqrt(2 * COUNT)
"""The same for a deviation."""


def normal(seed: int, *shape: int) -> Tensor:
    rng = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=rng, dtype=torch.float64)


STEPS = [(1.0, 0.9), (0.9, 0.6), (0.6, 0.5), (0.5, 0.3), (0.3, 0.05), (0.1, 0.05)]


@pytest.mark.parametrize(("here", "there"), STEPS)
@pytest.mark.parametrize("overshoot", [1.0, 1.5, 2.0, 5.0])
def test_the_marginal_is_kept(here: float, there: float, overshoot: float) -> None:
    """N((1 - s) clean, s^2) after the step, for the ideal velocity."""
    overshoot = min(overshoot, overshoot_limit(here, there))
    clean, far = 0.7, normal(0, COUNT)
    z = modulated(
        far - clean, (1 - here) * clean + here * far, here, there, overshoot, normal(1, COUNT)
    )
    assert float(z.mean()) == pytest.approx((1 - there) * clean, abs=MEAN_OFF * there)
    assert float(z.std()) == pytest.approx(there, rel=DEVIATION_OFF)


@pytest.mark.parametrize(("here", "there"), STEPS)
def test_it_is_the_published_formula(here: float, there: float) -> None:
    x, v, e = normal(0, 9), normal(1, 9), normal(2, 9)
    stride = here - there
    for overshoot in (1.2, 1.9, 3.0):
        reached = here - overshoot * stride
        squared = there**2 * (1 - reached) ** 2 / (1 - there) ** 2 - reached**2
        if overshoot > overshoot_limit(here, there):
            assert squared < 0
            continue
        rescaled = (1 - reached) + math.sqrt(reached**2 + squared)
        published = (x - overshoot * stride * v - math.sqrt(squared) * e) / rescaled
        ours = modulated(v, x, here, there, overshoot, -e)
        assert torch.allclose(ours, published, atol=1e-12)


def test_without_overshoot_it_is_euler() -> None:
    x = normal(0, 5)
    step = modulated(smooth_of(x), x, 0.8, 0.5, 1.0, normal(1, 5))
    assert torch.equal(step, x + (0.5 - 0.8) * smooth_of(x))


def smooth_of(x: Tensor) -> Tensor:
    return torch.tanh(2 * x) - x


@pytest.mark.parametrize(("here", "there"), [(0.3, 0.2), (0.2, 0.05), (0.45, 0.4), (0.6, 0.49)])
def test_the_limit_is_where_no_noise_is_left_to_add(here: float, there: float) -> None:
    limit = overshoot_limit(here, there)
    x, v = normal(0, 5), normal(1, 5)
    one, other = (modulated(v, x, here, there, limit, normal(seed, 5)) for seed in (2, 3))
    assert torch.allclose(one, other, atol=1e-5)
    with pytest.raises(ValueError, match="overshoot"):
        modulated(v, x, here, there, limit * 1.001, x)
    with pytest.raises(ValueError, match="overshoot"):
        modulated(v, x, here, there, 0.999, x)
    with pytest.raises(ValueError, match="fresh noise"):
        renoised(x, here - 1.001 * limit * (here - there), there, x)


def test_any_overshoot_will_do_in_the_noisy_half_and_none_at_the_end() -> None:
    assert overshoot_limit(1.0, 0.5) == math.inf
    assert overshoot_limit(0.4, 0.0) == 1.0
    assert drawn_overshoot(0.4, 0.0, 0.7) == 1.0
    assert drawn_overshoot(0.9, 0.7, 0.7) == 1.7
    with pytest.raises(ValueError, match="leads down"):
        overshoot_limit(0.3, 0.3)


@pytest.mark.parametrize(("steps", "share"), [(4, 1.0), (20, 0.3), (20, 1.0)])
def test_a_whole_way_of_modulated_steps_still_lands_on_the_clean_latent(
    steps: int, share: float
) -> None:
    clean, x = normal(0, 30), normal(1, 30)
    for index in range(steps):
        here, there = 1 - index / steps, 1 - (index + 1) / steps
        overshoot = drawn_overshoot(here, there, share)
        x = modulated(leading_to(clean)(x, here), x, here, there, overshoot, normal(2 + index, 30))
    assert (x - clean).abs().max() < 1e-12


def marginal_after(flow: GaussianFlow, steps: int, share: float) -> tuple[float, float]:
    """Mean and deviation of a whole way on normal data, exactly: each step is linear in state and
    noise, x' = a x + b + c e."""
    mean, variance = 0.0, 1.0
    x, e = torch.tensor([0.0, 1.0, 0.0]).double(), torch.tensor([0.0, 0.0, 1.0]).double()
    for index in range(steps):
        here, there = 1 - index / steps, 1 - (index + 1) / steps
        overshoot = drawn_overshoot(here, there, share)
        b, ab, cb = modulated(flow(x, here), x, here, there, overshoot, e).tolist()
        mean, variance = (ab - b) * mean + b, (ab - b) ** 2 * variance + (cb - b) ** 2
    return mean, math.sqrt(variance)


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_with_a_learned_velocity_the_error_shrinks_with_the_step_as_for_euler(
    share: float,
) -> None:
    flow = GaussianFlow(0.4, 0.6)
    off = [abs(marginal_after(flow, steps, share)[1] - 0.6) for steps in (400, 800, 1600)]
    assert off[0] / off[1] == pytest.approx(2, rel=0.05)
    assert off[1] / off[2] == pytest.approx(2, rel=0.05)
    assert off[2] < 0.003
    assert marginal_after(flow, 1600, share)[0] == pytest.approx(0.4, abs=0.003)


def test_one_step_of_a_sampling_can_be_modulated() -> None:
    x, noise, sigmas = normal(0, 1, 4, 4, 4), normal(1, 1, 4, 4, 4), (1.0, 0.75, 0.5, 0.25, 0.0)
    at_third = sample(smooth, x, sigmas, step=modulated_at(0.5, 1.4, noise))
    middle = sample(smooth, x, sigmas[:3])
    branched = modulated(smooth(middle, 0.5), middle, 0.5, 0.25, 1.4, noise)
    assert torch.equal(at_third, euler(smooth, branched, 0.25, 0.0))
