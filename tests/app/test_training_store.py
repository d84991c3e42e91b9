"""Trainings on disk, what is read of their logs, and what speaks against one beforehand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import CannotSave
from engine.resources import resource
from restorer_app.jobs import JobError
from restorer_app.own_adapters import own_adapters
from restorer_app.training_checks import (
    FEWEST,
    PHOTO_SUFFIXES,
    Doubt,
    Objection,
    doubt,
    photo_doubt,
    recipes_for,
)
from restorer_app.training_log import LossPoint, losses, share_done
from restorer_app.training_plan import adapter_file, room, run_folder
from restorer_app.training_store import FILE, TrainingStore
from restorer_app.trainings import Act, StepState, TrainingOrder
from tests.app.conftest import write_photo
from trainer import pairs

ERROR = JobError("BadRecipe", "It is wrong", "Mend it.")


@pytest.fixture
def store(tmp_path: Path) -> TrainingStore:
    return TrainingStore(tmp_path / "trainings")


def order(photos: Path, **changes: object) -> TrainingOrder:
    made = TrainingOrder(title="My Camera’s Noise", task="denoise", photos=photos)
    return replace(made, **changes)  # type: ignore[arg-type]


def photos(folder: Path, count: int = FEWEST) -> Path:
    for seed in range(count):
        write_photo(folder / "deep" / f"{seed}.JPG", seed)
    return folder


def test_a_training_comes_back_as_it_was_kept(store: TrainingStore, tmp_path: Path) -> None:
    first = store.create(order(tmp_path))
    assert first.name == "my-camera-s-noise"
    assert first.state is StepState.WAITING
    failed = replace(first.with_step(Act.PREDICTOR, state=StepState.FAILED, done=0.25), error=ERROR)
    store.save(failed)
    flux = TrainingOrder(title="Flux", model="flux-nano", pictures=20, recipe="flux")
    second = replace(store.create(flux), began="2999-01-01T00:00:00+00:00")
    store.save(second)
    guidance = TrainingOrder(title="Leaves", model="lite-texture", photos=tmp_path, recipe="flux")
    made = replace(store.create(guidance), began="3000-01-01T00:00:00+00:00")
    third = made.with_step(Act.DRAFTS, state=StepState.DONE, done=1.0)
    store.save(third)
    shelved = TrainingStore(store.folder).load()
    assert shelved.trainings == (third, second, failed)
    assert shelved.damaged == ()


def test_a_name_that_is_taken_is_refused(store: TrainingStore, tmp_path: Path) -> None:
    store.create(order(tmp_path))
    with pytest.raises(CannotSave, match="already"):
        store.create(order(tmp_path, title="my camera’s noise!"))
    (store.folder / "else").mkdir()
    assert store.is_taken("Else")
    assert not store.is_taken("Other")


def test_what_ran_when_the_program_was_killed_can_go_on(
    store: TrainingStore, tmp_path: Path
) -> None:
    training = store.create(order(tmp_path))
    store.save(training.with_step(Act.PREDICTOR, state=StepState.RUNNING))
    run = run_folder(store.place(training.name))
    run.mkdir()
    (run / "log.jsonl").write_text('{"done": 0.4, "loss": {"denoise": 0.2}}\n{"done": 0.', "utf-8")
    (found,) = store.load().trainings
    assert (found.state, found.current.done) == (StepState.STOPPED, 0.4)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"version": 1}',
        '{"version": 2, "began": "", "order": {}, "steps": [], "error": null}',
        '{"version": 1, "began": "", "order": {"photos": null}, "steps": [], "error": null}',
        "\x00" * 200,
    ],
)
def test_a_damaged_file_is_named_and_left_alone(
    store: TrainingStore, tmp_path: Path, text: str
) -> None:
    good, bad = store.create(order(tmp_path)), store.create(order(tmp_path, title="Bad"))
    path = store.place(bad.name) / FILE
    path.write_text(text, encoding="utf-8")
    shelved = store.load()
    assert ([one.name for one in shelved.trainings], shelved.damaged) == ([good.name], ("bad",))
    assert path.read_text(encoding="utf-8") == text


def test_steps_that_are_not_those_of_the_order_are_damage(
    store: TrainingStore, tmp_path: Path
) -> None:
    training = store.create(order(tmp_path))
    path = store.place(training.name) / FILE
    table = json.loads(path.read_text("utf-8"))
    table["steps"][0]["act"] = "latents"
    path.write_text(json.dumps(table), "utf-8")
    assert store.load().damaged == (training.name,)


def test_a_removed_training_leaves_nothing_and_follows_no_link(
    store: TrainingStore, tmp_path: Path
) -> None:
    training = store.create(order(tmp_path))
    place, kept = store.place(training.name), photos(tmp_path / "mine")
    (place / "run").mkdir()
    (place / "run" / "state.safetensors").write_bytes(b"x")
    (place / "photos").symlink_to(kept, target_is_directory=True)
    store.remove(training.name)
    assert not place.exists()
    assert store.load().trainings == ()
    assert len(list(kept.rglob("*.JPG"))) == FEWEST


def test_losses_are_read_as_far_as_they_can_be(tmp_path: Path) -> None:
    lines = [
        '{"done": 0.1, "loss": {"a": 0.4, "b": 0.2}}',
        "no json",
        '{"done": 0.2, "loss": {}}',
        '{"done": 0.2, "loss": {"a": NaN}}',
        '{"done": 0.5, "loss": {"a": 0.1}}',
        '{"done": 0.6, "lo',
    ]
    (tmp_path / "log.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert losses(tmp_path) == (LossPoint(0.1, pytest.approx(0.3)), LossPoint(0.5, 0.1))
    assert share_done(tmp_path) == 0.5
    assert losses(tmp_path / "none") == ()
    assert share_done(tmp_path / "none") == 0.0


def test_only_finished_adapters_are_there_to_choose(store: TrainingStore, tmp_path: Path) -> None:
    training = store.create(order(tmp_path))
    done = training.with_step(Act.PREDICTOR, state=StepState.DONE)
    path = adapter_file(done.order, store.place(done.name))
    assert own_adapters(store, [done]) == []
    path.parent.mkdir()
    path.write_bytes(b"x")
    assert own_adapters(store, [training]) == []
    (own,) = own_adapters(store, [done])
    assert (own.title, own.path, own.model, own.task) == (
        "My Camera’s Noise",
        path,
        "lite",
        "denoise",
    )


def doubted(
    order: TrainingOrder, store: TrainingStore, free: int = 10**12, memory: int = 10**12
) -> Doubt | None:
    return doubt(order, store, free=lambda _: free, memory=lambda: memory)


def test_nothing_speaks_against_a_sound_order(store: TrainingStore, tmp_path: Path) -> None:
    assert doubted(order(photos(tmp_path / "in")), store) is None


def test_names_and_photos_are_looked_at_before_the_start(
    store: TrainingStore, tmp_path: Path
) -> None:
    good = order(photos(tmp_path / "in"))
    few = photos(tmp_path / "few", FEWEST - 1)
    (few / "note.txt").write_text("not a photo")
    told = [
        doubted(replace(good, title=" – "), store),
        doubted(replace(good, photos=tmp_path / "none"), store),
        doubted(replace(good, photos=few), store),
        doubted(good, store, memory=1000),
        doubted(good, store, free=1000),
    ]
    store.create(good)
    told.append(doubted(good, store))
    assert [one.objection for one in told if one is not None] == [
        Objection.NO_NAME,
        Objection.NO_FOLDER,
        Objection.FEW_PHOTOS,
        Objection.MANY_PHOTOS,
        Objection.NO_SPACE,
        Objection.NAME_TAKEN,
    ]
    assert told[2] == Doubt(
        objection=Objection.FEW_PHOTOS, what=str(few), found=FEWEST - 1, needed=FEWEST
    )
    assert told[3] is not None
    assert told[3].needed == FEWEST * 24 * 16 * 3
    assert told[4] is not None
    assert (told[4].found, told[4].needed) == (1000, room(good))


def test_a_folder_that_may_not_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_path: object) -> None:
        raise PermissionError

    monkeypatch.setattr("restorer_app.training_checks.os.listdir", refused)
    told = photo_doubt(tmp_path)
    assert told is not None
    assert told.objection is Objection.UNREADABLE


@pytest.mark.parametrize(
    ("text", "objection"),
    [
        (None, Objection.NO_RECIPE),
        ("[tasks", Objection.NO_RECIPE),
        ("size = 3", Objection.NO_RECIPE),
        ("[tasks.derain]\nshare = 1", Objection.NO_TASK),
    ],
)
def test_a_recipe_that_does_not_teach_the_task_is_told(
    store: TrainingStore, tmp_path: Path, text: str | None, objection: Objection
) -> None:
    path = tmp_path / "mine.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    told = doubted(order(photos(tmp_path / "in"), recipe=str(path)), store)
    assert told == Doubt(objection=objection, what="mine.toml")


def test_our_recipes_are_found_by_what_they_teach() -> None:
    folder = resource("recipes")
    assert recipes_for("deblur", folder) == ["deblur", "flux", "lite"]
    assert "lite" in recipes_for("derain", folder)


def test_photographs_are_what_the_trainer_reads() -> None:
    assert PHOTO_SUFFIXES == pairs.SUFFIXES
