"""From what a user wants to the commands of the trainer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.backbones import backbones
from engine.resources import resource
from restorer_app.training_plan import adapter_file, batches, command, drafted, room, run_folder
from restorer_app.trainings import TASKS, Act, TrainingOrder, builds_on_draft
from trainer.cli import build_parser

PLACE = Path("trainings") / "mine"
PHOTOS = Path("my photos")
LITE = TrainingOrder(title="Mine", task="denoise", photos=PHOTOS, hours=1.5)
NANO = TrainingOrder(title="Mine", model="flux-nano", photos=PHOTOS, recipe="flux", hours=2)
LARGE = replace(NANO, model="flux1-schnell")
TEXTURE = replace(NANO, model="lite-texture")
PAINTED = replace(LARGE, photos=None, pictures=200)


def parsed(order: TrainingOrder, act: Act) -> dict[str, object]:
    """The command as the trainer itself reads it."""
    return vars(build_parser().parse_args(command(order, PLACE, act)))


def test_an_adapter_of_the_predictor_is_one_step() -> None:
    assert LITE.acts == (Act.PREDICTOR,)
    options = parsed(LITE, Act.PREDICTOR)
    assert options["json"]
    assert options["onto"] == resource("models", "lite")
    assert (options["tasks"], options["hours"]) == ("denoise", 1.5)
    assert (options["photos"], options["recipe"]) == (PHOTOS, resource("recipes", "lite.toml"))
    assert options["run"] == run_folder(PLACE)
    assert options["out"] == adapter_file(LITE, PLACE).parent
    assert adapter_file(LITE, PLACE).name == "denoise.safetensors"
    assert options["device"] == "auto"


def test_an_adapter_for_flux_is_trained_in_latents_of_the_same_pairs() -> None:
    assert LARGE.acts == (Act.LATENTS, Act.ADAPTER)
    latents, adapter = parsed(LARGE, Act.LATENTS), parsed(LARGE, Act.ADAPTER)
    assert latents["model"] == adapter["model"] == "flux1-schnell"
    assert latents["out"] == adapter["pool"]
    assert latents["side"] == 8 * max(adapter["sides"])  # type: ignore[call-overload]
    assert latents["count"] == batches(LARGE)
    assert latents["recipe"] == adapter["recipe"] == resource("recipes", "flux.toml")
    assert (adapter["title"], adapter["hours"], adapter["save_memory"]) == ("Mine", 2.0, True)
    assert adapter["out"] == adapter_file(LARGE, PLACE)


def test_flux_nano_learns_as_it_was_made() -> None:
    latents, adapter = parsed(NANO, Act.LATENTS), parsed(NANO, Act.ADAPTER)
    assert (latents["side"], adapter["sides"]) == (256, (32, 16, 16))
    assert (adapter["learning_rate"], adapter["save_memory"]) == (8e-4, False)


@pytest.mark.parametrize("order", [NANO, TEXTURE])
def test_a_name_may_begin_with_a_hyphen(order: TrainingOrder) -> None:
    options = parsed(replace(order, title="--night"), order.acts[-1])
    assert options["title"] == "--night"


def test_painted_pictures_are_selected_and_learned_from() -> None:
    assert PAINTED.acts == (Act.GENERATE, Act.SELECT, Act.LATENTS, Act.ADAPTER)
    generate, select = (command(PAINTED, PLACE, act) for act in (Act.GENERATE, Act.SELECT))
    out = str(PLACE / "painted")
    assert generate == [
        *("--json", "generate", "--model", "flux1-schnell", "--out", out, "--count", "200")
    ]
    kept = str(PLACE / "photos")
    assert select == ["--json", "select", out, "--out", kept, "--keep", "0.95"]
    assert parsed(PAINTED, Act.LATENTS)["photos"] == PLACE / "photos"


def test_guidance_for_a_texture_prior_learns_from_drafts_and_starts_from_ours() -> None:
    assert TEXTURE.acts == (Act.DRAFTS, Act.TEXTURE)
    drafts, texture = parsed(TEXTURE, Act.DRAFTS), parsed(TEXTURE, Act.TEXTURE)
    assert (drafts["photos"], drafts["recipe"]) == (PHOTOS, resource("recipes", "flux.toml"))
    assert drafts["out"] == texture["pool"]
    assert drafts["out"].stem == "flux"  # type: ignore[attr-defined]
    assert (drafts["count"], drafts["side"]) == (drafted(TEXTURE), 192)
    ours = resource("models", "lite-texture")
    assert (texture["onto"], texture["start"]) == (
        ours / "prior.safetensors",
        ours / "guidance.safetensors",
    )
    assert (texture["title"], texture["id"], texture["hours"]) == ("Mine", "lite-texture", 2.0)
    assert (texture["run"], texture["out"]) == (run_folder(PLACE), adapter_file(TEXTURE, PLACE))
    assert Act.TEXTURE.learns
    assert not Act.DRAFTS.continues


def test_what_builds_on_drafts_is_what_cannot_paint_out_of_noise() -> None:
    assert [spec.id for spec in backbones() if builds_on_draft(spec.id)] == ["lite-texture"]
    assert not builds_on_draft("lite")
    assert not builds_on_draft("of another catalogue")


def test_a_chosen_device_is_that_of_all_steps_that_know_one() -> None:
    order = replace(PAINTED, device="cuda")
    told = {act: "--device cuda" in " ".join(command(order, PLACE, act)) for act in order.acts}
    assert told == {
        Act.GENERATE: True,
        Act.SELECT: False,
        Act.LATENTS: True,
        Act.ADAPTER: True,
    }


def test_drafts_and_guidance_are_computed_on_the_chosen_device() -> None:
    order = replace(TEXTURE, device="cuda")
    assert {parsed(order, act)["device"] for act in order.acts} == {"cuda"}


def test_a_recipe_of_ones_own_is_taken_from_its_place() -> None:
    order = replace(LITE, recipe="/somewhere/mine.toml")
    assert parsed(order, Act.PREDICTOR)["recipe"] == Path("/somewhere/mine.toml")


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_its_recipe_and_its_adapter(task: str) -> None:
    order = replace(LITE, task=task)
    assert parsed(order, Act.PREDICTOR)["tasks"] == task
    assert (resource("models", "lite") / f"{task}.safetensors").is_file()


def test_long_trainings_see_more_pairs_within_bounds() -> None:
    for order, count in ((NANO, batches), (TEXTURE, drafted)):
        counts = [count(replace(order, hours=hours)) for hours in (0.01, 1, 4, 100)]
        assert counts == sorted(counts)
        assert counts[0] < counts[1] < counts[2]
        assert count(replace(order, hours=1000)) == counts[-1]


def test_room_grows_with_model_and_pictures() -> None:
    assert room(LITE) < room(NANO) < room(LARGE) < room(PAINTED)
    assert room(TEXTURE) < room(replace(TEXTURE, hours=2.5)) < room(LARGE)
    pair = 3 * 192 * 192 * 3
    assert room(TEXTURE) > drafted(TEXTURE) * pair


@pytest.mark.parametrize(
    "change",
    [
        {"task": "dehaze"},
        {"task": ""},
        {"photos": None, "pictures": 10},
        {"photos": None},
        {"pictures": 5},
        {"hours": 0.0},
        {"hours": float("nan")},
        {"model": "flux-nano"},
        {"model": "lite-texture"},
        {"model": "lite-texture", "task": "", "photos": None, "pictures": 20},
    ],
)
def test_what_does_not_go_together_is_no_order(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"trained for|come from|does not paint|no time"):
        replace(LITE, **change)  # type: ignore[arg-type]
