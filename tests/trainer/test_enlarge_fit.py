"""Pairs for the enlarger, and its training on a few made photos."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from engine.diffusion.network import Network, NetworkSizes, TaskAdapter
from engine.diffusion.networks import NETWORK_FILE, Networks
from engine.diffusion.specialists.enlarger import (
    EnlargeNetwork,
    EnlargerSizes,
    load_enlarger,
    save_enlarger,
)
from engine.diffusion.specialists.enlarger_expert import expert_share, load_expert
from engine.diffusion.specialists.guide import guide_file, load_guide
from engine.diffusion.weight_files import (
    AdapterHeader,
    load_ranges,
    save_adapter,
    save_network,
)
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
from trainer.loop import Pace
from trainer.specialists import enlarge_pairs
from trainer.specialists.enlarge_fit import EnlargerPlan, train_enlarger
from trainer.specialists.enlarge_gate import fitted
from trainer.specialists.enlarge_pairs import EnlargeBatch, EnlargePairs, load_enlarge_recipe
from trainer.supply import batches

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


def test_photos_that_are_decoded_already_are_taken_as_they_are(photos: Path, recipe: Path) -> None:
    first = EnlargePairs(photos, load_enlarge_recipe(recipe), 3)
    again = EnlargePairs(photos / "gone", load_enlarge_recipe(recipe), 3, first.photos)
    assert again.photos is first.photos  # in memory once
    assert np.array_equal(first.batch(5).small, again.batch(5).small)


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
        network = train_enlarger(pairs, plan, Silent()).enlarger
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


@pytest.mark.parametrize("name", ["enlarger.toml", "enlarger-clean.toml", "enlarger-gate.toml"])
def test_the_shipped_recipes_are_read(name: str) -> None:
    recipe = load_enlarge_recipe(resource("recipes", name))
    assert set(recipe.factors) == {2, 4}


def test_a_share_of_the_crops_is_drawn(
    photos: Path, recipe: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enlarge_pairs, "drawn", lambda side, rng: np.ones((side, side, 3)))
    recipe.write_text("drawings = 0.5\n" + RECIPE, encoding="utf-8")
    pairs = EnlargePairs(photos, load_enlarge_recipe(recipe), 0)
    crops = [crop for index in range(25) for crop in pairs.batch(index).large]
    assert 0.35 < np.mean([crop.min() > 0.99 for crop in crops]) < 0.65


def test_drawings_are_made_by_the_process_that_makes_batches(photos: Path, recipe: Path) -> None:
    """Also after OpenCV's threads were at work here, which do not survive a fork."""
    recipe.write_text("drawings = 1\n" + RECIPE, encoding="utf-8")
    pairs = EnlargePairs(photos, load_enlarge_recipe(recipe), 0)
    threads = cv2.getNumThreads()
    cv2.GaussianBlur(np.zeros((2000, 2000, 3), np.float32), (0, 0), 5)
    supply = batches(pairs, 0, workers=1, count=3)
    for index in range(3):
        assert np.array_equal(next(supply).large, pairs.batch(index).large)
    assert cv2.getNumThreads() == threads


@pytest.mark.parametrize("share", [-0.1, 1.5])
def test_a_share_is_between_nothing_and_all(recipe: Path, share: float) -> None:
    recipe.write_text(f"drawings = {share}\n" + RECIPE, encoding="utf-8")
    with pytest.raises(BadRecipe, match="drawings"):
        load_enlarge_recipe(recipe)


def test_the_gate_learns_where_the_expert_does_better(photos: Path, recipe: Path) -> None:
    """Of two networks one enlarges plainly, the other spoils all but dark pictures."""
    torch.manual_seed(0)
    sizes = EnlargerSizes(width=8, blocks=1)
    plain, other = EnlargeNetwork(sizes), EnlargeNetwork(sizes)
    with torch.no_grad():
        for weight in plain.tails.parameters():
            weight.zero_()

    class Pairs(EnlargePairs):
        """Dark pictures, which lack a little light, and bright ones, which lack nothing."""

        def batch(self, index: int) -> EnlargeBatch:
            rng = np.random.default_rng(index)
            small = rng.random((4, 3, 12, 12), np.float32)
            small[::2] *= 0.1
            large = small.repeat(2, 2).repeat(2, 3)
            image = torch.from_numpy(small)
            with torch.no_grad():
                change = other(image, 2).numpy()
            truth = large.copy()
            truth[::2] += change[::2]
            return EnlargeBatch(2, small, large, truth)

    pairs = Pairs(photos, load_enlarge_recipe(recipe), 0)
    expert, score = fitted(plain, other, pairs, Silent(), count=40, workers=0, device="cpu")
    assert score.always < score.chosen
    assert score.chosen > 0.95 * score.best > 0
    batch = pairs.batch(1000)
    odds = expert.odds(plain.features(torch.from_numpy(batch.small)), 2)
    assert bool((odds[::2] > 0).all())
    assert bool((odds[1::2] < 0).all())
    # at factor 4 nothing was seen: there the expert is not asked
    unseen = expert.odds(plain.features(torch.from_numpy(batch.small)), 4)
    assert all(expert_share(each, 4) == 0 for each in unseen.tolist())


def test_gate_and_expert_are_one_file_of_the_model(
    photos: Path, recipe: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.manual_seed(0)
    sizes = EnlargerSizes(width=8, blocks=1)
    files = [tmp_path / f"{name}.enlarger.safetensors" for name in ("general", "clean")]
    for file in files:
        save_enlarger(EnlargeNetwork(sizes), file, "x")
    out = tmp_path / "model" / "upscale.expert.safetensors"
    order = f"expert --enlarger {files[0]} --expert {files[1]} --recipe {recipe} --batches 8"
    more = ["--photos", str(photos), "--device", "cpu", "--workers", "0", "--out", str(out)]
    assert main([*order.split(), *more]) == 0
    assert "dB" in capsys.readouterr().out
    assert load_expert(out).network.sizes == sizes


def test_networks_of_two_widths_make_no_pair(
    photos: Path, recipe: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for width in (8, 12):
        network = EnlargeNetwork(EnlargerSizes(width=width, blocks=1))
        save_enlarger(network, tmp_path / f"{width}.enlarger.safetensors", "x")
    order = f"expert --enlarger {tmp_path}/8.enlarger.safetensors --recipe {recipe} --device cpu"
    more = ["--expert", f"{tmp_path}/12.enlarger.safetensors", "--photos", str(photos)]
    assert main([*order.split(), *more, "--out", str(tmp_path / "x"), "--workers", "0"]) == 1
    assert "width" in capsys.readouterr().err


def test_factors_are_those_of_the_network(photos: Path, recipe: Path, tmp_path: Path) -> None:
    recipe.write_text(RECIPE.replace("4 = 0.5", "3 = 0.5"), encoding="utf-8")
    pairs = EnlargePairs(photos, load_enlarge_recipe(recipe), 0)
    plan = EnlargerPlan(run=tmp_path / "run", pace=Pace(steps=2), workers=0, device="cpu")
    with pytest.raises(BadRecipe, match="2 and 4, not by 3"):
        train_enlarger(pairs, plan, Silent())


def test_a_file_that_cannot_be_written_is_one_sentence(
    photos: Path, recipe: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = f"enlarger --recipe {recipe} --device cpu --workers 0 --steps 1 --out {tmp_path}"
    order = [*words.split(), "--photos", str(photos), "--run", str(tmp_path / "run")]
    assert main(order) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("small = 12", "tiny = 12"),
        ('reduce = "bicubic"', 'reduce = "magic"'),
        ("weight = 1", 'weight = "much"'),
        ("factors = { 2 = 0.5, 4 = 0.5 }", "factors = 2"),
        ("[[chains]]", "[[chain]]"),
        ("small = 12", "small = 0"),
        ("batch = 4", "batch = 0"),
        ("factors = { 2 = 0.5, 4 = 0.5 }", "factors = {}"),
        ("factors = { 2 = 0.5, 4 = 0.5 }", "factors = { 2 = 0 }"),
        ("[0.8, 1.0]", "[0.0, 1.0]"),
        ("weight = 1", "weight = 0"),
    ],
)
def test_a_recipe_with_a_mistake_is_refused(recipe: Path, old: str, new: str) -> None:
    recipe.write_text(RECIPE.replace(old, new), encoding="utf-8")
    with pytest.raises(BadRecipe, match="recipe"):
        load_enlarge_recipe(recipe)


@pytest.mark.parametrize(("batches", "says"), [("1", "take two"), ("x", "a whole number")])
def test_a_gate_takes_two_batches(
    batches: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["expert", "--expert", "e", "--photos", "p", "--out", "o", "--batches", batches])
    assert says in capsys.readouterr().err.splitlines()[-1]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model whose network can guide an enlarger; its adapter's file."""
    folder = tmp_path / "model"
    folder.mkdir()
    sizes, rank = NetworkSizes(widths=(8, 8), blocks=1), 2
    torch.manual_seed(0)
    save_network(Network(sizes), folder / NETWORK_FILE, "x")
    header = AdapterHeader(
        task="artifacts",
        title="A",
        rank=rank,
        network=sha256(folder / NETWORK_FILE),
        recipe="r",
        licence="x",
    )
    save_adapter(TaskAdapter(sizes, rank), folder / "artifacts.safetensors", header)
    names = NETWORK_FILE, "artifacts.safetensors"
    files = tuple(
        WeightFile(path=name, bytes=(folder / name).stat().st_size, sha256=sha256(folder / name))
        for name in names
    )
    write_catalogue(
        ModelSpec(id="m", title="M", licence="x", may_sell="Yes.", folder=folder, files=files)
    )
    return folder / "artifacts.safetensors"


def test_a_guide_is_trained_along_and_its_network_is_not(
    photos: Path, recipe: Path, model: Path, tmp_path: Path
) -> None:
    guide = load_guide(model, Networks(model.parent))
    before = {key: value.clone() for key, value in guide.base.state_dict().items()}
    adapter = [weight.clone() for weight in guide.adapter.parameters()]
    plan = EnlargerPlan(
        run=tmp_path / "run",
        pace=Pace(steps=12, learning_rate=4e-3, warm_up=1, average=0.9),
        sizes=EnlargerSizes(width=8, blocks=1),
        guide=guide,
        workers=0,
        device="cpu",
    )
    trained = train_enlarger(EnlargePairs(photos, load_enlarge_recipe(recipe), 0), plan, Silent())
    assert trained.enlarger.sizes.told == 2
    assert trained.enlarger.heed.weight.abs().sum() > 0
    assert trained.adapter is not None
    moved = list(trained.adapter.parameters())
    assert any(not torch.equal(a, b) for a, b in zip(adapter, moved, strict=True))
    after = guide.base.state_dict()
    assert all(torch.equal(before[key], after[key]) for key in before)


def test_a_guide_lies_beside_its_enlarger_and_goes_on_with_it(
    photos: Path, recipe: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = model.with_name("upscale.enlarger.safetensors")
    words = f"--recipe {recipe} --photos {photos} --steps 2 --device cpu --workers 0 --out {out}"
    order = ["enlarger", *words.split(), "--run"]
    assert main([*order, str(tmp_path / "run"), "--guide", str(model)]) == 0
    assert out.with_name("upscale.guide.safetensors").exists()
    assert capsys.readouterr().out.count("upscale.") == 2
    assert load_enlarger(out).sizes == EnlargerSizes(told=2)
    catalogue = model.with_name("model.toml")
    assert len(read_catalogue(catalogue).files) == 4
    assert verify(read_catalogue(catalogue)) == []
    assert main([*order, str(tmp_path / "more"), "--start", str(out)]) == 0
    assert load_enlarger(out).sizes.told == 2  # it is told by what lies beside it

    plain = tmp_path / "plain.enlarger.safetensors"
    save_enlarger(EnlargeNetwork(EnlargerSizes()), plain, "x")
    fit = f"expert --enlarger {out} --expert {plain} --recipe {recipe} --photos {photos}"
    more = (
        f"--batches 4 --device cpu --workers 0 --out {out.with_name('upscale.expert.safetensors')}"
    )
    assert main([*fit.split(), *more.split()]) == 0

    ranges = f"ranges --model {model.parent} --photos {photos} --crops 4"
    assert main([*ranges.split(), "--only", "upscale.guide", "upscale.enlarger"]) == 0
    guide = load_guide(guide_file(out), Networks(model.parent))
    assert set(guide.adapter.ranges) == set(guide.base.sizes.coarse)
    assert set(load_ranges(out)) == set(range(10))
    assert verify(read_catalogue(catalogue)) == []
