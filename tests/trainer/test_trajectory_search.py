from __future__ import annotations

import pytest
import torch
from torch import Tensor

from engine.diffusion.modulated import modulated
from engine.diffusion.sampling import sample
from engine.schedule import Schedule
from engine.trajectory import Trajectory
from tests.diffusion.oracles import leading_to, smooth
from trainer.flux.flow_loss import as_velocity
from trainer.steps.distil import DISTIL_WEIGHTS, distil_loss, distilled, states_at
from trainer.steps.step_allocation import allocate, jump_costs, teacher_path
from trainer.steps.trajectory_search import best_branch, latent_distance, lesson_loss, way_of

SIGMAS = (1.0, 0.75, 0.5, 0.25, 0.0)


def normal(seed: int, *shape: int) -> Tensor:
    rng = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=rng, dtype=torch.float64)


def search(clean: Tensor, count: int, at: int = 1):  # type: ignore[no-untyped-def]
    way = way_of(smooth, normal(0, 3, 4, 4, 4), SIGMAS)
    draws = [(1 + 0.2 * i, normal(10 + i, 3, 4, 4, 4)) for i in range(1, count + 1)]
    return way, draws, best_branch(smooth, way, SIGMAS, at, draws, clean)


def test_a_way_is_the_plain_sampling() -> None:
    way = way_of(smooth, normal(0, 3, 4, 4, 4), SIGMAS)
    assert len(way) == len(SIGMAS)
    assert torch.equal(way[-1], sample(smooth, way[0], SIGMAS))


def test_the_best_branch_is_the_one_that_ends_nearest() -> None:
    """Against trying all of them by hand, latent by latent."""
    clean = normal(5, 3, 4, 4, 4)
    way, draws, lesson = search(clean, 6)
    v = smooth(way[1], SIGMAS[1])
    branches = [way[2]]
    branches += [modulated(v, way[1], SIGMAS[1], SIGMAS[2], a, noise) for a, noise in draws]
    ends = torch.stack(
        [latent_distance(sample(smooth, branch, SIGMAS[2:]), clean) for branch in branches]
    )
    for latent, choice in enumerate(ends.argmin(0).tolist()):
        assert torch.equal(lesson.wanted[latent], branches[choice][latent])
        assert bool(lesson.better[latent]) == (choice > 0)
    assert bool(lesson.better.any())


def test_a_plain_way_that_ends_at_the_clean_latent_teaches_nothing() -> None:
    way, _, _ = search(normal(5, 3, 4, 4, 4), 0)
    _, _, lesson = search(way[-1], 6)
    assert not lesson.better.any()
    assert lesson_loss(lambda x, sigma: 100 * x, lesson).max() == 0


def test_a_lesson_is_learned_when_the_step_leads_to_the_better_way() -> None:
    _, _, lesson = search(normal(5, 3, 4, 4, 4), 6)
    ideal = (lesson.wanted - lesson.state) / (lesson.there - lesson.here)
    assert lesson_loss(lambda x, sigma: ideal, lesson).max() < 1e-28

    def untaught(x: Tensor, sigma: Tensor) -> Tensor:
        return smooth(x, float(sigma[0]))

    loss = lesson_loss(untaught, lesson)
    assert torch.equal(loss > 0, lesson.better)


def test_learning_a_lesson_brings_the_end_nearer() -> None:
    clean = normal(5, 3, 4, 4, 4)
    way, _, lesson = search(clean, 6)
    after = sample(smooth, lesson.wanted, SIGMAS[2:])
    assert (latent_distance(after, clean) <= latent_distance(way[-1], clean)).all()


def test_gradients_pass_through_a_whole_way() -> None:
    scale = torch.ones((), dtype=torch.float64, requires_grad=True)
    velocity = as_velocity(lambda x, sigma: scale * torch.tanh(x))
    end = way_of(velocity, normal(0, 1, 4), SIGMAS)[-1]
    latent_distance(end, torch.zeros_like(end)).sum().backward()
    assert scale.grad is not None
    assert scale.grad.abs() > 0


@pytest.mark.parametrize("steps", DISTIL_WEIGHTS)
def test_a_student_that_does_as_its_teacher_has_only_the_teachers_error(steps: int) -> None:
    clean = normal(5, 2, 4, 4, 4)
    states = [normal(seed, 2, 4, 4, 4) for seed in range(steps)]
    weights = DISTIL_WEIGHTS[steps]
    off = states[-1] - clean
    error = (off.square() if weights.squared else off.abs()).flatten(1).mean(1)
    assert torch.allclose(distil_loss(states, states, clean), weights.clean * error)
    assert distil_loss([*states[:-1], clean], [*states[:-1], clean], clean).max() == 0


@pytest.mark.parametrize(
    ("steps", "wanted"), [(1, 300 * 2 + 300 * 3), (2, 100 + 300 * 4 + 300 * 9)]
)
def test_distances_count_as_published(steps: int, wanted: float) -> None:
    student = [torch.ones(1, 4), torch.zeros(1, 4)][-steps:]
    teacher = [torch.zeros(1, 4), torch.full((1, 4), 2.0)][-steps:]
    clean = torch.full((1, 4), 3.0)
    assert distil_loss(student, teacher, clean).item() == pytest.approx(wanted)


def test_four_steps_count_three_middles() -> None:
    student = [torch.ones(1, 4)] * 3 + [torch.zeros(1, 4)]
    teacher = [torch.zeros(1, 4)] * 4
    assert distil_loss(student, teacher, torch.zeros(1, 4)).item() == pytest.approx(300)
    with pytest.raises(ValueError, match="1, 2, 4"):
        distil_loss(student[:3], teacher[:3], torch.zeros(1, 4))


def test_a_straight_teacher_is_distilled_without_training() -> None:
    """Few steps of the same network do as well, and each of the losses says so."""
    clean = normal(5, 2, 4, 8, 8)
    fine = tuple(1 - i / 20 for i in range(21))
    path = teacher_path(leading_to(clean), normal(0, 2, 4, 8, 8), fine)
    for steps in DISTIL_WEIGHTS:
        places = allocate(jump_costs(path), steps)
        sigmas = [fine[place] for place in places]
        student = way_of(leading_to(clean), path.states[0], sigmas)[1:]
        assert distil_loss(student, states_at(path, places), clean).max() < 1e-9


def test_a_students_trajectory_is_its_teachers_in_fewer_steps() -> None:
    teacher = Trajectory(start="degraded", schedule=Schedule(steps=20, start=0.9), renoise=0.2)
    student = distilled(teacher, (0.9, 0.1, 0.0))
    assert student.schedule.sigmas(4096) == (0.9, 0.1, 0.0)
    assert (student.start, student.renoise) == ("degraded", 0.0)
