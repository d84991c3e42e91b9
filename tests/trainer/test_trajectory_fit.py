from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from engine.diffusion.flux.flux1 import Flux1
from engine.diffusion.flux.flux_adapter import FluxAdapter
from engine.diffusion.flux.flux_adapter_files import read_header
from engine.errors import WrongAdapter
from engine.progress import Cancelled, Silent
from engine.schedule import Schedule
from engine.trajectory import Trajectory
from tests.diffusion import tiny_flux
from tests.trainer.flux_folder import NOISED, FluxFiles, flux_files, pool, steering, write_adapter
from trainer.cli import main
from trainer.flux.flow_fit import FlowPlan, drawn, steered, train_adapter
from trainer.flux.flow_loss import as_velocity
from trainer.flux.latent_pool import LatentPool
from trainer.loop import Pace
from trainer.steps.trajectory_fit import (
    REWARD,
    Search,
    check_ways,
    first_state,
    searched,
    train_trajectory,
)
from trainer.steps.trajectory_search import latent_distance, lesson_loss, way_of

PLAN = FlowPlan(tokens=16, sides=(4,))
PACE = Pace(steps=15, learning_rate=2e-2, warm_up=2, average=0.9, log_every=2)
SIGMAS = NOISED.schedule.sigmas(0)


def test_lessons_alone_lead_a_wrong_velocity_to_the_right_one() -> None:
    """The way to the clean latent is known: straight. A learner that drifts finds back to it."""
    clean, rng = torch.zeros(64, 1), torch.Generator().manual_seed(0)
    first = torch.full((64, 1), 0.5)
    drift = torch.tensor(0.6, requires_grad=True)

    def predict(x: Tensor, sigma: Tensor) -> Tensor:
        return 1 + drift + 0 * x

    def end() -> float:
        with torch.no_grad():
            return float(way_of(as_velocity(predict), first, SIGMAS)[-1].abs().mean())

    before = end()
    optimiser = torch.optim.SGD([drift], 2.0)
    for _ in range(60):
        way = way_of(as_velocity(predict), first, SIGMAS)
        optimiser.zero_grad()
        lesson_loss(predict, searched(predict, way, SIGMAS, clean, 4, rng)).mean().backward()
        optimiser.step()
    assert before == pytest.approx(0.3)
    assert end() < 0.3 * before


def _cast() -> LatentPool:
    """Pairs whose drafts are off by a cast; the degraded latents tell where the way has to lead."""
    known = pool()
    return LatentPool(known.clean, known.degraded, known.clean + 1)


def _ended(model: Flux1, adapter: FluxAdapter) -> float:
    """How far from the clean latents an adapter's way ends, for noise that no training saw."""
    model.adapter, plan, found = adapter, replace(PLAN, seed=99), []
    for step in range(4):
        seen, rng = drawn(_cast(), plan, step, model)
        first = first_state(NOISED, seen, rng)
        with torch.no_grad():
            velocity = as_velocity(steered(model, seen.degraded))
            end = way_of(velocity, first, SIGMAS)[-1]
        found.append(float(latent_distance(end, seen.clean).mean()))
    return sum(found) / len(found)


def test_an_adapter_learns_from_its_ways_what_the_ordinary_loss_never_shows(
    tmp_path: Path,
) -> None:
    """On the path from noise there is no cast; on the ways from the drafts there is."""
    model, plan = tiny_flux.tiny_flux1(), replace(PLAN, travelled=0.0)
    order = NOISED, _cast(), plan
    plain = train_adapter(model, steering(), *order, PACE, tmp_path / "plain", Silent())
    found = train_trajectory(
        model, steering(), *order, Search(), PACE, tmp_path / "found", Silent()
    )
    ends = [_ended(model, adapter) for adapter in (steering(), plain, found)]
    assert ends[2] < 0.95 * ends[1] < 0.95 * ends[0]


def test_memory_is_saved_without_another_result(tmp_path: Path) -> None:
    def trained(search: Search) -> dict[str, Tensor]:
        pace = replace(PACE, steps=3)
        run = tmp_path / str(search.save_memory)
        model = tiny_flux.tiny_flux1()
        return train_trajectory(
            model, steering(), NOISED, pool(), PLAN, search, pace, run, Silent()
        ).state_dict()

    plain, saving = trained(Search()), trained(Search(save_memory=True))
    assert all(torch.allclose(plain[name], saving[name], atol=1e-6) for name in plain)


def test_a_way_starts_from_the_draft_as_a_restoration_does() -> None:
    seen, rng = drawn(pool(), PLAN, 0, tiny_flux.tiny_flux1())
    state = copy.copy(rng.get_state())
    first = first_state(NOISED, seen, rng)
    rng.set_state(state)
    noise = torch.randn(seen.clean.shape, generator=rng)
    assert torch.equal(first, 0.5 * seen.draft + 0.5 * noise)
    rng.set_state(state)
    assert torch.equal(first_state(Trajectory(), seen, rng), noise)


@pytest.mark.parametrize(
    ("trajectory", "said"),
    [
        (Trajectory(schedule=Schedule(steps=1)), "only one way"),
        (Trajectory(renoise=0.2), "plain noise"),
        (Trajectory(noise=0.5, degraded=1.0), "plain noise"),
    ],
)
def test_trajectories_without_other_ways_are_refused(trajectory: Trajectory, said: str) -> None:
    with pytest.raises(WrongAdapter, match=said):
        check_ways(trajectory)


@pytest.fixture
def files(tmp_path: Path) -> FluxFiles:
    return flux_files(tmp_path)


@pytest.fixture
def order(files: FluxFiles, tmp_path: Path) -> list[str]:
    made = ["--model", str(files.model), "--pool", str(files.pool), "--start", str(files.adapter)]
    seen = ["--device", "cpu", "--sides", "4", "--tokens", "8", "--steps", "2"]
    run = ["--run", str(tmp_path / "run"), "--out", str(tmp_path / "new" / "out.safetensors")]
    return ["trajectory", *made, *seen, *run]


def test_the_new_file_runs_like_the_old_one_and_says_what_it_was_taught(
    order: list[str], files: FluxFiles, tmp_path: Path
) -> None:
    out = tmp_path / "new" / "out.safetensors"
    assert main([*order, "--branches", "1", "--save-memory"]) == 0
    before, after = read_header(files.adapter), read_header(out)
    assert replace(after, taught="") == before
    assert after.taught == f"reinforced by the best of 2 ways, reward: {REWARD}"
    again = ["--start", str(out), "--run", str(tmp_path / "again")]
    assert main([*order, *again]) == 0
    more = f"reinforced by the best of 3 ways, reward: {REWARD}"
    assert read_header(out).taught == f"{after.taught}; {more}"


def test_an_interrupted_training_ends_where_an_uninterrupted_one_does(tmp_path: Path) -> None:
    class Stops:
        def report(self, done: float, stage: str = "") -> None:
            if stage == "step 2":
                raise Cancelled

    def trained(run: str, progress: Silent | Stops) -> dict[str, Tensor]:
        pace, model = replace(PACE, steps=4), tiny_flux.tiny_flux1()
        return train_trajectory(
            model, steering(), NOISED, pool(), PLAN, Search(), pace, tmp_path / run, progress
        ).state_dict()

    whole = trained("whole", Silent())
    with pytest.raises(Cancelled):
        trained("broken", Stops())
    resumed = trained("broken", Silent())
    assert all(torch.equal(value, resumed[name]) for name, value in whole.items())


def test_what_does_not_go_together_is_a_sentence(
    order: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other, short, none = (tmp_path / f"{name}.safetensors" for name in ("other", "short", "none"))
    write_adapter(other, NOISED, "flux1-schnell")
    write_adapter(short, replace(NOISED, schedule=Schedule(steps=1, start=0.5)))
    for start, said in (
        (other, "made for flux1-schnell, not for flux-nano"),
        (short, "only one way to go"),
        (none, "The adapter none.safetensors is missing"),
        (tmp_path / "pool.st", "does not hold an adapter"),
    ):
        assert main([*order, "--start", str(start)]) == 1
        assert said in capsys.readouterr().err


@pytest.mark.parametrize("option", ["branches=0", "steps=0", "learning-rate=0"])
def test_a_number_that_cannot_be_is_wrong_usage(order: list[str], option: str) -> None:
    with pytest.raises(SystemExit) as end:
        main([*order, f"--{option}"])
    assert end.value.code == 2
