import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from engine.diffusion.specialists.light_files import load_light
from engine.diffusion.specialists.light_network import LightNetwork, LightSizes
from engine.errors import WrongWeights
from engine.progress import Silent
from engine.resources import resource
from tests.trainer.test_recipe import _photos
from trainer.cli import main
from trainer.loop import Pace
from trainer.pairs import decoded_photos
from trainer.recipe import Recipe
from trainer.recipe_files import load_recipe
from trainer.specialists.light_fit import LightPlan, light_loss, parted, sizes_for, train_light
from trainer.specialists.light_pairs import LightPairs, well_lit

TASKS = ("dehaze", "low-light", "old-photo")
STEPS = {
    "dehaze": '{ use = "veil", density = [1.0, 2.0], airlight = 0.9, glow = 0.0 }',
    "low-light": '{ use = "underexposed", stops = [2, 4], curve = 0.0, noise = 0.0002 }',
    "old-photo": '{ use = "bleached", loss = [0.4, 0.6], uneven = 0.3, stain = 0.15 }',
}


def _recipe(task: str, size: int = 32) -> Recipe:
    recipe = load_recipe(resource("recipes", "light.toml")).only([task])
    return replace(recipe, size=size, batch=4)


def _hard(tmp_path: Path, task: str) -> Recipe:
    """Damage that always needs to be undone, so that a few steps show."""
    path = tmp_path / "hard.toml"
    path.write_text(
        f"size = 32\nbatch = 4\n[tasks.{task}]\nshare = 1\n"
        f"[[tasks.{task}.chains]]\nsteps = [{STEPS[task]}]\n",
        encoding="utf-8",
    )
    return load_recipe(path)


def _made(count: int = 3) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [cv2.resize(rng.integers(0, 256, (6, 8, 3), np.uint8), (160, 120)) for _ in range(count)]


@pytest.mark.parametrize("task", TASKS)
def test_pairs_replay_and_keep_to_one_shape(task: str) -> None:
    pairs, again = (LightPairs(_made(), _recipe(task), 3) for _ in range(2))
    shapes = set()
    for index in range(6):
        batch, same = pairs.batch(index), again.batch(index)
        assert np.array_equal(batch.degraded, same.degraded)
        assert batch.degraded.shape == batch.clean.shape
        height, width = batch.clean.shape[2:]
        assert max(height, width) == 32
        assert height % 16 == width % 16 == 0
        assert batch.degraded.min() >= 0
        assert batch.degraded.max() <= 1
        assert batch.transmission.shape == (4, 1, height, width)
        assert batch.airlight.shape == (4, 3, height, width)
        assert task == "dehaze" or batch.transmission.min() == 1
        shapes.add((height, width))
    assert len(shapes) > 1
    assert not np.array_equal(pairs.batch(0).clean, pairs.batch(1).clean)


@pytest.mark.parametrize("task", TASKS)
def test_training_learns(task: str, tmp_path: Path) -> None:
    recipe = _hard(tmp_path, task)
    plan = LightPlan(
        recipe=recipe,
        run=tmp_path / "run",
        pace=Pace(steps=50, learning_rate=6e-3, warm_up=2, average=0.9),
        sizes=LightSizes((6, 8, 8, 8), 16, sizes_for(task).veil),
        device="cpu",
    )
    trained = train_light(_made(), plan, Silent())
    assert isinstance(trained, LightNetwork)
    fresh = LightNetwork(plan.sizes)
    test = LightPairs(_made(), recipe, seed=99)
    cpu = torch.device("cpu")
    with torch.no_grad():
        before, after = (
            np.mean(
                [float(light_loss(network.eval(), test.batch(i), cpu, 0.05)[0]) for i in range(8)]
            )
            for network in (fresh, trained)
        )
    assert after < 0.9 * before


def test_the_network_is_told_which_haze_there_was() -> None:
    batch = LightPairs(_made(), _recipe("dehaze"), 3).batch(0)
    batch = replace(batch, known=np.ones(4, np.float32))
    network = LightNetwork(LightSizes((4, 4, 4, 4), 8, veil=True)).eval()
    cpu = torch.device("cpu")
    with torch.no_grad():
        light = network(torch.from_numpy(batch.degraded))
        assert light.veil is not None
        seen = torch.from_numpy(batch.degraded)
        found, air = light.veil.transmission(seen).numpy(), light.veil.air(seen).numpy()
        told, other, unknown = (
            float(light_loss(network, b, cpu, 0.05)[0])
            for b in (
                replace(batch, transmission=found, airlight=air),
                replace(batch, transmission=0.5 * found),
                replace(batch, known=np.zeros(4, np.float32)),
            )
        )
    assert told == pytest.approx(unknown, abs=1e-5)
    assert other > told + 0.5


def test_a_training_replays_by_its_seed(tmp_path: Path) -> None:
    def trained(run: str, seed: int) -> LightNetwork:
        plan = LightPlan(
            recipe=_recipe("old-photo"),
            run=tmp_path / run,
            pace=Pace(steps=4, learning_rate=5e-3, warm_up=1),
            sizes=LightSizes((4, 4, 4, 4), 8),
            seed=seed,
            device="cpu",
        )
        return train_light(_made(), plan, Silent())

    first, again, other = trained("a", 1), trained("b", 1), trained("c", 2)
    pairs = zip(first.parameters(), again.parameters(), strict=True)
    assert all(torch.allclose(a, b, atol=1e-6) for a, b in pairs)
    assert not torch.allclose(first.first.weight, other.first.weight)


def test_only_photos_that_are_lit_well_teach_what_shadows_are() -> None:
    bright = np.full((120, 160, 3), 120, np.uint8)
    moody, speckled = bright.copy(), bright.copy()
    moody[:60] = 30
    speckled[::12, ::12] = 0
    assert [well_lit(photo) for photo in (bright, moody, speckled)] == [True, False, True]
    kept, held = parted([moody, bright] * 20, lit=True)
    assert len(kept) + len(held) == 20
    assert min(int(photo.min()) for photo in kept + held) == 120
    assert len(parted([moody] * 3, lit=True)[0]) == 3, "better than none"


def test_lifting_shadows_is_learned(tmp_path: Path) -> None:
    path = tmp_path / "hard.toml"
    path.write_text(
        "size = 32\nbatch = 4\n[tasks.low-light]\nshare = 1\n[[tasks.low-light.chains]]\n"
        'steps = [{ use = "backlit", stops = [2, 4] }]\n',
        encoding="utf-8",
    )
    recipe = load_recipe(path)
    plan = LightPlan(
        recipe=recipe,
        run=tmp_path / "run",
        pace=Pace(steps=60, learning_rate=6e-3, warm_up=2, average=0.9),
        sizes=LightSizes((6, 8, 8, 8), 16, shade=True),
        device="cpu",
    )
    trained = train_light(_made(), plan, Silent()).eval()
    fresh = LightNetwork(plan.sizes).eval()
    pairs = LightPairs(_made(), recipe, 9)
    cpu = torch.device("cpu")
    with torch.no_grad():
        errors = [
            np.mean([float(light_loss(net, pairs.batch(i), cpu, 0.15)[0]) for i in range(6)])
            for net in (fresh, trained)
        ]
    assert errors[1] < 0.9 * errors[0]


def test_the_command_trains_what_lifts_shadows(tmp_path: Path) -> None:
    out = tmp_path / "model" / "low-light.shade.safetensors"
    words = [
        *("light", "--task", "low-light", "--shade", "--photos", str(_photos(tmp_path))),
        *("--run", str(tmp_path / "run"), "--out", str(out), "--device", "cpu", "--workers", "0"),
    ]
    assert main([*words, "--steps", "1"]) == 0
    assert load_light(out).network.sizes.shade


def test_photos_held_out_are_not_trained_on() -> None:
    photos = [np.full((2, 2, 3), i, np.uint8) for i in range(40)]
    kept, held = parted(photos)
    assert len(held) == 2
    assert sorted(int(p[0, 0, 0]) for p in kept + held) == list(range(40))


def test_a_training_starts_from_weights_that_set_the_same(tmp_path: Path) -> None:
    pace = Pace(steps=1)
    for task, shade in (("dehaze", False), ("low-light", True)):
        with pytest.raises(WrongWeights, match="shadows"):
            LightPlan(
                recipe=_recipe(task),
                run=tmp_path,
                pace=pace,
                sizes=sizes_for(task, shade=shade),
                start=LightNetwork(sizes_for("low-light")),
            )


def test_the_command_trains_and_goes_on(tmp_path: Path) -> None:
    out = tmp_path / "model" / "old-photo.light.safetensors"
    words = [
        *("light", "--task", "old-photo", "--photos", str(_photos(tmp_path))),
        *("--run", str(tmp_path / "run"), "--out", str(out), "--device", "cpu", "--workers", "0"),
    ]
    assert main([*words, "--steps", "1"]) == 0
    assert load_light(out).task == "old-photo"
    assert main([*words, "--steps", "2"]) == 0
    state = json.loads((tmp_path / "run" / "state.json").read_text(encoding="utf-8"))
    assert state["step"] == 2
    assert len(decoded_photos(tmp_path / "photos")) == 2
