import json
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file

from engine.diffusion.network import Network, NetworkSizes, TaskAdapter
from engine.diffusion.predictor import load_predictor
from engine.diffusion.specialists.enlarger import EnlargeNetwork, EnlargerSizes, save_enlarger
from engine.errors import BadRecipe, CannotSave, WrongAdapter, WrongWeights
from engine.progress import Cancelled, Silent
from engine.weights import read_catalogue, verify
from tests.trainer.test_recipe import RECIPE, _photos, _recipe
from trainer import checkpoint
from trainer.cli import main
from trainer.config import TrainConfig
from trainer.export import export, list_anew
from trainer.fit import Learner, Trainer, network_file
from trainer.loop import Loop, Pace
from trainer.loss import TaskBalance, blotch_loss, damage_loss, restoration_loss


def _config(tmp_path: Path, run: str = "run", *, muon: bool = False) -> TrainConfig:
    return TrainConfig(
        recipe=_recipe(tmp_path),
        photos=_photos(tmp_path),
        run=tmp_path / run,
        sizes=NetworkSizes(widths=(8, 12), blocks=1),
        rank=2,
        pace=Pace(steps=24, learning_rate=3e-3, warm_up=2, muon=muon, save_every=10, log_every=4),
        workers=0,
        device="cpu",
    )


def _model(tmp_path: Path, name: str, seed: int = 0) -> Path:
    """A small model with the adapter of one task."""
    config = replace(_config(tmp_path, f"run of {name}"), seed=seed)
    learner = Trainer.prepared(config).average
    export(learner, tmp_path / name, id=name, title=name, recipe="small")
    return tmp_path / name


def _losses(config: TrainConfig) -> list[float]:
    lines = (config.run / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["loss"]["plain"] for line in lines]


def test_training_learns(tmp_path: Path) -> None:
    config = _config(tmp_path)
    config = replace(config, pace=replace(config.pace, steps=200, log_every=20))
    Trainer.prepared(config).run(Silent())
    losses = _losses(config)
    assert losses[-1] < 0.85 * losses[0]


def test_crops_of_mixed_tasks_come_back_in_their_order() -> None:
    torch.manual_seed(0)
    sizes = NetworkSizes(widths=(8, 12), blocks=1)
    learner = Learner(Network(sizes), {task: TaskAdapter(sizes, 2) for task in ("a", "b")})
    for weight in learner.parameters():
        torch.nn.init.normal_(weight, 0, 0.1)
    crops, mask = torch.rand(4, 3, 16, 16), torch.rand(4, 1, 16, 16)
    tasks = ("b", "", "a", "b")
    restored, logits = learner(tasks, crops, mask)
    for row, task in enumerate(tasks):
        one = slice(row, row + 1)
        alone = learner((task,), crops[one], mask[one])
        assert torch.allclose(restored[one], alone[0], atol=1e-5)
        assert torch.allclose(logits[one], alone[1], atol=1e-5)
    (restored[1] - crops[1]).sum().backward()
    assert learner.network.head.weight.grad is not None
    assert all(
        weight.grad is None or not weight.grad.any() for weight in learner.adapter("a").parameters()
    )


def test_a_run_is_continued_with_its_own_optimiser_or_not_at_all(tmp_path: Path) -> None:
    config = _config(tmp_path)
    config = replace(config, pace=replace(config.pace, steps=4))
    Trainer.prepared(config).run(Silent())
    with pytest.raises(WrongWeights, match="another training"):
        Trainer.prepared(replace(config, pace=replace(config.pace, muon=True)))
    path = config.run / "state.safetensors"
    with safe_open(path, "pt") as file:
        header = file.metadata()
    del header["optimiser"]  # as states were before there was a choice
    save_file(load_file(path), path, metadata=header)
    assert Trainer.prepared(config).state.position.step == 4
    with pytest.raises(WrongWeights):
        Trainer.prepared(replace(config, pace=replace(config.pace, muon=True)))


def test_adapters_are_not_continued_on_another_network(tmp_path: Path) -> None:
    first, other = (_model(tmp_path, name, seed) for seed, name in enumerate(("first", "other")))
    config = replace(_config(tmp_path, "own"), onto=first)
    config = replace(config, pace=replace(config.pace, steps=2))
    Trainer.prepared(config, ["old-photo"]).run(Silent())
    assert Trainer.prepared(config, ["old-photo"]).state.position.step == 2
    with pytest.raises(WrongWeights, match="another training"):
        Trainer.prepared(replace(config, onto=other), ["old-photo"])


def test_a_training_that_is_over_is_not_taken_for_one_of_another_recipe(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    config = _config(tmp_path)
    Trainer.prepared(replace(config, pace=replace(config.pace, steps=2))).run(Silent())
    assert Trainer.prepared(config).state.position.step == 2
    assert "another recipe" not in caplog.text
    changed = _recipe(tmp_path, RECIPE.replace("[5, 50, ", "[5, 10, "))
    assert Trainer.prepared(replace(config, recipe=changed)).state.position.step == 2
    assert "goes on with these" in caplog.text
    over = replace(config, recipe=changed, pace=replace(config.pace, steps=2))
    with pytest.raises(WrongWeights, match="that is over"):
        Trainer.prepared(over)
    _recipe(tmp_path)
    Trainer.prepared(replace(config, pace=replace(config.pace, steps=2)))
    assert "nothing more is trained" in caplog.text


def test_a_full_disk_is_one_sentence_and_the_last_state_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = _config(tmp_path)
    config = replace(config, pace=replace(config.pace, steps=2))
    Trainer.prepared(config).run(Silent())
    config = replace(config, pace=replace(config.pace, steps=3))

    def full(*_: object, **__: object) -> None:
        raise SafetensorError("No space left on device")

    monkeypatch.setattr(checkpoint, "save_file", full)
    with pytest.raises(CannotSave, match="No space left"):
        Trainer.prepared(config).run(Silent())
    assert Trainer.prepared(config).state.position.step == 2


@pytest.mark.parametrize("header", [None, {"position": "{}"}, {"position": '{"paces": 3}'}])
def test_what_is_no_state_is_one_sentence(tmp_path: Path, header: dict[str, str] | None) -> None:
    config = _config(tmp_path)
    config.run.mkdir()
    save_file({"weights.x": torch.zeros(2)}, config.run / "state.safetensors", metadata=header)
    with pytest.raises(WrongWeights, match="another training"):
        Trainer.prepared(config)


@pytest.mark.parametrize("muon", [False, True])
def test_an_interrupted_training_ends_where_an_uninterrupted_one_does(
    tmp_path: Path, muon: bool
) -> None:
    class Stops:
        def report(self, done: float, stage: str = "") -> None:
            if stage == "step 12":
                raise Cancelled

    torch.use_deterministic_algorithms(True)
    try:
        whole = Trainer.prepared(_config(tmp_path, "whole", muon=muon)).run(Silent())
        broken = _config(tmp_path, "broken", muon=muon)
        with pytest.raises(Cancelled):
            Trainer.prepared(broken).run(Stops())
        continued = Trainer.prepared(broken)
        assert continued.state.position.step == 12
        resumed = continued.run(Silent())
    finally:
        torch.use_deterministic_algorithms(False)
    for a, b in zip(whole.parameters(), resumed.parameters(), strict=True):
        assert torch.allclose(a, b, atol=1e-5)


def test_the_export_runs_in_the_engine(tmp_path: Path) -> None:
    learner = Trainer.prepared(_config(tmp_path)).run(Silent())
    spec = export(learner, tmp_path / "model", id="small", title="Small", recipe="small")
    assert read_catalogue(tmp_path / "model" / "model.toml") == spec
    assert verify(spec) == []
    predictor = load_predictor("cpu", folder=tmp_path / "model")
    assert predictor.tasks == ["old-photo"]


def test_an_export_lists_the_specialists_that_lie_there(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    torch.manual_seed(0)
    enlarger = folder / "upscale.enlarger.safetensors"
    save_enlarger(EnlargeNetwork(EnlargerSizes(width=8, blocks=1)), enlarger, "x")
    learner = Trainer.prepared(_config(tmp_path)).average
    spec = export(learner, folder, id="small", title="Small", recipe="small")
    assert enlarger.name in [file.path for file in spec.files]
    enlarger.unlink()
    list_anew(folder, [])
    assert enlarger.name not in [file.path for file in read_catalogue(folder / "model.toml").files]


def test_the_command_trains_and_exports(tmp_path: Path) -> None:
    code = main(
        [
            "predictor",
            *("--recipe", str(_recipe(tmp_path)), "--photos", str(_photos(tmp_path))),
            *("--run", str(tmp_path / "run"), "--out", str(tmp_path / "model")),
            *("--device", "cpu", "--workers", "0", "--steps", "4", "--debug"),
        ]
    )
    assert code == 0
    assert (tmp_path / "model" / "model.toml").exists()


def test_only_what_was_trained_is_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "model"
    arguments = [
        "predictor",
        *("--recipe", str(_recipe(tmp_path)), "--photos", str(_photos(tmp_path))),
        *("--run", str(tmp_path / "run"), "--device", "cpu", "--workers", "0", "--steps", "4"),
        *("--debug", "--tasks", "plain"),
    ]
    assert main([*arguments, "--export-only", "--out", str(model)]) == 1
    assert "run holds no checkpoint." in capsys.readouterr().err
    assert not model.exists()
    assert main(arguments) == 0
    assert main([*arguments, "--export-only", "--out", str(model)]) == 0
    assert load_predictor("cpu", folder=model).tasks == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--export-only"], "--out"),
        (["--onto", "model", "--tasks", "plain"], "plain"),
        (["--onto", "model", "--start", "other"], "--start"),
        (["--onto", "model", "--network", "noise"], "--network"),
        (["--network", "x/y"], "--network"),
        (["--steps", "0"], "--steps: it is 1 or more, not 0"),
        (["--hours", "-1"], "--hours: it is 0 or more, not -1"),
        (["--learning-rate", "nan"], "--learning-rate: it is a number, not nan"),
        (["--learning-rate", "0"], "--learning-rate: it is above 0, not 0"),
        (["--threads", "-2"], "--threads: it is 0 or more, not -2"),
        (["--seed", "1.5"], "--seed: it is a whole number, not 1.5"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["predictor", "--photos", "photos", *words])
    assert ended.value.code == 2
    assert says in capsys.readouterr().err.splitlines()[-1]


def test_an_adapter_of_ones_own_is_trained_onto_a_frozen_network(tmp_path: Path) -> None:
    model = tmp_path / "model"
    learner = Trainer.prepared(_config(tmp_path)).run(Silent())
    export(learner, model, id="small", title="Small", recipe="small")
    network = (model / "predictor.safetensors").read_bytes()
    picture = np.random.default_rng(0).random((32, 32, 3), np.float32)
    before = load_predictor("cpu", folder=model)
    plain, repaired = before.restore(picture, ""), before.restore(picture, "old-photo")
    code = main(
        [
            "predictor",
            *("--recipe", str(_recipe(tmp_path)), "--photos", str(_photos(tmp_path))),
            *("--run", str(tmp_path / "own"), "--onto", str(model), "--out", str(model)),
            *("--tasks", "old-photo", "--device", "cpu", "--workers", "0", "--steps", "20"),
            *("--learning-rate", "0.5"),
        ]
    )
    assert code == 0
    assert (model / "predictor.safetensors").read_bytes() == network
    assert verify(read_catalogue(model / "model.toml")) == []
    after = load_predictor("cpu", folder=model)
    assert np.array_equal(after.restore(picture, ""), plain)
    assert not np.array_equal(after.restore(picture, "old-photo"), repaired)


def test_adapters_alone_are_trained_on_crops_that_have_some(tmp_path: Path) -> None:
    config = replace(_config(tmp_path), onto=_model(tmp_path, "model"))
    assert [task.id for task in Trainer.prepared(config).recipe.tasks] == ["old-photo"]
    plain = replace(config, recipe=_recipe(tmp_path, RECIPE.split("[tasks.old-photo]")[0]))
    with pytest.raises(BadRecipe, match="no adapter"):
        Trainer.prepared(plain)


def test_crops_fit_the_network(tmp_path: Path) -> None:
    config = replace(_config(tmp_path), recipe=_recipe(tmp_path, RECIPE.replace("= 32", "= 36")))
    with pytest.raises(BadRecipe, match="a multiple of 8, not 36"):
        Trainer.prepared(config)


def test_an_export_leaves_no_adapter_without_its_network(tmp_path: Path) -> None:
    model = _model(tmp_path, "model")
    kept = (model / "predictor.safetensors").read_bytes()
    words = [
        "predictor",
        *("--recipe", str(_recipe(tmp_path)), "--photos", str(_photos(tmp_path))),
        *("--run", str(tmp_path / "again"), "--device", "cpu", "--workers", "0", "--steps", "2"),
        *("--start", str(model), "--out", str(model)),
    ]
    assert main([*words, "--tasks", "plain"]) == 1
    assert not (tmp_path / "again").exists(), "which is told before the training"
    assert (model / "predictor.safetensors").read_bytes() == kept
    assert main(words) == 0, "with all that stand on it"
    assert verify(read_catalogue(model / "model.toml")) == []


def test_an_export_lists_the_other_networks_with_their_adapters(tmp_path: Path) -> None:
    model = _model(tmp_path, "model")
    learner = Trainer.prepared(_config(tmp_path)).average
    learner.network.head.weight.data += 0.01  # another network
    export(learner, model, id="model", title="Model", recipe="small", name="other")
    learner.network.head.weight.data += 0.01
    plain = Learner(learner.network, {})
    spec = export(plain, model, id="model", title="Model", recipe="small")
    assert sorted(file.path for file in spec.files) == [
        "old-photo.safetensors",
        "other.predictor.safetensors",
        "predictor.safetensors",
    ]
    (model / "other.predictor.safetensors").unlink()
    spec = export(plain, model, id="model", title="Model", recipe="small")
    assert [file.path for file in spec.files] == ["predictor.safetensors"]


SEEDED = ["adapter", "degrade", "enlarger", "expert", "generate", "light", "predictor", "repair"]


@pytest.mark.parametrize("command", SEEDED)
def test_no_command_begins_with_a_seed_that_is_none(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for wrong, said in (("-1", "it is 0 or more"), (str(2**63), "it is below")):
        with pytest.raises(SystemExit) as ended:
            main([command, "--seed", wrong])
        assert ended.value.code == 2
        assert f"--seed: {said}" in capsys.readouterr().err


def test_a_new_run_starts_from_the_weights_of_a_model_and_moves_them(tmp_path: Path) -> None:
    model = tmp_path / "model"
    learner = Trainer.prepared(_config(tmp_path)).run(Silent())
    export(learner, model, id="small", title="Small", recipe="small")
    again = Trainer.prepared(replace(_config(tmp_path, "again"), start=model))
    started = {k: v.clone() for k, v in again.state.weights.state_dict().items()}
    for key, value in learner.state_dict().items():
        assert torch.allclose(started[key], value, atol=2e-3), key  # half precision in the file
    trained = again.run(Silent()).state_dict()
    moved = {key.split(".")[0] for key in trained if not torch.equal(trained[key], started[key])}
    assert moved == {"network", "adapters"}


def test_a_second_network_is_trained_beside_the_first(tmp_path: Path) -> None:
    model = tmp_path / "model"
    learner = Trainer.prepared(_config(tmp_path)).run(Silent())
    export(learner, model, id="small", title="Small", recipe="small")
    main_network = (model / "predictor.safetensors").read_bytes()
    picture = np.random.default_rng(0).random((32, 32, 3), np.float32)
    plain = load_predictor("cpu", folder=model).restore(picture, "")
    arguments = [
        "predictor",
        *("--recipe", str(_recipe(tmp_path)), "--photos", str(_photos(tmp_path))),
        *("--start", str(model), "--out", str(model), "--network", "scratches"),
        *("--tasks", "old-photo", "--device", "cpu", "--workers", "0", "--steps", "6"),
    ]
    assert main([*arguments, "--run", str(tmp_path / "first")]) == 0
    second = model / "scratches.predictor.safetensors"
    assert network_file(model, ["old-photo"]) == second
    assert network_file(model, ["denoise"]) == model / "predictor.safetensors"
    assert verify(read_catalogue(model / "model.toml")) == []
    assert (model / "predictor.safetensors").read_bytes() == main_network
    predictor = load_predictor("cpu", folder=model)
    assert predictor.tasks == ["old-photo"]
    assert np.array_equal(predictor.restore(picture, ""), plain)
    predictor.restore(picture, "old-photo")  # on the network that it was trained with
    learned = second.read_bytes()
    goes_back = [a for a in arguments if a not in ("--network", "scratches")]
    assert main([*goes_back, "--run", str(tmp_path / "second")]) == 0
    assert second.read_bytes() != learned, "and it goes back to where it came from"
    assert (model / "predictor.safetensors").read_bytes() == main_network
    assert read_catalogue(model / "model.toml").id == "small"


def test_one_training_is_of_one_network(tmp_path: Path) -> None:
    learner = Trainer.prepared(_config(tmp_path)).run(Silent())
    model = tmp_path / "model"
    export(learner, model, id="small", title="Small", recipe="small")
    (model / "old-photo.safetensors").rename(model / "denoise.safetensors")
    learner.network.head.weight.data += 0.01  # another network
    export(learner, model, id="small", title="Small", recipe="small", name="other")
    with pytest.raises(WrongAdapter, match="several networks"):
        network_file(model, ["denoise", "old-photo"])
    (model / "other.predictor.safetensors").unlink()
    with pytest.raises(WrongAdapter, match="another version"):
        network_file(model, ["old-photo"])


def test_the_degrade_command_writes_a_sheet(tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    recipe, photos = str(_recipe(tmp_path)), str(_photos(tmp_path))
    assert main(["degrade", "--recipe", recipe, "--photos", photos, "--out", str(out)]) == 0
    assert out.stat().st_size > 1000


def test_a_wrong_recipe_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = _recipe(tmp_path, "size = 3")
    assert main(["degrade", "--recipe", str(recipe), "--photos", str(tmp_path)]) == 1
    assert "small.toml" in capsys.readouterr().err


def test_tasks_weigh_the_same_whatever_their_loss() -> None:
    balance = TaskBalance()
    for _ in range(20):
        hard, easy = balance.weight("dehaze", 0.2) * 0.2, balance.weight("artifacts", 0.01) * 0.01
    assert hard == pytest.approx(1)
    assert easy == pytest.approx(1)


def test_one_bad_crop_does_not_rule_the_step() -> None:
    balance = TaskBalance(means={"low-light": 0.1})
    assert balance.weight("low-light", 30.0) * 30 <= 4


@pytest.mark.parametrize("broken", [float("nan"), float("inf")])
def test_a_loss_that_is_not_finite_weighs_nothing_and_spoils_no_mean(broken: float) -> None:
    balance = TaskBalance(means={"low-light": 0.1})
    assert balance.weight("low-light", broken) == 0
    assert balance.weight("derain", broken) == 0
    assert balance.means == {"low-light": 0.1}
    assert balance.weight("low-light", 0.1) * 0.1 == pytest.approx(1)


def test_a_step_with_nan_is_skipped_and_the_next_one_is_not(tmp_path: Path) -> None:
    config = _config(tmp_path)
    trainer = Trainer.prepared(replace(config, pace=replace(config.pace, steps=2)))
    learner, untouched = trainer.state.weights, list[bool]()
    before = [weight.detach().clone() for weight in learner.parameters()]

    def loss(step: int) -> torch.Tensor:
        if step == 1:
            untouched.append(_all_equal(learner, before))
        crops, mask = torch.full((2, 3, 32, 32), 0.5), torch.zeros(2, 1, 32, 32)
        restored, logits = learner(("", ""), crops, mask)
        clean = torch.zeros_like(crops)
        if step == 0:
            clean[0] = torch.nan
        return trainer._balanced(("", ""), restored, clean, logits, mask)

    trainer.loop.run(loss, Silent(), 2)
    assert untouched == [True]
    assert not _all_equal(learner, before)
    assert np.isfinite(list(trainer.state.position.means.values())).all()


def _all_equal(module: torch.nn.Module, weights: list[torch.Tensor]) -> bool:
    return all(torch.equal(a, b) for a, b in zip(module.parameters(), weights, strict=True))


def test_the_logged_mean_leaves_out_what_is_not_finite(tmp_path: Path) -> None:
    loop = Loop(torch.nn.Linear(2, 2), Pace(), tmp_path)
    for value in (float("nan"), 2.0, float("inf"), 4.0):
        assert loop.note(torch.tensor(value)).isfinite() == np.isfinite(value)
    assert loop.state.position.means == {"loss": pytest.approx(2.02)}


def test_evenness_brings_easy_crops_up_to_hard_ones() -> None:
    balance = TaskBalance(evenness={"denoise": 1.0}, means={"denoise": 0.02, "artifacts": 0.02})
    errors = (0.005, 0.02, 0.06)
    even = [TaskBalance.weight(balance, "denoise", e) * e for e in errors]
    plain = [TaskBalance.weight(balance, "artifacts", e) * e for e in errors]
    assert max(even) < 1.1 * min(even)
    assert max(plain) > 10 * min(plain)


def test_a_crop_that_is_nearly_perfect_does_not_count_without_bound() -> None:
    balance = TaskBalance(evenness={"denoise": 1.0}, means={"denoise": 0.02})
    assert balance.weight("denoise", 1e-6) < 7 / 0.02


def test_damaged_places_count_more() -> None:
    clean = torch.zeros(1, 3, 4, 4)
    restored = torch.full_like(clean, 0.1)
    nowhere, everywhere = torch.zeros(1, 1, 4, 4), torch.ones(1, 1, 4, 4)
    plain = restoration_loss(restored, clean, nowhere)
    marked = restoration_loss(restored, clean, everywhere)
    assert torch.allclose(marked.square(), 5 * plain.square(), rtol=1e-4)


def test_blotches_count_more_than_grain() -> None:
    clean = torch.full((1, 3, 32, 32), 0.5)
    signs = torch.randint(0, 2, (1, 3, 32, 32), generator=torch.Generator().manual_seed(0))
    grain = 0.1 * (2 * signs - 1)
    blotches = grain[..., :4, :4].repeat_interleave(8, 2).repeat_interleave(8, 3)
    assert blotch_loss(clean + blotches, clean) > 4 * blotch_loss(clean + grain, clean)
    assert torch.allclose(blotch_loss(clean + 0.1, clean), torch.tensor(0.05), rtol=1e-3)


def test_finding_the_damage_is_rewarded() -> None:
    damage = torch.zeros(1, 1, 8, 8)
    damage[..., :3] = 1
    right, wrong = (damage - 0.5) * 20, (0.5 - damage) * 20
    assert damage_loss(right, damage) < 0.01 < damage_loss(wrong, damage)


def test_slow_steps_are_told_of_before_there_are_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = _config(tmp_path)
    config = replace(config, pace=replace(config.pace, steps=3, log_every=50))
    Trainer.prepared(config).run(Silent())
    assert not (config.run / "log.jsonl").exists()
    monkeypatch.setattr("trainer.loop._LATE", 0.0)
    late = replace(config, run=tmp_path / "late")
    Trainer.prepared(late).run(Silent())
    assert len(_losses(late)) == 3
