from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.diffusion.sampling import Velocity, sample
from tests.diffusion.oracles import leading_to, smooth
from trainer.steps.step_allocation import (
    Costs,
    TeacherPath,
    allocate,
    allocated_schedule,
    jump_costs,
    mean_costs,
    teacher_path,
)

SIGMAS = (1.0, 0.9, 0.7, 0.4, 0.3, 0.1, 0.0)


def normal(seed: int, *shape: int) -> Tensor:
    rng = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=rng, dtype=torch.float64)


def path_of(velocity: Velocity, seed: int = 0) -> TeacherPath:
    return teacher_path(velocity, normal(seed, 2, 4, 8, 8), SIGMAS)


def cost_of(costs: Costs, way: tuple[int, ...]) -> float:
    return float(sum(costs[i, j] for i, j in pairwise(way)))


def test_a_straight_path_costs_nothing() -> None:
    costs = jump_costs(path_of(leading_to(normal(5, 2, 4, 8, 8))))
    jumps = np.triu_indices(len(SIGMAS), 1)
    assert costs[jumps].max() < 1e-12


def test_a_single_step_of_the_teacher_costs_nothing_and_backwards_is_no_way() -> None:
    costs = jump_costs(path_of(smooth))
    assert np.diag(costs, 1).max() < 1e-12
    assert np.isinf(costs[np.tril_indices(len(SIGMAS))]).all()
    assert costs[0, -1] > 0.01


def test_cost_is_the_error_of_the_jump_over_its_length() -> None:
    path = path_of(smooth)
    jump = path.states[1] + (SIGMAS[4] - SIGMAS[1]) * smooth(path.states[1], SIGMAS[1])
    error = (jump - path.states[4]).square().mean().sqrt() / (SIGMAS[1] - SIGMAS[4])
    assert jump_costs(path)[1, 4] == pytest.approx(float(error), rel=1e-12)


def test_the_teacher_is_the_plain_sampling() -> None:
    path = path_of(smooth)
    assert torch.equal(path.states[-1], sample(smooth, path.states[0], SIGMAS))
    assert len(path.velocities) == len(SIGMAS) - 1


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("steps", [1, 2, 3, 4, 8])
def test_allocation_is_as_cheap_as_the_best_of_all_ways(seed: int, steps: int) -> None:
    places = 9
    costs = np.full((places, places), np.inf)
    jumps = np.triu_indices(places, 1)
    costs[jumps] = np.random.default_rng(seed).random(len(jumps[0]))
    ways = [(0, *between, places - 1) for between in combinations(range(1, places - 1), steps - 1)]
    best = min(ways, key=lambda way: cost_of(costs, way))
    assert allocate(costs, steps) == best


def test_two_steps_are_the_best_split() -> None:
    costs = jump_costs(path_of(smooth))
    split = min(range(1, len(SIGMAS) - 1), key=lambda m: costs[0, m] + costs[m, -1])
    assert allocate(costs, 2) == (0, split, len(SIGMAS) - 1)


def test_small_steps_go_where_the_path_bends() -> None:
    """A path straight above 0.3 and bent below it: the large jump ends at the bend."""

    def velocity(x: Tensor, sigma: float) -> Tensor:
        return torch.ones_like(x) if sigma > 0.31 else torch.full_like(x, 10 * sigma)

    schedule = allocated_schedule(SIGMAS, jump_costs(path_of(velocity)), 3)
    assert schedule.sigmas(1) == (1.0, 0.3, 0.1, 0.0)


def test_as_many_steps_as_the_teacher_are_the_teachers() -> None:
    assert allocated_schedule(SIGMAS, jump_costs(path_of(smooth)), 6).sigmas(1) == SIGMAS


def test_several_paths_count_alike() -> None:
    paths = [path_of(smooth, seed) for seed in range(3)]
    jumps = np.triu_indices(len(SIGMAS), 1)
    each = [jump_costs(path)[jumps] for path in paths]
    assert mean_costs(paths)[jumps] == pytest.approx(np.mean(each, axis=0))
    with pytest.raises(ValueError, match="one path"):
        mean_costs([])


@pytest.mark.parametrize("steps", [0, 7])
def test_what_cannot_be_allocated_is_refused(steps: int) -> None:
    with pytest.raises(ValueError, match="steps"):
        allocate(jump_costs(path_of(smooth)), steps)
    with pytest.raises(ValueError, match="finite"):
        allocate(np.full((3, 3), np.inf), 1)


def test_a_path_has_a_state_for_each_sigma() -> None:
    with pytest.raises(ValueError, match="one state more"):
        TeacherPath((1.0, 0.0), (torch.zeros(1),), (torch.zeros(1),))
