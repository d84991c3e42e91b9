from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.errors import BadRecipe, OutOfMemory
from engine.resources import resource
from trainer import pairs
from trainer.pairs import Pairs, decoded_photos
from trainer.recipe import Range
from trainer.recipe_files import load_recipe

RECIPE = """
size = 32
batch = 3
[tasks.plain]
share = 1
[[tasks.plain.chains]]
steps = [{ use = "gaussian_noise", sigma = [5, 50, "log"] }]
[tasks.old-photo]
share = 1
shrink = [0.5, 1.0]
[[tasks.old-photo.chains]]
steps = [{ use = "scratches", count = 5, width = [2, 4], opacity = 0.9 }, { use = "rounded" }]
"""


def _recipe(tmp_path: Path, text: str = RECIPE) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir(exist_ok=True)
    rng = np.random.default_rng(0)
    for index in range(2):
        coarse = rng.integers(0, 256, (9, 12, 3), np.uint8)
        picture = cv2.resize(coarse, (120, 90), interpolation=cv2.INTER_CUBIC)
        cv2.imwrite(str(folder / f"{index}.png"), picture)
    return folder


def test_every_shipped_recipe_loads() -> None:
    others = {
        "enlarger.toml",
        "enlarger-gate.toml",
        "enlarger-clean.toml",
    }  # of small and large pictures, see test_enlarge_fit
    for path in resource("recipes").glob("*.toml"):
        if path.name not in others:
            assert load_recipe(path).tasks


def test_crops_of_mosaics_begin_with_red(tmp_path: Path) -> None:
    seen = """
size = 32
batch = 8
[tasks.raw]
share = 1
grid = 2
[[tasks.raw.chains]]
unclipped = true
steps = [{ use = "mosaic", gain = 1, contrast = 1, shot = 1e-9, read = 0, floor = 0 }]
"""
    batch = Pairs(_photos(tmp_path), load_recipe(_recipe(tmp_path, seen)), seed=0).batch(0)
    differs = np.abs(batch.degraded - batch.clean)
    where = differs[:, 0, 0::2, 0::2], differs[:, 1, 0::2, 1::2], differs[:, 2, 1::2, 1::2]
    assert max(part.max() for part in where) < 1e-3 < differs.max()
    with pytest.raises(BadRecipe, match="grid"):
        load_recipe(_recipe(tmp_path, seen.replace("grid = 2", "grid = 0")))


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ("gausian_noise", "gaussian_noise", "gausian_noise"),
        ("sigma = [50, 5]", 'sigma = [5, 50, "log"]', "range"),
        ("strength = 3", 'sigma = [5, 50, "log"]', "sigma"),
        ("share = 1\nshrnk = 2", "share = 1", "shrnk"),
        ("size = 32\nsise = 32", "size = 32", "sise"),
        ('wieght = 3\nsteps = [{ use = "g', 'steps = [{ use = "g', "wieght"),
        ("size = 0", "size = 32", "size"),
        ("", "size = 32", "lacks 'size'"),
        ("batch = 0", "batch = 3", "batch"),
        ("share = 0", "share = 1", "share"),
        ("shrink = 0", "shrink = [0.5, 1.0]", "shrink"),
        ("shrink = 2.0", "shrink = [0.5, 1.0]", "shrink"),
        ("evenness = 2\nshare = 1", "share = 1", "evenness"),
        ("chance = 50, sigma", "sigma", "chance"),
        ("sigma = nan", 'sigma = [5, 50, "log"]', "range"),
        ("weight = 0\nsteps", "steps", "weight"),
        ('tasks."a.b"', "tasks.plain", "points"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, wrong: str, right: str, says: str) -> None:
    with pytest.raises(BadRecipe, match=says):
        load_recipe(_recipe(tmp_path, RECIPE.replace(right, wrong)))


@pytest.mark.parametrize("tasks", ["", "[tasks.denoise]\nshare = 1\nchains = []"])
def test_a_recipe_without_anything_to_do_is_a_mistake(tmp_path: Path, tasks: str) -> None:
    with pytest.raises(BadRecipe):
        load_recipe(_recipe(tmp_path, f"size = 32\nbatch = 3\n[tasks]\n{tasks}"))


def test_the_plain_task_is_chosen_by_the_name_it_has_in_the_file(tmp_path: Path) -> None:
    recipe = load_recipe(_recipe(tmp_path))
    assert [task.id for task in recipe.only(["plain"]).tasks] == [""]
    assert [task.id for task in recipe.only(["old-photo", "plain"]).tasks] == ["", "old-photo"]
    assert recipe.only([task.id for task in recipe.tasks]) == recipe
    with pytest.raises(BadRecipe, match="“plain”"):
        recipe.only(["old-photo"]).only(["plain"])


def test_ranges_keep_to_themselves() -> None:
    rng = np.random.default_rng(0)
    drawn = [Range(1, 100, "log").draw(rng) for _ in range(2000)]
    assert min(drawn) >= 1
    assert max(drawn) <= 100
    assert np.median(drawn) == pytest.approx(10, rel=0.15)


def test_batches_replay_from_their_number(tmp_path: Path) -> None:
    recipe, photos = load_recipe(_recipe(tmp_path)), _photos(tmp_path)
    first, again = Pairs(photos, recipe, 7), Pairs(photos, recipe, 7)
    for index in (0, 5):
        a, b = first.batch(index), again.batch(index)
        assert a.tasks == b.tasks
        assert np.array_equal(a.degraded, b.degraded)
        assert np.array_equal(a.mask, b.mask)
    assert not np.array_equal(first.batch(0).degraded, first.batch(1).degraded)


def test_batches_are_what_they_say(tmp_path: Path) -> None:
    supply = Pairs(_photos(tmp_path), load_recipe(_recipe(tmp_path)), 0)
    for index in range(6):
        batch = supply.batch(index)
        assert batch.degraded.shape == batch.clean.shape == (3, 3, 32, 32)
        assert batch.damage.shape == batch.mask.shape == (3, 1, 32, 32)
        for task, degraded, clean, damage, mask in zip(
            batch.tasks, batch.degraded, batch.clean, batch.damage, batch.mask, strict=True
        ):
            assert 0 <= degraded.min() <= degraded.max() <= 1
            assert np.abs(degraded - clean).max() > 0.01
            if task == "old-photo":
                assert ((mask == 0).all()) or ((mask >= damage).all())
            else:
                assert damage.max() == mask.max() == 0


def test_what_is_no_photo_is_left_out_by_name(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = _photos(tmp_path)
    (folder / "empty.jpg").touch()
    (folder / "words.png").write_text("no picture")
    (folder / "holiday.jpg").mkdir()
    assert len(decoded_photos(folder)) == 2
    left_out = [record.getMessage().split(" ")[0] for record in caplog.records]
    assert sorted(Path(path).name for path in left_out) == ["empty.jpg", "holiday.jpg", "words.png"]


def test_photos_that_do_not_fit_into_memory_are_told_before_it_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, one = _photos(tmp_path), 120 * 90 * 3
    monkeypatch.setattr(pairs, "available_memory", lambda: 4 * one)
    assert len(decoded_photos(folder)) == 2
    monkeypatch.setattr(pairs, "available_memory", lambda: 3 * one)
    with pytest.raises(OutOfMemory) as told:
        decoded_photos(folder)
    assert "1 of these would fit" in told.value.remedy


def test_a_folder_without_photos_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadRecipe, match="no photos"):
        Pairs(tmp_path / "nothing", load_recipe(_recipe(tmp_path)), 0)


def test_what_a_degradation_need_not_be_told_may_be_left_out(tmp_path: Path) -> None:
    rain = '{ use = "rain", amount = 0.1, length = 20, opacity = 1%s }'
    text = (
        "size = 32\nbatch = 2\n[tasks.derain]\nshare = 1\n[[tasks.derain.chains]]\nsteps = [%s]\n"
    )
    path = tmp_path / "rain.toml"
    for more, told in (("", 3), (", width = [1, 5, 'log']", 4)):
        path.write_text(text % (rain % more), encoding="utf-8")
        (task,) = load_recipe(path).tasks
        assert len(task.chains[0].steps[0].parameters) == told
    for wrong in (", breadth = 2", ", width = 2, breadth = 2"):
        path.write_text(text % (rain % wrong), encoding="utf-8")
        with pytest.raises(BadRecipe, match="rain takes"):
            load_recipe(path)
    path.write_text((text % (rain % "")).replace("length = 20, ", ""), encoding="utf-8")
    with pytest.raises(BadRecipe, match="rain takes"):
        load_recipe(path)
