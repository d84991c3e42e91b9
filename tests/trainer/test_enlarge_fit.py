"""Pairs for the enlarger, and its training on a few made photos."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from engine.diffusion.enlarger import EnlargerSizes, load_enlarger
from engine.errors import BadRecipe
from engine.progress import Silent
from engine.resize import enlarged
from engine.resources import resource
from engine.weights import (
    ModelSpec,
    WeightFile,
    read_catalogue,
    sha256,
    verify,
    write_catalogue,
)
from trainer.cli import main
from trainer.enlarge_fit import EnlargerPlan, train_enlarger
from trainer.enlarge_pairs import EnlargePairs, load_enlarge_recipe
from trainer.loop import Pace

RECIPE = """
small = 12
batch = 4
factors = { 2 = 0.5, 4 = 0.5 }
shrink = [0.8, 1.0]
[[chains]]
weight = 1
reduce = "bicubic"
[[chains]]
weight = 1
reduce = "mixed"
before = [{ use = "gaussian_blur", sigma = [0.2, 0.6], stretch = [0.6, 1.0] }]
after = [{ use = "jpeg", quality = [80, 98] }]
"""


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two pictures of sharp edges."""
    folder = tmp_path / "photos"
    folder.mkdir()
    y, x = np.mgrid[0:120, 0:140]
    for number in range(2):
        stripes = ((x * (number + 1) + 2 * y) // 23 % 2 * 200 + 20).astype(np.uint8)
        cv2.imwrite(str(folder / f"{number}.png"), np.stack([stripes] * 3, 2))
    return folder


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(RECIPE, encoding="utf-8")
    return path


def test_a_batch_is_small_plain_and_large_of_one_factor(photos: Path, recipe: Path) -> None:
    pairs = EnlargePairs(photos, load_enlarge_recipe(recipe), 0)
    factors = set()
    for index in range(8):
        batch = pairs.batch(index)
        factors.add(batch.factor)
        side = 12 * batch.factor
        assert batch.small.shape == (4, 3, 12, 12)
        assert batch.plain.shape == batch.large.shape == (4, 3, side, side)
        levels = batch.small * 255
        assert np.abs(levels - np.rint(levels)).max() < 1e-3  # as a file holds it
        assert np.abs(batch.plain - batch.large).mean() < 0.3
    assert factors == {2, 4}


def test_the_small_picture_lies_where_the_large_one_does(photos: Path, recipe: Path) -> None:
    """Away from the border, Lanczos makes the same of the crop as of the larger picture."""
    batch = EnlargePairs(photos, load_enlarge_recipe(recipe), 0).batch(0)
    inner = slice(5 * batch.factor, 7 * batch.factor)
    again = enlarged(np.ascontiguousarray(batch.small[0].transpose(1, 2, 0)), batch.factor)
    assert np.abs(again.transpose(2, 0, 1) - batch.plain[0])[:, inner, inner].max() < 1e-5


def test_pairs_replay(photos: Path, recipe: Path) -> None:
    first, again = (EnlargePairs(photos, load_enlarge_recipe(recipe), 3) for _ in range(2))
    assert np.array_equal(first.batch(5).small, again.batch(5).small)
    assert not np.array_equal(first.batch(5).small[:1], first.batch(6).small[:1])


def test_training_lowers_the_error_and_goes_on_where_it_stopped(
    photos: Path, recipe: Path, tmp_path: Path
) -> None:
    pairs = EnlargePairs(photos, load_enlarge_recipe(recipe), 0)

    def error(steps: int, run: str) -> float:
        pace = Pace(steps=steps, learning_rate=4e-3, warm_up=5, average=0.9, save_every=20)
        plan = EnlargerPlan(
            run=tmp_path / run,
            pace=pace,
            sizes=EnlargerSizes(width=8, blocks=1),
            workers=0,
            device="cpu",
        )
        network = train_enlarger(pairs, plan, Silent()).eval()
        errors = []
        for batch in (pairs.batch(10**6 + n) for n in range(6)):
            with torch.inference_mode():
                change = network(torch.from_numpy(batch.small), batch.factor).numpy()
            errors.append(np.sqrt(np.square(batch.plain + change - batch.large).mean()))
        return float(np.mean(errors))

    before, half = error(1, "b"), error(30, "a")
    assert half < before
    assert error(60, "a") < half  # thirty more steps, from the state in the folder


def test_the_command_writes_a_file_and_lists_it_with_its_model(
    photos: Path, recipe: Path, tmp_path: Path
) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (model / "gone.safetensors").touch()
    gone = WeightFile(path="gone.safetensors", bytes=0, sha256=sha256(model / "gone.safetensors"))
    write_catalogue(
        ModelSpec(id="m", title="M", licence="x", may_sell="Yes.", folder=model, files=(gone,))
    )
    (model / "gone.safetensors").unlink()
    out = model / "upscale.enlarger.safetensors"
    order = f"enlarger --recipe {recipe} --photos {photos} --run {tmp_path / 'run'} --steps 2"
    assert main([*order.split(), "--device", "cpu", "--workers", "0", "--out", str(out)]) == 0
    assert load_enlarger(out).sizes == EnlargerSizes()
    spec = read_catalogue(model / "model.toml")
    assert [file.path for file in spec.files] == [out.name]
    assert verify(spec) == []
    again = [*order.split(), "--start", str(out), "--steps", "1", "--device", "cpu"]
    run = ["--run", str(tmp_path / "more"), "--workers", "0", "--out", str(out)]
    assert main([*again, *run]) == 0
    assert verify(read_catalogue(model / "model.toml")) == []


def test_the_shipped_recipe_is_read() -> None:
    recipe = load_enlarge_recipe(resource("recipes", "enlarger.toml"))
    assert set(recipe.factors) == {2, 4}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("small = 12", "tiny = 12"),
        ('reduce = "bicubic"', 'reduce = "magic"'),
        ("weight = 1", 'weight = "much"'),
        ("factors = { 2 = 0.5, 4 = 0.5 }", "factors = 2"),
        ("[[chains]]", "[[chain]]"),
    ],
)
def test_a_recipe_with_a_mistake_is_refused(recipe: Path, old: str, new: str) -> None:
    recipe.write_text(RECIPE.replace(old, new), encoding="utf-8")
    with pytest.raises(BadRecipe, match="recipe"):
        load_enlarge_recipe(recipe)
