from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from engine.diffusion.bridge import BRIDGES, Bridge, goub, ir_sde
from engine.diffusion.sampling import Noise, Velocity, sample
from engine.trajectory import state_at
from tests.diffusion.oracles import leading_to, smooth

STARTS = {"goub": 99, "ir-sde": 100}


def normal(seed: int, *shape: int) -> Tensor:
    rng = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=rng, dtype=torch.float64)


def as_published(
    bridge: Bridge, velocity: Velocity, degraded: Tensor, noise: Noise, renoise: float
) -> Tensor:
    """IRBridge's own loop: there and back at every index, with the bridge's state in between."""
    x = bridge.first(bridge.last, degraded, noise(0))
    for step, index in enumerate(range(bridge.last, 0, -1)):
        critical = bridge.critical(index)
        sigma = critical + renoise * (1 - critical)
        z = bridge.forward(x, index, degraded, sigma, noise(step + 1))
        x = bridge.reverse(z, sigma, velocity(z, sigma), index - 1, degraded)
    return x


@pytest.mark.parametrize("name", BRIDGES)
@pytest.mark.parametrize("velocity", [smooth, leading_to(normal(9, 2, 4, 8, 8))])
def test_at_the_critical_time_a_bridge_is_euler_on_another_grid(
    name: str, velocity: Velocity
) -> None:
    bridge, degraded, noise = BRIDGES[name](), normal(0, 2, 4, 8, 8), normal(1, 2, 4, 8, 8)
    assert bridge.last == STARTS[name]
    trajectory = bridge.trajectory()
    there = as_published(bridge, velocity, degraded, lambda draw: noise, 0.0)
    here = sample(velocity, trajectory.first(noise, degraded), trajectory.schedule.sigmas(16))
    assert (there - here).abs().max() < 1e-10


@pytest.mark.parametrize("name", BRIDGES)
def test_above_the_critical_time_it_is_euler_with_fresh_noise(name: str) -> None:
    bridge, degraded = BRIDGES[name](), normal(0, 2, 4, 8, 8)
    trajectory = bridge.trajectory(renoise=0.2)

    def noise(draw: int) -> Tensor:
        return normal(draw + 10, 2, 4, 8, 8)

    there = as_published(bridge, smooth, degraded, noise, 0.2)
    here = sample(
        smooth,
        trajectory.first(noise(0), degraded),
        trajectory.schedule.sigmas(16),
        trajectory=trajectory,
        noise=noise,
    )
    assert (there - here).abs().max() < 1e-10
    assert (there - as_published(bridge, smooth, degraded, noise, 0.0)).abs().max() > 1e-3


def test_the_identity_survives_float32() -> None:
    bridge, degraded, noise = goub(), normal(0, 2, 4, 8, 8).float(), normal(1, 2, 4, 8, 8).float()
    trajectory = bridge.trajectory()
    there = as_published(bridge, smooth, degraded, lambda draw: noise, 0.0)
    here = sample(smooth, trajectory.first(noise, degraded), trajectory.schedule.sigmas(16))
    assert (there - here).abs().max() < 1e-4


@pytest.mark.parametrize("index", [10, 50, 90])
@pytest.mark.parametrize("above", [0.0, 0.1, 0.6])
def test_a_bridge_state_becomes_a_flow_state(index: int, above: float) -> None:
    """Mean (1 - s) clean and deviation s, within five standard errors of 400,000 draws."""
    bridge, clean, degraded, count = goub(), 0.8, -1.5, 400_000
    f, sig = bridge.kept[index], bridge.spread[index]
    x = f * clean + (1 - f) * degraded + sig * normal(index, count)
    sigma = bridge.critical(index) + above * (1 - bridge.critical(index))
    y = torch.full((count,), degraded, dtype=torch.float64)
    z = bridge.forward(x, index, y, sigma, normal(index + 1, count))
    assert float(z.mean()) == pytest.approx((1 - sigma) * clean, abs=5 * sigma / count**0.5)
    assert float(z.std()) == pytest.approx(sigma, rel=5 / (2 * count) ** 0.5)


@pytest.mark.parametrize("above", [0.0, 0.4])
def test_there_and_back_without_a_step_changes_nothing(above: float) -> None:
    """With the true velocity, the bridge's state keeps its clean latent and, at the critical time,
    its noise."""
    bridge, clean, degraded, noise = goub(), normal(0, 50), normal(1, 50), normal(2, 50)
    index = 40
    f, sig = bridge.kept[index], bridge.spread[index]
    x = f * clean + (1 - f) * degraded + sig * noise
    sigma = bridge.critical(index) + above * (1 - bridge.critical(index))
    z = bridge.forward(x, index, degraded, sigma, normal(3, 50))
    far = (z - (1 - sigma) * clean) / sigma
    assert torch.allclose(z, state_at(clean, far, sigma))
    back = bridge.reverse(z, sigma, far - clean, index, degraded)
    assert torch.allclose(back, f * clean + (1 - f) * degraded + sig * far, atol=1e-12)
    assert torch.allclose(far, noise, atol=1e-12) == (above == 0)


def test_below_the_critical_time_there_is_no_way() -> None:
    bridge, x = goub(), torch.zeros(3)
    with pytest.raises(ValueError, match="not in"):
        bridge.forward(x, 50, x, bridge.critical(50) - 0.01, x)
    with pytest.raises(ValueError, match="not in"):
        bridge.forward(x, 50, x, 1.01, x)


def test_the_coefficients_are_the_published_ones() -> None:
    """Worked numbers for the settings of the official GOUB code."""
    bridge = goub()
    kept = {10: 0.985, 50: 0.361, 70: 0.091, 90: 0.012}
    critical = {10: 0.020, 30: 0.088, 50: 0.233, 70: 0.563, 90: 0.900, 99: 0.980}
    for index, value in kept.items():
        assert bridge.kept[index] == pytest.approx(value, abs=5e-4)
    for index, value in critical.items():
        assert bridge.critical(index) == pytest.approx(value, abs=1e-3)
    assert ir_sde().kept[100] == pytest.approx(0.005)
    assert ir_sde().spread[100] == pytest.approx(30 / 255, rel=1e-4)


@pytest.mark.parametrize("name", BRIDGES)
def test_critical_times_rise_from_zero(name: str) -> None:
    bridge = BRIDGES[name]()
    times = [bridge.critical(index) for index in range(bridge.last + 1)]
    assert times[0] == 0
    assert times == sorted(set(times))
    assert times[-1] < 1


def test_a_bridge_in_few_steps_visits_some_of_its_indices() -> None:
    bridge = goub()
    trajectory = bridge.trajectory(4, first=80)
    wanted = [bridge.critical(index) for index in (80, 60, 40, 20, 0)]
    assert list(trajectory.schedule.sigmas(1)) == wanted
    assert trajectory.start == "degraded"
    for steps, first in [(0, 10), (11, 10), (5, 100)]:
        with pytest.raises(ValueError, match="steps"):
            bridge.trajectory(steps, first)


def test_the_end_without_clean_latent_is_not_part_of_a_bridge() -> None:
    with pytest.raises(ValueError, match="left out"):
        Bridge((1.0, 0.5, 0.0), (0.0, 0.1, 0.0))
    with pytest.raises(ValueError, match="clean latent"):
        Bridge((0.9, 0.5), (0.0, 0.1))
    with pytest.raises(ValueError, match="as many"):
        Bridge((1.0,), (0.0,))
    with pytest.raises(ValueError, match="2 steps"):
        goub(1)


@pytest.mark.parametrize("name", BRIDGES)
def test_a_hair_above_the_critical_time_there_is_a_way(name: str) -> None:
    bridge, x, noise = BRIDGES[name](), normal(0, 3), normal(1, 3)
    for index in range(1, bridge.last + 1):
        critical = bridge.critical(index)
        expected = bridge.forward(x, index, noise, critical, noise)
        for above in (1e-17, 1e-16, 1e-15):
            sigma = max(critical + above, math.nextafter(critical, 1))
            found = bridge.forward(x, index, noise, sigma, noise)
            assert torch.allclose(found, expected, atol=1e-6)
