from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from engine.diffusion.backbone import Backbone, Conditioning, LatentSpec
from engine.diffusion.bridge import goub, ir_sde
from engine.diffusion.noise_field import NoiseField
from engine.diffusion.sampling import (
    SAMPLERS,
    Guidance,
    Visited,
    asked_sigmas,
    sample,
    sample_latent,
    velocity_of,
)
from engine.photo import Box
from engine.progress import Cancelled
from engine.schedule import Schedule
from engine.trajectory import Trajectory
from tests.diffusion.oracles import GaussianFlow, OracleBackbone, leading_to, smooth

TRAJECTORIES = {
    "flow": Trajectory(),
    "shifted flow": Trajectory(schedule=Schedule(steps=7, shift="flux1")),
    "photo to photo": Trajectory(noise=0.0, degraded=1.0),
    "half of each": Trajectory(noise=0.5, degraded=0.5),
    "noised degraded": Trajectory(start="degraded", schedule=Schedule(start=0.6)),
    "one step": Trajectory(start="degraded", schedule=Schedule(listed=(0.97, 0.0))),
    "goub": goub().trajectory(10),
    "ir-sde": ir_sde().trajectory(25),
    "above critical": goub().trajectory(20, renoise=0.3),
    "renoised flow": Trajectory(renoise=0.5),
}


def normal(seed: int, *shape: int, dtype: torch.dtype = torch.float64) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def picture(seed: int) -> Tensor:
    rng = torch.Generator().manual_seed(seed)
    return torch.rand(2, 3, 32, 48, generator=rng, dtype=torch.float64)


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("trajectory", TRAJECTORIES.values(), ids=TRAJECTORIES)
def test_whoever_knows_the_clean_picture_lands_on_it(trajectory: Trajectory, sampler: str) -> None:
    clean, degraded = picture(0), picture(1)
    backbone = OracleBackbone(clean)
    given = backbone.condition(degraded)
    restored = sample_latent(
        backbone, given, trajectory, lambda draw: normal(draw, 2, 192, 4, 6), sampler=sampler
    )
    assert (backbone.decode(restored) - clean).abs().max() < 1e-12


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("trajectory", TRAJECTORIES.values(), ids=TRAJECTORIES)
def test_what_will_be_asked_is_known_beforehand(trajectory: Trajectory, sampler: str) -> None:
    backbone = OracleBackbone(picture(0))
    given = backbone.condition(picture(1))
    sample_latent(
        backbone, given, trajectory, lambda draw: normal(draw, 2, 192, 4, 6), sampler=sampler
    )
    assert asked_sigmas(trajectory, 6, sampler) == tuple(backbone.asked)


def test_a_draft_is_started_from_in_place_of_the_degraded_latent() -> None:
    backbone = OracleBackbone(picture(0))
    trajectory = Trajectory(start="degraded", schedule=Schedule(steps=1, start=0.5))
    seen: list[Tensor] = []

    class Listening(OracleBackbone):
        def velocity(self, x: Tensor, sigma: Tensor, given: Conditioning) -> Tensor:
            seen.append(x)
            return super().velocity(x, sigma, given)

    noise, draft = normal(0, 2, 192, 4, 6), normal(1, 2, 192, 4, 6)
    sample_latent(
        Listening(picture(0)),
        backbone.condition(picture(1)),
        trajectory,
        lambda draw: noise,
        draft=draft,
    )
    assert torch.equal(seen[0], 0.5 * draft + 0.5 * noise)


def test_the_oracle_is_a_backbone() -> None:
    backbone: Backbone = OracleBackbone(picture(0))
    assert backbone.spec.multiple_of == 16
    assert backbone.spec.tokens(4, 6) == 6


def test_a_start_from_the_degraded_latent_holds_as_much_noise_as_the_schedule_says() -> None:
    degraded, noise = normal(0, 1, 4, 2, 2), normal(1, 1, 4, 2, 2)
    trajectory = Trajectory(start="degraded", schedule=Schedule(start=0.7))
    assert torch.equal(trajectory.first(noise, degraded), (1 - 0.7) * degraded + 0.7 * noise)
    assert torch.equal(Trajectory().first(noise, degraded), noise)


@pytest.mark.parametrize(("sampler", "order"), [("euler", 1), ("heun", 2), ("midpoint", 2)])
def test_solvers_have_the_order_they_claim(sampler: str, order: int) -> None:
    """Halving the steps divides the error by 2^order; down to 0.2, as Heun ends with Euler."""
    x = normal(3, 1, 2, 6, 6)

    def end(steps: int, name: str = sampler) -> Tensor:
        return sample(
            smooth, x, [1 - 0.8 * i / steps for i in range(steps + 1)], step=SAMPLERS[name]
        )

    truth = end(2000, "heun")
    errors = [float((end(steps) - truth).abs().max()) for steps in (50, 100)]
    assert math.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.15)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_solvers_follow_the_flow_of_normal_data(sampler: str) -> None:
    flow, noise = GaussianFlow(0.4, 0.6), normal(3, 50)
    sigmas = [1 - i / 200 for i in range(201)]
    end = sample(flow, noise, sigmas, step=SAMPLERS[sampler])
    assert (end - flow.solution(noise, 0.0)).abs().max() < 0.02


def test_all_solvers_agree_with_many_steps() -> None:
    x = normal(4, 2, 4, 8, 8)
    sigmas = [1 - i / 400 for i in range(401)]
    ends = [sample(smooth, x, sigmas, step=step) for step in SAMPLERS.values()]
    for end in ends[1:]:
        assert (end - ends[0]).abs().max() < 0.02


def test_no_solver_asks_at_zero() -> None:
    for step in SAMPLERS.values():
        asked: list[float] = []

        def velocity(x: Tensor, sigma: float, asked: list[float] = asked) -> Tensor:
            asked.append(sigma)
            return x

        sample(velocity, torch.zeros(1, 1), (1.0, 0.5, 0.0), step=step)
        assert min(asked) > 0


@pytest.mark.parametrize("steps", [1, 4, 28])
@pytest.mark.parametrize("tokens", [256, 4096])
def test_schedules_are_those_of_diffusers(steps: int, tokens: int) -> None:
    from diffusers.schedulers.scheduling_flow_match_euler_discrete import (
        FlowMatchEulerDiscreteScheduler,
    )

    from engine.schedule import SHIFTS

    for name, rule in SHIFTS.items():
        scheduler = FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True)
        even = [1 - i / steps for i in range(steps)]
        scheduler.set_timesteps(sigmas=even, mu=rule(tokens, steps), device="cpu")
        ours = Schedule(steps=steps, shift=name).sigmas(tokens)
        assert ours == pytest.approx(scheduler.sigmas.tolist(), abs=1e-6)


def test_the_state_is_kept_in_float32_for_a_network_of_half_precision() -> None:
    clean = normal(0, 1, 4, 4, 4).bfloat16()

    def half(x: Tensor, sigma: float) -> Tensor:
        return leading_to(clean)(x.bfloat16(), sigma)

    end = sample(half, normal(1, 1, 4, 4, 4).bfloat16(), [1 - i / 50 for i in range(51)])
    assert end.dtype == torch.float32
    assert (end - clean.float()).abs().max() < 0.05


def test_a_request_and_a_seed_fix_the_result() -> None:
    trajectory = TRAJECTORIES["above critical"]
    sigmas, field = trajectory.schedule.sigmas(1), NoiseField(7, 4)
    noise = field.seen_by(Box(0, 0, 8, 8), torch.device("cpu"))
    first, second = (
        sample(smooth, noise(0), sigmas, trajectory=trajectory, noise=noise) for _ in range(2)
    )
    other = NoiseField(8, 4).seen_by(Box(0, 0, 8, 8), torch.device("cpu"))
    third = sample(smooth, noise(0), sigmas, trajectory=trajectory, noise=other)
    assert torch.equal(first, second)
    assert not torch.equal(first, third)


def test_fresh_noise_has_to_come_from_somewhere() -> None:
    with pytest.raises(ValueError, match="fresh noise"):
        sample(smooth, torch.zeros(1, 4), (0.5, 0.0), trajectory=Trajectory(renoise=0.1))


def test_every_step_reports_and_can_be_cancelled() -> None:
    class Stop:
        def __init__(self) -> None:
            self.heard: list[float] = []

        def report(self, done: float, stage: str = "") -> None:
            self.heard.append(done)
            if done >= 0.5:
                raise Cancelled

    stop = Stop()
    with pytest.raises(Cancelled):
        sample(smooth, torch.zeros(1, 4), (1.0, 0.75, 0.5, 0.25, 0.0), stop)
    assert stop.heard == [0.0, 0.25, 0.5]


@pytest.mark.parametrize("poison", [math.nan, math.inf])
def test_a_network_that_loses_its_head_is_noticed_at_once(poison: float) -> None:
    def velocity(x: Tensor, sigma: float) -> Tensor:
        return torch.full_like(x, poison) if sigma < 0.6 else x

    with pytest.raises(FloatingPointError, match=r"0\.5000"):
        sample(velocity, torch.ones(1, 4), (1.0, 0.75, 0.5, 0.25, 0.0))


@pytest.mark.parametrize("step", SAMPLERS.values(), ids=SAMPLERS)
@pytest.mark.parametrize("renoise", [0.0, 0.4])
def test_a_watcher_sees_every_state_and_where_it_points(step, renoise: float) -> None:  # type: ignore[no-untyped-def]
    clean, seen = normal(0, 1, 4, 2, 2), list[Visited]()
    end = sample(
        leading_to(clean),
        normal(1, 1, 4, 2, 2),
        (1.0, 0.6, 0.2, 0.0),
        step=step,
        trajectory=Trajectory(renoise=renoise),
        noise=lambda draw: normal(draw, 1, 4, 2, 2),
        watch=seen.append,
    )
    assert [(v.index, v.sigma) for v in seen] == [(0, 0.6), (1, 0.2), (2, 0.0)]
    assert torch.equal(seen[-1].state, end)
    for visited in seen:
        assert torch.allclose(visited.clean, clean, atol=1e-12)


def guided_velocity(guided: str, guidance: Guidance | None, sigma: float) -> tuple[float, int]:
    """What a step adds to the oracle's velocity, with how many evaluations; prompts add 1, 3."""
    backbone = OracleBackbone(picture(0), guided)  # type: ignore[arg-type]
    given = backbone.condition(picture(1))
    negative = replace(given, prompt=given.prompt + 1)
    given = replace(given, prompt=given.prompt + 3, negative=negative)
    x = normal(5, 2, 192, 4, 6)
    plain = (x - backbone.clean) / sigma
    answer = velocity_of(backbone, given, guidance)(x, sigma)
    return float((answer - plain).mean()), len(backbone.asked)


def test_guidance_takes_a_second_evaluation_only_where_the_spec_says_so() -> None:
    assert guided_velocity("none", None, 0.5) == (pytest.approx(3), 1)
    assert guided_velocity("classifier-free", None, 0.5) == (pytest.approx(3), 1)
    assert guided_velocity("classifier-free", Guidance(1.0), 0.5) == (pytest.approx(3), 1)
    assert guided_velocity("classifier-free", Guidance(4.0), 0.5) == (pytest.approx(9), 2)
    assert guided_velocity("classifier-free", Guidance(4.0, below=0.4), 0.5) == (
        pytest.approx(3),
        1,
    )
    assert guided_velocity("distilled", Guidance(4.0), 0.5) == (pytest.approx(3), 1)


def test_guidance_of_a_distilled_network_is_its_input() -> None:
    backbone = OracleBackbone(picture(0), "distilled")
    given = backbone.condition(picture(1))
    velocity_of(backbone, given, Guidance(3.5))(normal(0, 2, 192, 4, 6), 0.5)
    assert backbone.told[0].guidance == 3.5


def test_guidance_that_cannot_be_is_refused() -> None:
    plain, guided = OracleBackbone(picture(0)), OracleBackbone(picture(0), "classifier-free")
    with pytest.raises(ValueError, match="takes no guidance"):
        velocity_of(plain, plain.condition(picture(1)), Guidance(4.0))
    with pytest.raises(ValueError, match="move away from"):
        velocity_of(guided, guided.condition(picture(1)), Guidance(4.0))


def test_no_spec_of_nonsense() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        LatentSpec(id="x", channels=16, scale=8, patch=0)


def test_noise_is_the_same_wherever_tiles_overlap() -> None:
    field = NoiseField(3, 16)
    whole = field.part(Box(0, 0, 150, 130), 0)
    part = field.part(Box(37, 50, 131, 129), 0)
    assert torch.equal(part, whole[:, :, 50:129, 37:131])
    assert not torch.equal(field.part(Box(37, 50, 131, 129), 1), part)
    corners = [whole[:, :, y : y + 50, x : x + 50] for y in (0, 64) for x in (0, 64)]
    assert len({float(corner.sum()) for corner in corners}) == 4
    assert whole.mean().abs() < 0.01
    assert whole.std() == pytest.approx(1, abs=0.01)
