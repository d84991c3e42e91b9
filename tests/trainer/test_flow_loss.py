from __future__ import annotations

import pytest
import torch
from torch import Tensor

from engine.diffusion.bridge import goub
from engine.diffusion.sampling import sample
from engine.schedule import Schedule
from engine.trajectory import Trajectory
from trainer.flux.flow_loss import (
    FlowPoint,
    as_velocity,
    draw_listed,
    draw_sigmas,
    flow_loss,
    flow_point,
    travelled_point,
    velocity_loss,
)

TRAJECTORIES = [
    Trajectory(),
    Trajectory(noise=0.0, degraded=1.0),
    Trajectory(noise=0.5, degraded=0.5),
    Trajectory(start="degraded", schedule=Schedule(start=0.6)),
    goub().trajectory(10),
]


def normal(seed: int, *shape: int) -> Tensor:
    rng = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=rng, dtype=torch.float64)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def batch(count: int = 4) -> tuple[Tensor, Tensor, Tensor]:
    clean, degraded, noise = (normal(seed, count, 4, 6, 6) for seed in range(3))
    return clean, degraded, noise


@pytest.mark.parametrize("trajectory", TRAJECTORIES)
@pytest.mark.parametrize("point_of", [flow_point, travelled_point])
def test_whoever_knows_the_clean_latent_has_no_loss(trajectory: Trajectory, point_of) -> None:  # type: ignore[no-untyped-def]
    clean, degraded, noise = batch()
    sigma = torch.tensor([0.1, 0.3, 0.5, 1.0], dtype=torch.float64)
    point = point_of(trajectory, clean, degraded, noise, sigma)

    def oracle(x: Tensor, sigma: Tensor) -> Tensor:
        return (x - clean) / sigma.reshape(-1, 1, 1, 1)

    loss = flow_loss(oracle, point, decode=lambda latent: latent.repeat(1, 2, 1, 1))
    assert loss.shape == (4,)
    assert loss.max() < 1e-12


def test_at_both_ends_the_state_is_the_end() -> None:
    clean, degraded, noise = batch(2)
    ends = torch.tensor([0.0, 1.0], dtype=torch.float64)
    point = flow_point(Trajectory(), clean, degraded, noise, ends)
    assert torch.equal(point.state[0], clean[0])
    assert torch.equal(point.state[1], noise[1])
    assert torch.equal(point.velocity, noise - clean)


@pytest.mark.parametrize("trajectory", TRAJECTORIES)
def test_training_states_are_those_the_sampler_passes(trajectory: Trajectory) -> None:
    """A sampler with perfect answers goes through the states of `travelled_point`."""
    clean, degraded, noise = batch(1)
    sigmas = trajectory.schedule.sigmas(9)
    states = [trajectory.first(noise, degraded)]
    sample(
        lambda x, sigma: (x - clean) / sigma,
        states[0],
        sigmas,
        watch=lambda visited: states.append(visited.state),
    )
    for sigma, state in zip(sigmas, states, strict=True):
        at = torch.tensor([sigma], dtype=torch.float64)
        point = travelled_point(trajectory, clean, degraded, noise, at)
        assert torch.allclose(point.state, state, atol=1e-12)


def test_a_start_at_the_far_end_travels_its_own_path() -> None:
    clean, degraded, noise = batch()
    sigma = torch.rand(4, generator=rng(), dtype=torch.float64)
    path = flow_point(Trajectory(), clean, degraded, noise, sigma)
    travelled = travelled_point(Trajectory(), clean, degraded, noise, sigma)
    assert torch.allclose(path.state, travelled.state, atol=1e-14)


def test_the_loss_is_velocity_error_plus_pixel_error() -> None:
    clean, degraded, noise = batch()
    sigma = torch.tensor([0.2, 0.4, 0.6, 0.8], dtype=torch.float64)
    point = flow_point(Trajectory(), clean, degraded, noise, sigma)

    def off_by_two(x: Tensor, sigma: Tensor) -> Tensor:
        return noise - clean + 2

    assert torch.allclose(velocity_loss(off_by_two, point), torch.tensor(4.0).double())
    both = flow_loss(off_by_two, point, decode=lambda latent: 3 * latent, weight=0.5)
    assert torch.allclose(both, 4 + 0.5 * 3 * 2 * sigma)


def test_gradients_reach_the_learner_through_the_decoder() -> None:
    clean, degraded, noise = batch()
    point = flow_point(Trajectory(), clean, degraded, noise, torch.full((4,), 0.5).double())
    weight = torch.ones((), dtype=torch.float64, requires_grad=True)
    flow_loss(lambda x, sigma: weight * x, point, decode=torch.tanh).mean().backward()
    assert weight.grad is not None
    assert weight.grad.abs() > 0


def test_losses_of_half_precision_are_computed_in_float32() -> None:
    clean, far = torch.zeros(1, 8).bfloat16(), torch.full((1, 8), 300.0).bfloat16()
    point = FlowPoint(clean, far, torch.tensor([0.5]))
    assert velocity_loss(lambda x, sigma: 0 * x, point).item() == 300.0**2


def test_sigmas_are_even_with_their_ends_met_exactly() -> None:
    """The ends get 1 in 22 each; five standard errors of 200,000 draws."""
    count, each = 200_000, 0.05 / 1.1
    sigmas = draw_sigmas(count, rng())
    off = 5 * (each * (1 - each) / count) ** 0.5
    assert float((sigmas == 0).double().mean()) == pytest.approx(each, abs=off)
    assert float((sigmas == 1).double().mean()) == pytest.approx(each, abs=off)
    inner = sigmas[(sigmas > 0) & (sigmas < 1)]
    counts = torch.histc(inner, 10, 0, 1) / len(inner)
    assert (counts - 0.1).abs().max() < 5 * (0.09 / len(inner)) ** 0.5
    assert torch.equal(draw_sigmas(10, rng()), draw_sigmas(10, rng()))


def test_sigmas_can_stop_at_a_later_start() -> None:
    sigmas = draw_sigmas(1000, rng(), top=0.6)
    assert sigmas.max() == pytest.approx(0.6)
    with pytest.raises(ValueError, match="margin"):
        draw_sigmas(3, rng(), margin=-1)


def test_a_few_step_network_is_asked_only_where_it_runs() -> None:
    schedule = Schedule(steps=4, shift=0.5)
    drawn = draw_listed(schedule.sigmas(1), 500, rng())
    assert set(drawn.tolist()) == {float(torch.tensor(s)) for s in schedule.sigmas(1)[:-1]}


def test_a_learner_can_be_sampled() -> None:
    velocity = as_velocity(lambda x, sigma: sigma.reshape(-1, 1) * torch.ones_like(x))
    assert torch.equal(velocity(torch.zeros(2, 3), 0.25), torch.full((2, 3), 0.25))


def test_one_sigma_for_each_latent() -> None:
    with pytest.raises(ValueError, match="one sigma"):
        FlowPoint(torch.zeros(2, 3), torch.zeros(2, 3), torch.zeros(1))
