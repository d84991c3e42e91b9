"""From “Export” to jobs in the queue."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QMessageBox

from engine.files import load
from engine.fitting import SaveOptions
from engine.saving import save
from restorer_app.export import BadTemplate, ExportSettings
from restorer_app.gui import export_flow
from restorer_app.gui.export_flow import ExportFlow, export_settings, with_export
from restorer_app.gui.pages.export_choice import ExportChoice
from restorer_app.gui.watching import Watching
from restorer_app.settings import Settings
from tests.gui.rig import Rig


class Asked:
    """A user who answers the dialog in one way, and what was asked."""

    def __init__(self, answer: ExportChoice | None) -> None:
        self.answer, self.given = answer, list[dict[str, Any]]()
        self.start: ExportChoice | None = None

    def __call__(self, choice: ExportChoice, **more: Any) -> ExportChoice | None:
        self.start = choice
        self.given.append(more)
        return self.answer


class Flow:
    """An export flow whose settings a test can see."""

    def __init__(self, rig: Rig, settings: ExportSettings) -> None:
        self.settings = settings
        self.flow = ExportFlow(rig.window, rig.session, lambda: self.settings, self._keep)

    def _keep(self, settings: ExportSettings) -> None:
        self.settings = settings


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is said in message boxes."""
    texts: list[str] = []
    for name in ("information", "warning"):
        monkeypatch.setattr(QMessageBox, name, lambda _p, _t, text: texts.append(text))
    return texts


def ask(monkeypatch: pytest.MonkeyPatch, answer: ExportChoice | None) -> Asked:
    asked = Asked(answer)
    monkeypatch.setattr(export_flow, "ask_export", asked)
    return asked


def outputs(rig: Rig) -> list[str]:
    return [job.output.path.name for job in rig.queue.jobs if job.output is not None]


def test_what_is_selected_is_exported_as_chosen_and_the_choice_is_kept(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, out: Path, told: list[str]
) -> None:
    places = rig.open("a.png", "bb.png", "ccc.png")
    rig.session.set_selection(places[:2])
    flow = Flow(rig, ExportSettings(quality=80))
    asked = ask(monkeypatch, ExportChoice(folder=out, template="{name}", format="jpeg", quality=70))
    flow.flow.export_selection()
    assert asked.start == ExportChoice(quality=80)
    assert asked.given[0]["count"] == 2
    assert outputs(rig) == ["a.jpg", "bb.jpg"]
    assert (flow.settings.folder, flow.settings.quality) == (out, 70)
    assert told == []


def test_a_user_who_thinks_better_of_it_changes_nothing(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.open("a.png")
    flow = Flow(rig, ExportSettings())
    ask(monkeypatch, None)
    flow.flow.export_selection()
    assert not rig.queue.jobs
    assert flow.settings == ExportSettings()


def test_unreadable_photos_are_left_out_and_alone_ask_nothing(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, out: Path
) -> None:
    torn = rig.folder / "torn.png"
    torn.write_bytes(b"no picture")
    rig.session.open([torn])
    flow = Flow(rig, ExportSettings(folder=out, template="{name}"))
    asked = ask(monkeypatch, ExportChoice(folder=out, template="{name}"))
    flow.flow.export_all()
    assert not asked.given
    rig.open("a.png")
    flow.flow.export_all()
    assert asked.given[0]["count"] == 1
    assert outputs(rig) == ["a.png"]


def test_names_that_are_taken_are_told_of(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, out: Path, told: list[str]
) -> None:
    rig.open("a.png")
    out.mkdir()
    (out / "a.png").write_bytes(b"another picture")
    flow = Flow(rig, ExportSettings())
    ask(monkeypatch, ExportChoice(folder=out, template="{name}"))
    flow.flow.export_selection()
    assert outputs(rig) == ["a-2.png"]
    assert len(told) == 1
    assert "a-2.png" in told[0]
    assert (out / "a.png").read_bytes() == b"another picture"


def test_the_dialog_gets_a_true_example_and_a_size(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.session.open([rig.photo("a.png", (1200, 800))])
    rig.restore("denoise")
    flow = Flow(rig, ExportSettings())
    asked = ask(monkeypatch, None)
    flow.flow.export_selection()
    choice = ExportChoice(template="{name}-{preset}", format="jpeg")
    assert asked.given[0]["example"](choice) == "a-denoise.jpg"
    small, large = (
        asked.given[0]["estimate"](replace(choice, format=name)) for name in ("jpeg", "tiff")
    )
    assert small
    assert small != large
    with pytest.raises(BadTemplate):
        asked.given[0]["example"](replace(choice, template="{nonsense}"))


def test_export_settings_live_in_the_settings_of_the_program(out: Path) -> None:
    export = ExportSettings(folder=out, template="x-{name}", format="tiff", bits=16, mirror=True)
    kept = with_export(Settings(theme="light"), export)
    assert kept.theme == "light"
    assert export_settings(kept) == export
    assert export_settings(with_export(kept, ExportSettings())) == ExportSettings()


def test_a_watched_folder_is_worked_off_once_even_if_files_tell_nothing(rig: Rig) -> None:
    inbox = rig.folder / "inbox"
    inbox.mkdir()
    flow = Flow(rig, ExportSettings(template="{name}-done", metadata="none"))
    watching = Watching(rig.window, rig.session, flow.flow)
    watching.watch(inbox)
    photo = rig.photo("inbox/a.png")
    for _ in range(3):
        watching.look()
    assert outputs(rig) == ["a-done.png"]
    rig.finish()
    (inbox / "a-done.png").write_bytes(photo.read_bytes())  # as the engine would
    for _ in range(3):
        watching.look()
    assert outputs(rig) == ["a-done.png"]
    watching.stop()
    assert watching.folder is None
    rig.photo("inbox/later.png")
    for _ in range(3):
        watching.look()
    assert outputs(rig) == ["a-done.png"]


def test_two_exports_of_a_photo_get_two_names_though_neither_is_written_yet(rig: Rig) -> None:
    rig.open("a.png")
    rig.queue.pause()
    flow = Flow(rig, ExportSettings(template="{name}-done"))
    for _ in range(2):
        flow.flow.queue(rig.session.photos, flow.settings)
    assert outputs(rig) == ["a-done.png", "a-done-2.png"]


def test_an_own_preset_names_the_file_though_it_shows_the_result_of_another(rig: Rig) -> None:
    rig.open("a.png")
    rig.restore("denoise")
    rig.session.set_blend("strength", 0.3)
    own = rig.session.save_preset("Half as much")
    rig.session.choose_preset(own.id)
    assert not rig.current.needs_run
    flow = Flow(rig, ExportSettings(template="{name}-{preset}"))
    flow.flow.queue(rig.session.photos, flow.settings)
    assert outputs(rig) == ["a-half-as-much.png"]


def test_a_photo_taken_up_before_it_was_whole_is_taken_up_again(rig: Rig) -> None:
    inbox = rig.folder / "inbox"
    inbox.mkdir()
    flow = Flow(rig, ExportSettings(template="{name}-done"))
    watching = Watching(rig.window, rig.session, flow.flow, is_own=lambda path: False)
    watching.watch(inbox)
    whole = rig.photo("scan.png").read_bytes()
    (inbox / "scan.png").write_bytes(whole[:20])
    for _ in range(3):
        watching.look()
    (inbox / "scan.png").write_bytes(whole)
    for _ in range(3):
        watching.look()
    photo = rig.session.photo(inbox / "scan.png")
    assert photo is not None
    assert not photo.error
    assert "scan-done.png" in outputs(rig)
    watching.stop()


def test_what_an_export_saves_stays_when_its_photo_is_closed(rig: Rig) -> None:
    path = rig.open("a.png")[0]
    restored = rig.restore("denoise")
    flow = Flow(rig, ExportSettings(template="{name}-done"))
    flow.flow.queue(rig.session.photos, flow.settings)
    rig.session.close_photos([path])
    assert restored.exists(), "the job that saves it is running"
    rig.engine.saved()
    other = rig.folder / "other.npy"
    other.write_bytes(b"0")
    rig.results.keep(other)
    assert not restored.exists()


def test_folders_below_a_watched_one_are_made_again_where_that_is_asked(
    rig: Rig, out: Path
) -> None:
    inbox = rig.folder / "inbox"
    (inbox / "monday").mkdir(parents=True)
    flow = Flow(rig, ExportSettings(folder=out, mirror=True))
    watching = Watching(rig.window, rig.session, flow.flow)
    watching.watch(inbox)
    rig.photo("inbox/monday/a.png")
    for _ in range(2):
        watching.look()
    watching.stop()
    (job,) = rig.queue.jobs
    assert job.output is not None
    assert job.output.path.parent == out / "monday"


def test_what_arrives_is_restored_as_the_photo_on_screen_was_set(rig: Rig, out: Path) -> None:
    rig.open("a.png")
    rig.session.choose_preset("enlarge")
    rig.session.set_seed(7)
    inbox = rig.folder / "inbox"
    inbox.mkdir()
    flow = Flow(rig, ExportSettings(folder=out))
    watching = Watching(rig.window, rig.session, flow.flow)
    watching.watch(inbox)
    rig.session.choose_preset("denoise")
    rig.photo("inbox/b.png")
    for _ in range(2):
        watching.look()
    watching.stop()
    assert outputs(rig) == ["b-enlarge.png"]
    request = rig.queue.jobs[0].request
    assert (request.preset.scale, request.seed) == (2, 7)


def test_a_name_that_is_too_long_does_not_end_the_watch(
    rig: Rig, out: Path, told: list[str]
) -> None:
    inbox = rig.folder / "inbox"
    inbox.mkdir()
    flow = Flow(rig, ExportSettings(folder=out))
    watching = Watching(rig.window, rig.session, flow.flow)
    watching.watch(inbox)
    for name in ("写" * 80, "b"):
        rig.photo(f"inbox/{name}.png")
    for _ in range(2):
        watching.look()
    assert (watching.folder, told) == (inbox, [])
    watching.stop()
    assert outputs(rig) == ["b-auto.png"]


def test_a_photo_of_the_same_name_does_not_replace_the_picture_of_another(
    rig: Rig, out: Path
) -> None:
    first, second = rig.open("a/img.png", "b/img.png")
    flow = Flow(rig, ExportSettings(folder=out, template="{name}", collision="overwrite"))
    made = rig.restore("denoise")
    flow.flow.queue([rig.current], flow.settings)
    rig.engine.saved()
    recipe = SaveOptions(recipe='{"version": 1}', overwrite=True)
    save(load(first), out / "img.png", recipe)
    rig.session.set_current(second)
    planned = flow.flow.queue([rig.current], flow.settings)
    assert made.exists()
    assert [one.output.path.name for one in planned if one.output] == ["img-2.png"]
    rig.session.set_current(first)
    planned = flow.flow.queue([rig.current], flow.settings)
    assert [one.output.path.name for one in planned if one.output] == ["img.png"]


def test_what_is_exported_by_hand_into_a_watched_folder_is_not_taken_up(rig: Rig) -> None:
    rig.open("inbox/a.png")
    flow = Flow(rig, ExportSettings(template="{name}-done", metadata="none"))
    watching = Watching(rig.window, rig.session, flow.flow)
    watching.watch(rig.folder / "inbox")
    flow.flow.queue(rig.session.photos, flow.settings)
    rig.photo("inbox/a-done.png")  # as the engine would
    for _ in range(3):
        watching.look()
    watching.stop()
    assert outputs(rig) == ["a-done.png"]
