"""The state of the window without a window: photos, settings, results."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePath

import pytest

from engine.blend import Blend
from engine.photo import Box
from engine.preset import Preset, load_presets
from restorer_app.export import ExportSettings
from restorer_app.export_plan import ExportWish, Planned, plan_exports
from restorer_app.job_queue import JobQueue
from restorer_app.jobs import JobState
from restorer_app.photo_settings import needs_run
from restorer_app.photo_state import PhotoState
from restorer_app.result_cache import ResultCache
from restorer_app.session import Session
from tests.app.conftest import write_photo
from tests.app.engine_doubles import AUTO, DENOISE, HandEngine, destination

DEHAZE = Preset(
    id="dehaze", title="Dehaze", summary="s", task="dehaze", working_side=1000, strength=0.8
)
UPSCALE = Preset(id="upscale", title="Enlarge", summary="s", task="upscale", scale=2)
DEBLUR = Preset(id="deblur", title="Deblur", summary="s", task="deblur", deconvolves=True)
OLD = Preset(id="old-photo", title="Old photo", summary="s", task="old-photo", repairs=True)
PRESETS = {preset.id: preset for preset in (AUTO, DENOISE, DEHAZE, UPSCALE, DEBLUR, OLD)}
REGION = Box(0, 0, 10, 10)


class Desk:
    def __init__(self, folder: Path, limit: int = 10**9) -> None:
        self.folder = folder
        self.engines: list[HandEngine] = []
        self.queue = JobQueue(folder / "cache", lambda call: call(), open_engine=self._open)
        self.results = ResultCache(limit)
        self.session = Session(self.queue, PRESETS, self.results, preset_folder=folder / "presets")

    def _open(self, cache: Path, listen: object) -> HandEngine:
        self.engines.append(HandEngine(cache, listen))  # type: ignore[arg-type]
        return self.engines[-1]

    @property
    def engine(self) -> HandEngine:
        return self.engines[-1]

    @property
    def current(self) -> PhotoState:
        assert self.session.current is not None
        return self.session.current

    def open(self, *names: str) -> list[Path]:
        paths = [write_photo(self.folder / name, i) for i, name in enumerate(names)]
        self.session.open(paths)
        return paths

    def preview(self, preset: str) -> Path:
        """Choose, run, finish."""
        self.session.choose_preset(preset)
        self.session.run_preview()
        return self.engine.finish()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def names(desk: Desk) -> list[str]:
    return [photo.path.name for photo in desk.session.photos]


def test_folders_are_opened_in_depth_each_file_once_with_errors_for_the_unreadable(
    desk: Desk,
) -> None:
    folder = desk.folder / "in"
    for name in ("img10.png", "img2.png", "deep/er/x.jpg", ".hidden.png"):
        write_photo(folder / name)
    (folder / "print.PSD").write_bytes(b"8BPS" + bytes(100))
    (folder / "broken.jpg").write_bytes(b"no picture")
    (folder / "notes.txt").write_text("no photo")
    opened = desk.session.open([folder / "img2.png", folder, folder / "gone.png"])
    assert names(desk) == [
        "img2.png", "broken.jpg", "img10.png", "print.PSD", "x.jpg", "gone.png"
    ]  # fmt: skip
    assert (len(opened.added), opened.known, opened.unreadable) == (6, 0, 3)
    errors = {p.path.name: p.error for p in desk.session.photos if p.error}
    assert set(errors) == {"broken.jpg", "print.PSD", "gone.png"}
    assert "does not exist" in errors["gone.png"]
    assert desk.session.open([folder / "deep"]).known == 1
    assert desk.current.path.name == "img2.png"


def test_a_text_named_by_itself_becomes_an_entry_that_says_why(desk: Desk) -> None:
    path = desk.folder / "notes.txt"
    path.write_text("no photo")
    desk.session.open([path])
    assert "not a picture" in desk.current.error
    assert desk.session.run_preview() == []


def test_the_next_photo_follows_a_closed_one(desk: Desk) -> None:
    a, b, c = desk.open("a.png", "b.png", "c.png")
    desk.session.set_current(b)
    desk.session.set_selection([b, c])
    desk.session.close_photos([b])
    assert desk.current.path == c
    assert [photo.path for photo in desk.session.selection] == [c]
    desk.session.close_photos([a, c])
    assert desk.session.current is None


def test_stepping_ends_at_the_ends(desk: Desk) -> None:
    a, _, c = desk.open("a.png", "b.png", "c.png")
    desk.session.step(-1)
    assert desk.current.path == a
    desk.session.step(5)
    assert desk.current.path == c


def test_only_what_the_result_depends_on_needs_a_run(desk: Desk) -> None:
    desk.open("a.png")
    desk.session.choose_preset("denoise")
    before = desk.current.settings
    desk.session.set_blend("strength", 0.3)
    desk.session.set_brushes(desk.folder / "keep.png", None)
    assert not needs_run(before, desk.current.settings)
    for change in (
        lambda: desk.session.set_scale(2),
        lambda: desk.session.set_sensitivity(0.8),
        lambda: desk.session.set_seed(1),
        lambda: desk.session.set_mask(desk.folder / "mask.png"),
        lambda: desk.session.set_model("other"),
        lambda: desk.session.choose_preset("dehaze"),
    ):
        before = desk.current.settings
        change()
        assert needs_run(before, desk.current.settings)


def test_sensitivity_goes_back_to_the_presets_and_into_an_own_one(desk: Desk) -> None:
    desk.open("a.png")
    desk.session.choose_preset("denoise")
    desk.session.set_sensitivity(1.5)
    assert desk.current.settings.sensitivity == 1
    assert desk.current.settings.request(desk.current.path).preset.sensitivity == 1
    own = desk.session.save_preset("Full of cracks", "")
    assert desk.session.presets[own.id].sensitivity == 1
    desk.session.reset("sensitivity")
    assert desk.current.settings.sensitivity == 0.5
    desk.session.choose_preset(own.id)
    assert desk.current.settings.sensitivity == 1


def test_a_preview_becomes_a_variant_and_leaves_the_queue(desk: Desk) -> None:
    desk.open("a.png")
    assert desk.current.needs_run
    desk.preview("denoise")
    assert not desk.current.needs_run
    assert desk.current.shown is not None
    assert (desk.current.shown.number, desk.current.shown.title) == (1, "Denoise")
    assert desk.queue.jobs == ()
    assert desk.session.run_preview() == []


def test_going_back_to_earlier_settings_shows_their_variant_without_a_run(desk: Desk) -> None:
    desk.open("a.png")
    desk.preview("denoise")
    desk.session.set_blend("strength", 0.4)
    desk.preview("upscale")
    assert [variant.number for variant in desk.current.variants] == [1, 2]
    desk.session.choose_variant(1)
    assert desk.current.settings.preset.id == "denoise"
    assert desk.current.blend.strength == 0.4
    assert not desk.current.needs_run
    desk.session.choose_preset("upscale")
    assert desk.current.shown is desk.current.variants.numbered(2)
    assert len(desk.engine.runs) == 2


def test_the_tenth_result_takes_the_place_of_the_one_seen_longest_ago(desk: Desk) -> None:
    desk.open("a.png")
    files = []
    desk.session.choose_preset("denoise")
    for seed in range(9):
        desk.session.set_seed(seed)
        desk.session.run_preview()
        files.append(desk.engine.finish())
    desk.session.choose_variant(1)
    desk.session.set_seed(9)
    desk.session.run_preview()
    desk.engine.finish()
    assert desk.current.shown is not None
    assert desk.current.shown.number == 2
    assert [path.exists() for path in files[:3]] == [True, False, True]


def test_the_region_comes_first_and_goes_when_the_whole_is_there(desk: Desk) -> None:
    desk.open("a.png")
    desk.session.choose_preset("denoise")
    jobs = desk.session.run_preview(REGION)
    assert [job.request.region for job in jobs] == [REGION, None]
    assert desk.engine.runs[0][1].region == REGION
    region = desk.engine.finish()
    assert desk.current.region_result is not None
    assert desk.current.needs_run
    desk.engine.finish()
    assert desk.current.region_result is None
    assert not region.exists()
    assert desk.current.shown is not None


@pytest.mark.parametrize(
    ("preset", "runs"), [("auto", 2), ("dehaze", 2), ("deblur", 2), ("old-photo", 1)]
)
def test_what_is_the_same_in_the_whole_is_run_on_a_region(
    desk: Desk, preset: str, runs: int
) -> None:
    desk.open("a.png")
    desk.session.choose_preset(preset)
    assert len(desk.session.run_preview(REGION)) == runs


def test_a_region_that_the_autopilot_has_repaired_is_not_shown(desk: Desk) -> None:
    desk.open("a.png")
    desk.session.choose_preset("auto")
    desk.session.run_preview(REGION)
    region = desk.engine.finish(preset=PRESETS["old-photo"])
    assert desk.current.region_result is None, "what is damaged is judged by the whole"
    assert not region.exists()
    desk.engine.finish(preset=PRESETS["old-photo"])
    assert desk.current.shown is not None


@pytest.mark.parametrize(("preset", "runs"), [("auto", 1), ("deblur", 1), ("denoise", 2)])
def test_no_region_is_run_where_a_blur_may_be_read_behind_what_was_filled(
    desk: Desk, preset: str, runs: int
) -> None:
    desk.open("a.png")
    desk.session.choose_preset(preset)
    desk.session.set_mask(desk.current.path)
    assert len(desk.session.run_preview(REGION)) == runs


def test_a_region_of_other_settings_is_not_kept(desk: Desk) -> None:
    desk.open("a.png")
    desk.session.choose_preset("denoise")
    desk.session.run_preview(REGION)
    region = desk.engine.finish()
    desk.session.set_blend("strength", 0.5)
    assert region.exists()
    desk.session.choose_preset("upscale")
    assert desk.current.region_result is None
    assert not region.exists()


def test_a_photo_that_was_changed_since_is_exported_as_it_is_now(desk: Desk) -> None:
    desk.open("a.png")
    desk.session.choose_preset("denoise")
    desk.session.run_preview()
    result = desk.engine.finish()
    photo = desk.current.path
    planned = Planned(photo, destination(desk.folder / "out.png"), "")
    photo.unlink()
    write_photo(photo, 9, (30, 20))
    (job,) = desk.session.export([planned])
    assert job.result is None, "it is restored anew"
    assert not result.exists()
    assert desk.current.shown is None


def test_a_photo_that_is_away_keeps_its_result(desk: Desk) -> None:
    desk.open("a.png")
    desk.session.choose_preset("denoise")
    desk.session.run_preview()
    desk.engine.finish()
    desk.current.path.rename(desk.folder / "away")
    assert not desk.session.refresh(desk.current)
    assert desk.current.shown is not None


def test_a_new_run_stops_the_old_one_of_the_photo(desk: Desk) -> None:
    desk.open("a.png")
    desk.session.choose_preset("denoise")
    (old,) = desk.session.run_preview()
    assert desk.session.run_preview() == []
    desk.session.choose_preset("upscale")
    (new,) = desk.session.run_preview()
    assert desk.engine.cancelled == [old.id]
    late = desk.engine.finish()
    assert not late.exists()
    assert desk.queue.running is new
    desk.engine.finish()
    assert [variant.title for variant in desk.current.variants] == ["Enlarge"]


def test_a_failed_preview_says_why_and_can_be_tried_again(desk: Desk) -> None:
    desk.open("a.png")
    desk.session.run_preview()
    desk.engine.fail("OutOfMemory", "It is too large.")
    assert str(desk.current.failure) == "It is too large. Look at it."
    assert desk.current.preview is None
    desk.session.run_preview()
    assert desk.current.failure is None


def test_a_photo_that_has_gone_fails_its_preview(desk: Desk) -> None:
    (path,) = desk.open("a.png")
    path.unlink()
    desk.session.run_preview()
    assert desk.current.preview is None
    assert "a.png" in str(desk.current.failure)


def test_sliders_show_what_the_autopilot_proposed_until_they_are_moved(desk: Desk) -> None:
    desk.open("a.png")
    desk.session.run_preview()
    desk.engine.finish(preset=DEHAZE)
    assert desk.current.blend == Blend(strength=0.8)
    assert desk.current.shown is not None
    assert desk.current.shown.title == "Dehaze"
    desk.session.set_blend("grain", 0.5)
    assert desk.current.blend == Blend(strength=0.8, grain=0.5)
    desk.session.reset("grain")
    assert desk.current.blend == Blend(strength=0.8)
    desk.session.reset_all()
    assert desk.current.settings.blend is None


def test_dragging_is_one_step_and_undo_brings_everything_back(desk: Desk) -> None:
    desk.open("a.png")
    desk.preview("denoise")
    for value in (0.9, 0.5, 0.2):
        desk.session.set_blend("strength", value, live=True)
    desk.session.commit()
    desk.session.set_scale(4)
    assert desk.session.history.titles == ("Preset: Denoise", "Strength", "Size: 4x")
    assert desk.session.undo() == "Size: 4x"
    assert not desk.current.needs_run
    desk.session.undo()
    assert desk.current.blend.strength == 1.0
    desk.session.redo()
    assert desk.current.blend.strength == 0.2


def test_settings_are_pasted_to_the_selection_in_one_step_and_masks_stay(desk: Desk) -> None:
    a, b, c = desk.open("a.png", "b.png", "c.png")
    desk.session.choose_preset("upscale")
    desk.session.set_blend("colour", 0.25)
    desk.session.set_mask(desk.folder / "mask-of-a.png")
    desk.session.copy_settings()
    desk.session.set_selection([b, c])
    assert desk.session.paste_settings() == 2
    for path in (b, c):
        photo = desk.session.photo(path)
        assert photo is not None
        assert (photo.settings.preset.id, photo.blend.colour) == ("upscale", 0.25)
        assert photo.settings.mask is None
    desk.session.undo()
    photo = desk.session.photo(c)
    assert photo is not None
    assert photo.settings.preset.id == "auto"
    assert desk.current.path == a


def test_undo_passes_over_photos_that_were_closed(desk: Desk) -> None:
    a, b = desk.open("a.png", "b.png")
    desk.session.choose_preset("upscale")
    desk.session.close_photos([a])
    desk.session.undo()
    assert desk.current.path == b


def test_a_saved_preset_is_chosen_like_any_other_and_deleted(desk: Desk) -> None:
    desk.open("a.png")
    desk.preview("denoise")
    desk.session.set_blend("strength", 0.3)
    saved = desk.session.save_preset("Soft")
    assert load_presets([desk.folder / "presets"])["soft"] == saved
    desk.session.choose_preset("soft")
    assert desk.current.blend.strength == 0.3
    assert not desk.current.needs_run
    assert desk.session.delete_preset("soft")
    assert not desk.session.delete_preset("denoise")
    assert "soft" not in desk.session.presets


def test_results_beyond_the_limit_are_given_up_but_not_the_one_shown(tmp_path: Path) -> None:
    desk = Desk(tmp_path, limit=1500)
    desk.open("a.png")
    first = desk.preview("denoise")
    second = desk.preview("upscale")
    assert [first.exists(), second.exists()] == [False, True]
    desk.session.choose_preset("denoise")
    assert desk.current.needs_run
    third = desk.preview("denoise")
    assert desk.current.shown is not None
    assert desk.current.shown.number == 1
    assert third.exists()


def test_closing_leaves_no_result(desk: Desk) -> None:
    desk.open("a.png")
    desk.preview("denoise")
    desk.session.set_seed(1)
    desk.session.run_preview(REGION)
    desk.engine.finish()
    desk.session.close()
    desk.engine.finish()
    assert list((desk.folder / "cache").iterdir()) == []


def wishes(desk: Desk) -> list[ExportWish]:
    return [
        ExportWish(source=p.path, root=p.root, preset=p.settings.preset.id)
        for p in desk.session.photos
    ]


def test_export_saves_what_is_shown_and_runs_what_is_not(desk: Desk) -> None:
    a, b = desk.open("a.png", "b.png")
    shown = desk.preview("denoise")
    desk.session.set_blend("strength", 0.3)
    desk.session.set_current(b)
    desk.session.choose_preset("upscale")
    settings = ExportSettings(folder=desk.folder / "out")
    from datetime import date

    jobs = desk.session.export(plan_exports(wishes(desk), settings, day=date(2026, 1, 2)))
    assert [job.source for job in jobs] == [a, b]
    _, result, path, _ = desk.engine.saves[0]
    assert path.name == "a-denoise.png"
    assert result.preset.strength == 0.3
    desk.engine.saved()
    assert shown.exists()
    assert desk.engine.runs[-1][1].preset.id == "upscale"
    desk.engine.finish()
    desk.engine.saved()
    assert [job.state for job in jobs] == [JobState.DONE, JobState.DONE]


def test_the_list_takes_another_order_and_stays_in_it(desk: Desk) -> None:
    a, _, c = desk.open("a.png", "b.png", "c.png")
    desk.session.arrange([c, a])
    assert names(desk) == ["c.png", "a.png", "b.png"]
    desk.open("d.png")
    assert names(desk) == ["c.png", "a.png", "b.png", "d.png"]
    desk.session.set_current(c)
    desk.session.step(1)
    assert desk.current.path == a


def test_several_photos_are_restored_in_the_order_they_are_named(desk: Desk) -> None:
    a, b, c = desk.open("a.png", "b.png", "c.png")
    jobs = desk.session.run_previews([b, c, desk.folder / "not open.png"])
    assert [job.source for job in jobs] == [b, c]
    assert desk.session.run_previews([b, c]) == []
    assert desk.session.photo(a) is not None
    desk.engine.finish()
    desk.engine.finish()
    assert desk.engine.asked == ["b.png", "c.png"]
    assert [len(photo.variants) for photo in desk.session.photos] == [0, 1, 1]


def test_masks_belong_to_the_photo_they_were_painted_on_and_survive_a_reset(desk: Desk) -> None:
    a, b = desk.open("a.png", "b.png")
    mask = desk.folder / "mask.png"
    first = desk.current
    desk.session.set_current(b)
    desk.session.set_brushes(mask, None, first)
    assert (first.settings.keep, desk.current.settings.keep) == (mask, None)
    desk.session.set_current(a)
    desk.session.set_blend("grain", 0.5)
    desk.session.reset_all()
    assert first.settings.keep == mask
    assert first.settings.blend is None
    desk.session.undo()
    desk.session.undo()
    desk.session.undo()
    assert first.settings.keep is None


def test_another_device_is_for_photos_without_results(desk: Desk) -> None:
    a, b = desk.open("a.png", "b.png")
    desk.preview("denoise")
    desk.session.use_device("cpu")
    devices = {photo.path: photo.settings.device for photo in desk.session.photos}
    assert devices == {a: "auto", b: "cpu"}
    assert not desk.current.needs_run


def test_a_photo_left_as_it_is_proposes_no_strength_of_zero_and_is_saved_to_the_bit(
    desk: Desk,
) -> None:
    (a,) = desk.open("a.png")
    desk.session.run_preview()
    desk.engine.finish(preset=replace(AUTO, task="nothing", strength=0.0))
    assert desk.current.blend.strength == 1
    wishes = [ExportWish(source=a, root=a.parent, preset="auto")]
    settings = ExportSettings(folder=desk.folder / "out")
    (job,) = desk.session.export(plan_exports(wishes, settings, day=date(2024, 5, 6)))
    assert job.result is not None
    assert job.result.preset.strength == 0


def test_a_failure_is_not_told_of_other_settings(desk: Desk) -> None:
    desk.open("a.png")
    desk.preview("denoise")
    desk.session.choose_preset("upscale")
    desk.session.run_preview()
    desk.engine.fail()
    assert desk.current.failure is not None
    desk.session.choose_preset("denoise")
    assert desk.current.failure is None
    assert not desk.current.needs_run


def test_a_run_that_fails_after_other_settings_were_chosen_is_no_failure_of_these(
    desk: Desk,
) -> None:
    desk.open("a.png")
    desk.preview("denoise")
    desk.session.choose_preset("upscale")
    desk.session.run_preview()
    desk.session.choose_preset("denoise")
    desk.engine.fail()
    assert desk.current.failure is None


def test_an_export_tries_anew_what_failed(desk: Desk) -> None:
    (path,) = desk.open("a.png")
    desk.session.run_preview()
    desk.engine.fail()
    wish = ExportWish(source=path, root=desk.folder, preset="auto")
    planned = plan_exports([wish], ExportSettings(), day=date(2026, 1, 1))
    assert len(desk.session.export(planned)) == 1
    assert desk.current.failure is None


def test_a_preset_chosen_while_no_photo_is_open_is_what_the_next_one_starts_with(
    desk: Desk,
) -> None:
    assert desk.session.start is AUTO
    desk.session.choose_preset("denoise")
    desk.open("a.png", "b.png")
    assert [photo.settings.preset for photo in desk.session.photos] == [DENOISE, DENOISE]
    desk.session.choose_preset("upscale")
    assert desk.session.start is DENOISE
    assert desk.session.history.titles == ("Preset: Enlarge",)


def test_a_shipped_preset_comes_back_when_the_one_in_front_of_it_is_deleted(desk: Desk) -> None:
    shipped = load_presets()["denoise"]
    folder = desk.folder / "presets"
    folder.mkdir()
    (folder / "denoise.toml").write_text(
        'id = "denoise"\ntitle = "Mine"\nsummary = "s"\ntask = "denoise"\n', encoding="utf-8"
    )
    assert desk.session.delete_preset("denoise")
    assert desk.session.presets["denoise"] == shipped


def test_a_large_selection_is_found_by_few_comparisons(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 60
    write_photo(desk.folder / "0.png")
    for number in range(1, count):
        shutil.copy(desk.folder / "0.png", desk.folder / f"{number}.png")
    desk.session.open([desk.folder])
    compared: list[object] = []
    equal = PurePath.__eq__

    def count_comparison(path: PurePath, other: object) -> bool:
        compared.append(other)
        return equal(path, other)

    monkeypatch.setattr(PurePath, "__eq__", count_comparison)
    desk.session.set_selection([Path(str(photo.path)) for photo in desk.session.photos])
    assert list(desk.session.selection) == list(desk.session.photos)
    assert len(compared) <= 4 * count


def test_results_that_are_there_are_queued_in_one_step(desk: Desk) -> None:
    desk.open("a.png", "b.png", "c.png")
    for photo in list(desk.session.photos)[:2]:
        desk.session.set_current(photo.path)
        desk.preview("denoise")
    changes: list[None] = []
    desk.queue.list_changed.connect(lambda: changes.append(None))
    settings = ExportSettings(folder=desk.folder / "out")
    jobs = desk.session.export(plan_exports(wishes(desk), settings, day=date(2026, 1, 2)))
    assert [job.source.name for job in jobs] == ["a.png", "b.png", "c.png"]
    assert [job.keep_result for job in jobs] == [True, True, False]
    assert len(changes) == 2  # what is there, and what is to be run


def test_many_previews_come_and_go_in_one_step(desk: Desk) -> None:
    paths = desk.open(*(f"{number}.png" for number in range(12)))
    changes: list[None] = []
    desk.queue.list_changed.connect(lambda: changes.append(None))
    desk.session.run_previews(paths)
    assert (len(desk.queue.jobs), len(changes)) == (12, 1)
    desk.queue.cancel_all()
    assert len(changes) == 2
    assert [job.source for job in desk.queue.jobs] == paths[:1]  # it has to stop first
    desk.engine.stop()
    changes.clear()
    desk.session.run_previews(paths)
    desk.session.close_photos(paths[1:])
    assert len(changes) == 2
    assert [job.source for job in desk.queue.jobs] == paths[:1]
    assert desk.queue.running is desk.queue.jobs[0]
