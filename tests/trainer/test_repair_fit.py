import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from engine.diffusion.network import Network, NetworkSizes, TaskAdapter
from engine.diffusion.networks import NETWORK_FILE
from engine.diffusion.specialists.finder import finder_file, load_reader, reader_file
from engine.diffusion.specialists.repair import load_repairer, read_filler
from engine.diffusion.weight_files import save_network
from engine.errors import BadRecipe
from engine.progress import Silent
from engine.resources import resource
from tests.trainer.test_recipe import _photos
from trainer.cli import main
from trainer.loop import Pace
from trainer.recipe import Recipe
from trainer.recipe_files import load_recipe
from trainer.specialists.repair_fit import (
    RepairPlan,
    filling_loss,
    finding_loss,
    for_finding,
    train_filler,
    train_finder,
    train_reader,
)
from trainer.specialists.repair_pairs import RepairPairs, spread, thin_lines

SIZES = NetworkSizes(widths=(8, 12), blocks=1)
RECIPE = """
size = 32
batch = 4
[tasks.repair]
share = 1
[[tasks.repair.chains]]
weight = 3
steps = [{ use = "wear", count = [1, 3], width = [2, 4], opacity = 0.9 }, { use = "rounded" }]
[[tasks.repair.chains]]
steps = [{ use = "rounded" }]
"""


def _recipe(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(RECIPE, encoding="utf-8")
    return path


def _pairs(tmp_path: Path, seed: int = 0) -> RepairPairs:
    return RepairPairs(_photos(tmp_path), load_recipe(_recipe(tmp_path)), seed)


def _plan(tmp_path: Path, steps: int, rate: float = 3e-3) -> RepairPlan:
    pace = Pace(steps=steps, learning_rate=rate, warm_up=2, log_every=10, average=0.9)
    run = tmp_path / "run"
    return RepairPlan(run=run, pace=pace, workers=0, device="cpu")


def _network(seed: int = 0) -> Network:
    torch.manual_seed(seed)
    return Network(SIZES)


def _losses(plan: RepairPlan) -> list[float]:
    lines = (plan.run / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["loss"]["loss"] for line in lines]


def test_batches_replay_by_seed_and_number(tmp_path: Path) -> None:
    first, again, other = _pairs(tmp_path), _pairs(tmp_path), _pairs(tmp_path, seed=1)
    for name in ("worn", "damage", "holed", "hole", "share", "clean"):
        assert np.array_equal(getattr(first.batch(5), name), getattr(again.batch(5), name)), name
    assert not np.array_equal(first.batch(5).worn, first.batch(6).worn)
    assert not np.array_equal(first.batch(5).worn, other.batch(5).worn)


def test_every_hole_covers_its_crops_damage_and_shows_nothing_of_it(tmp_path: Path) -> None:
    pairs = _pairs(tmp_path)
    for index in range(6):
        batch = pairs.batch(index)
        assert batch.worn.shape == batch.holed.shape == batch.clean.shape == (4, 3, 32, 32)
        assert batch.hole.shape == batch.share.shape == batch.damage.shape == (4, 1, 32, 32)
        assert (batch.hole >= batch.damage).all()
        assert (batch.share >= batch.hole).all()
        outside = np.broadcast_to(batch.hole == 0, batch.clean.shape)
        assert np.array_equal(batch.holed[outside], batch.worn[outside])
        assert np.abs(batch.worn - batch.clean)[outside].max() < 0.12


def test_photos_for_the_cut_are_not_those_of_the_training(tmp_path: Path) -> None:
    photos, recipe = _photos(tmp_path), load_recipe(_recipe(tmp_path))
    taught = RepairPairs(photos, recipe, 0, every=2).photos
    kept = RepairPairs(photos, recipe, 0, every=2, held_out=True).photos
    assert len(taught) == len(kept) == 1
    assert not np.array_equal(taught[0], kept[0])


def test_training_lowers_the_loss_of_the_filler(tmp_path: Path) -> None:
    plan = _plan(tmp_path, steps=50)
    train_filler(_network(), _pairs(tmp_path), plan, Silent())
    losses = _losses(plan)
    assert losses[-1] < 0.9 * losses[0]


def test_training_lowers_the_loss_of_the_finder_and_leaves_the_network_alone(
    tmp_path: Path,
) -> None:
    base, plan = _network(), _plan(tmp_path, steps=50, rate=0.03)
    before = {name: value.clone() for name, value in base.state_dict().items()}
    train_finder(base, TaskAdapter(SIZES, 4), _pairs(tmp_path), plan, Silent())
    losses = _losses(plan)
    assert losses[-1] < 0.97 * losses[0]
    assert all(torch.equal(value, before[name]) for name, value in base.state_dict().items())


def test_training_lowers_the_loss_of_the_reader_and_leaves_the_first_reading_alone(
    tmp_path: Path,
) -> None:
    base, adapter, plan = _network(), TaskAdapter(SIZES, 4), _plan(tmp_path, steps=50)
    parts = base, adapter
    before = [{name: v.clone() for name, v in part.state_dict().items()} for part in parts]
    train_reader(base, adapter, _network(2), _pairs(tmp_path), plan, Silent())
    losses = _losses(plan)
    assert losses[-1] < 0.97 * losses[0]
    for part, weights in zip(parts, before, strict=True):
        assert all(torch.equal(v, weights[name]) for name, v in part.state_dict().items())


def test_an_interrupted_training_goes_on_where_it_was(tmp_path: Path) -> None:
    plan = _plan(tmp_path, steps=6)
    train_filler(_network(), _pairs(tmp_path), plan, Silent())
    longer = replace(plan, pace=replace(plan.pace, steps=9))
    train_filler(_network(), _pairs(tmp_path), longer, Silent())
    assert json.loads((plan.run / "state.json").read_text(encoding="utf-8"))["step"] == 9


def test_finding_everything_and_only_that_is_best() -> None:
    damage = torch.zeros(2, 1, 16, 16)
    damage[0, 0, 3, :] = 1
    right, blind, all_over = 20 * damage - 10, torch.full_like(damage, -10.0), 10 * damage + 5
    best = finding_loss(right, damage)
    assert best < 0.01
    assert finding_loss(blind, damage) > best + 0.4
    assert finding_loss(all_over, damage) > best + 0.4


def test_the_finder_sees_wider_crops_and_fewer_of_them() -> None:
    recipe = load_recipe(resource("recipes", "repair.toml"))
    wide = for_finding(recipe)
    assert wide.size == 2 * recipe.size
    assert wide.batch == 6 < recipe.batch
    assert for_finding(wide.__class__(id="x", size=8, batch=1, tasks=recipe.tasks)).batch == 1


def test_only_what_is_taken_over_counts_as_filling() -> None:
    clean, share = torch.zeros(1, 3, 8, 8), torch.zeros(1, 1, 8, 8)
    share[..., 2:4, 2:4] = 1
    outside = clean.clone()
    outside[..., 6, 6] = 1
    assert filling_loss(outside, clean, share) == filling_loss(clean, clean, share)
    assert filling_loss(clean, clean, share) < 0.002
    assert filling_loss(clean + 0.5, clean, share) == pytest.approx(0.5, rel=0.1)


def test_of_what_a_hole_may_have_held_the_mean_is_nearest() -> None:
    """A third of the pixels is light: their mean, not their median, which is dark."""
    clean, share = torch.zeros(1, 3, 3, 3), torch.ones(1, 1, 3, 3)
    clean[..., :1] = 0.9
    losses = {
        level: float(filling_loss(clean * 0 + level, clean, share)) for level in (0, 0.3, 0.9)
    }
    assert min(losses, key=lambda level: losses[level]) == 0.3


def _command(tmp_path: Path, *more: str) -> tuple[int, Path]:
    model = tmp_path / "model"
    model.mkdir(exist_ok=True)
    if not (model / NETWORK_FILE).exists():
        save_network(_network(), model / NETWORK_FILE, "Apache-2.0")
    out = model / "old-photo.repair.safetensors"
    words = ["repair", "--recipe", str(_recipe(tmp_path)), "--photos", str(_photos(tmp_path))]
    words += ["--onto", str(model), "--out", str(out), "--debug", "--steps", "4"]
    return main([*words, "--device", "cpu", "--workers", "0", *more]), out


def test_the_command_trains_and_writes_files_the_engine_runs(tmp_path: Path) -> None:
    code, out = _command(tmp_path, "--run", str(tmp_path / "run"))
    assert code == 0
    picture = np.random.default_rng(0).random((40, 52, 3), np.float32)
    repairer = load_repairer(out, torch.device("cpu"), torch.float32)
    assert repairer.fill(picture, None, repairer.damage(picture)).shape == picture.shape


def test_a_training_starts_from_a_repairers_files_and_moves_them(tmp_path: Path) -> None:
    _, out = _command(tmp_path, "--run", str(tmp_path / "run"))
    before = read_filler(out)[0].state_dict(), finder_file(out).read_bytes()
    reading = load_reader(reader_file(out)).state_dict()
    more = "--start", str(out), "--run", str(tmp_path / "again"), "--learning-rate", "1e-4"
    assert _command(tmp_path, *more)[0] == 0
    after = read_filler(out)[0].state_dict()
    for name, value in after.items():
        assert torch.allclose(value, before[0][name], atol=2e-2), name
    assert any(not torch.equal(value, before[0][name]) for name, value in after.items())
    assert finder_file(out).read_bytes() != before[1]
    again = load_reader(reader_file(out)).state_dict()
    assert any(not torch.equal(value, reading[name]) for name, value in again.items())


def test_a_folder_without_photos_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    words = ["repair", "--photos", str(empty), "--out", str(tmp_path / "x"), "--run", str(empty)]
    assert main(words) == 1
    assert "photos" in capsys.readouterr().err


def test_the_shipped_recipe_leaves_some_crops_whole() -> None:
    recipe: Recipe = load_recipe(resource("recipes", "repair.toml"))
    (task,) = recipe.tasks
    marks = {"wear", "flaked"}
    whole = [chain for chain in task.chains if all(step.use not in marks for step in chain.steps)]
    share = sum(chain.weight for chain in whole) / sum(chain.weight for chain in task.chains)
    assert 0.15 <= share <= 0.25


def test_no_photos_at_all_is_a_wrong_recipe(tmp_path: Path) -> None:
    with pytest.raises(BadRecipe, match="no photos"):
        RepairPairs(tmp_path, load_recipe(_recipe(tmp_path)), 0)


@pytest.mark.parametrize("part", ["finder", "reader", "filler"])
def test_one_part_is_trained_and_the_other_stays(tmp_path: Path, part: str) -> None:
    _, out = _command(tmp_path, "--run", str(tmp_path / "run"))
    files = {"filler": out, "finder": finder_file(out), "reader": reader_file(out)}
    weights = {name: load_file(path) for name, path in files.items()}
    more = "--start", str(out), "--run", str(tmp_path / "again"), "--only", part
    assert _command(tmp_path, *more)[0] == 0
    for name, path in files.items():
        after = load_file(path)
        same = all(torch.equal(value, weights[name][key]) for key, value in after.items())
        assert same == (name != part), name


def test_one_part_alone_wants_the_other_from_somewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = _command(tmp_path, "--run", str(tmp_path / "run"), "--only", "finder")
    assert code == 1
    told = capsys.readouterr().err
    assert "--start" in told
    assert "recipe" not in told, "for there is nothing to correct in it"
    assert not out.exists()


def test_thin_lines_count_more_than_texture_and_edges() -> None:
    rng = np.random.default_rng(1)
    calm = np.full((64, 64, 3), 0.4, np.float32)
    wire, edge = calm.copy(), calm.copy()
    wire[20:22] = wire[:, 40:42] = 0.9
    edge[:, 32:] = 0.9
    texture = np.clip(calm + rng.normal(0, 0.2, calm.shape), 0, 1).astype(np.float32)
    scores = [thin_lines(picture) for picture in (wire, edge, calm, texture)]
    assert scores[0] > 0.3
    assert max(scores[1:]) < 0.05


def test_crops_chosen_for_their_lines_have_more_of_them(tmp_path: Path) -> None:
    recipe = load_recipe(_recipe(tmp_path))

    def lines(lined: float) -> float:
        pairs = RepairPairs(_photos(tmp_path), recipe, 0, lined=lined)
        return float(
            np.mean(
                [thin_lines(c.transpose(1, 2, 0)) for i in range(12) for c in pairs.batch(i).clean]
            )
        )

    assert lines(1.0) > lines(0.0)


SCANNED = (
    RECIPE.replace("share = 1\n", "share = 1\nscan = [SCAN]\n")
    .replace("SCAN", '{ use = "gaussian_blur", sigma = 1.2, stretch = 1 }, MORE')
    .replace("MORE", '{ use = "film_grain", sigma = [2, 9], size = 1 }')
)
"""Marks and picture seen through one lens, with the grain of one film."""


def test_marks_and_picture_are_scanned_alike(tmp_path: Path) -> None:
    path = tmp_path / "scanned.toml"
    path.write_text(SCANNED, encoding="utf-8")
    pairs = RepairPairs(_photos(tmp_path), load_recipe(path), 0)
    for index in range(6):
        batch = pairs.batch(index)
        apart = np.abs(batch.worn - batch.clean).max(1, keepdims=True)
        assert apart[batch.damage == 0].max() < 0.25, "a quarter of a mark at most lies outside"
        assert apart[batch.damage == 0].mean() < 0.03, "the grain is the same on both"
        assert apart[batch.damage > 0].mean() > 3 * apart[batch.damage == 0].mean()


def test_equal_seeds_scan_alike(tmp_path: Path) -> None:
    path = tmp_path / "scanned.toml"
    path.write_text(SCANNED, encoding="utf-8")
    (task,) = load_recipe(path).tasks
    calm = np.full((20, 20, 3), 0.5, np.float32)
    first, again, other = (task.scanned(calm, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_rims_belong_to_a_mark_as_far_as_they_show_it() -> None:
    clean = np.full((15, 15, 3), 0.4, np.float32)
    damage = np.zeros((15, 15), np.float32)
    damage[:, 7] = 1
    worn = clean.copy()
    worn[:, 7], worn[:, 8], worn[:, 9], worn[:, 13] = 0.9, 0.6, 0.45, 0.9
    found = spread(damage, worn, clean)
    assert found[:, 7:9].all(), "the mark, and a rim of two fifths of it"
    assert not found[:, 9:].any(), "a tenth of it, and what lies too far away to be its rim"
    assert not spread(np.zeros_like(damage), worn, clean).any()
