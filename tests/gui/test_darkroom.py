"""What happens to the photo on screen, over an engine in the hands of the test."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from engine.messages import Drafted, Painted
from engine.photo import Photo
from engine.request import RestoreResult
from restorer_app.gui.compare.brush import Masks
from restorer_app.gui.darkroom import photo_loader
from restorer_app.jobs import JobState
from tests.app.conftest import write_photo
from tests.app.engine_doubles import AUTO
from tests.gui.rig import Rig

SPOT = Masks(keep=np.pad(np.ones((2, 2), np.float32), ((1, 1), (1, 3))))
"""As a brush leaves it on a photo of 24 x 16."""


def keep_on_screen(rig: Rig) -> np.ndarray | None:
    return rig.window.view.masks().keep


def paint(rig: Rig, masks: Masks = SPOT) -> None:
    rig.window.view.set_masks(masks)


def test_a_gray_cut_out_is_shown_as_it_will_be_saved(rig: Rig) -> None:
    path = rig.folder / "cut.png"
    Image.fromarray(np.full((16, 24, 2), 90, np.uint8), "LA").save(path)
    rig.session.open([path])
    rig.wait()
    rig.restore("enlarge")
    source, result = rig.window.view.photo, rig.window.view.variants[0]
    assert source is not None
    assert source.alpha is not None
    assert result.alpha is source.alpha
    assert result.gray


def test_a_stroke_is_one_step_that_is_undone_on_screen_too(rig: Rig, qtbot: QtBot) -> None:
    rig.open("a.png")
    paint(rig)
    qtbot.waitUntil(lambda: rig.current.settings.keep is not None)
    assert rig.session.history.titles == ("Brush",)
    rig.session.undo()
    assert rig.current.settings.keep is None
    assert keep_on_screen(rig) is None
    rig.session.redo()
    np.testing.assert_array_equal(keep_on_screen(rig), SPOT.keep)
    qtbot.wait(600)  # longer than the brush rests before masks are written
    assert rig.session.history.titles == ("Brush",)


def test_undo_right_after_a_stroke_takes_back_that_stroke(rig: Rig) -> None:
    rig.open("a.png")
    paint(rig)
    rig.darkroom.settle()
    rig.session.undo()
    assert keep_on_screen(rig) is None
    assert rig.session.history.redo_title == "Brush"


def test_a_stroke_is_kept_when_the_user_turns_to_another_photo_at_once(
    rig: Rig, qtbot: QtBot
) -> None:
    first, second = rig.open("a.png", "bb.png")
    paint(rig)
    rig.session.set_current(second)
    rig.wait()
    assert keep_on_screen(rig) is None
    assert rig.current.settings.keep is None
    rig.session.set_current(first)
    rig.wait()
    np.testing.assert_array_equal(keep_on_screen(rig), SPOT.keep)
    qtbot.wait(600)
    assert rig.session.history.titles == ("Brush",)


def test_a_result_of_settings_that_were_left_does_not_bring_them_back(rig: Rig) -> None:
    rig.open("a.png")
    rig.restore("denoise")
    rig.session.set_seed(7)
    rig.session.run_preview()
    rig.session.choose_preset("enlarge")
    rig.finish()
    assert len(rig.window.view.variants) == 2
    assert rig.current.settings.preset.id == "enlarge"
    assert rig.window.view.variant == 0


def test_flipping_brings_the_settings_of_a_result_with_it(rig: Rig) -> None:
    rig.open("a.png")
    rig.restore("denoise")
    rig.restore("enlarge")
    rig.window.view.show_variant(0)
    assert rig.current.settings.preset.id == "denoise"
    assert rig.window.cards.selected == "denoise"
    rig.window.view.show_variant(-1)
    assert rig.current.settings.preset.id == "denoise"


def test_a_stroke_stays_with_its_result_when_another_is_shown_at_once(rig: Rig) -> None:
    rig.open("a.png")
    rig.restore("denoise")
    rig.restore("enlarge")
    view = rig.window.view
    view.show_variant(0)
    paint(rig)
    view.show_variant(1)
    rig.darkroom.settle()
    assert view.variant == 1
    assert rig.current.settings.preset.id == "enlarge"
    assert rig.current.settings.keep is None
    assert keep_on_screen(rig) is None
    view.show_variant(0)
    np.testing.assert_array_equal(keep_on_screen(rig), SPOT.keep)


def test_results_given_up_for_room_are_not_offered(rig: Rig) -> None:
    rig.open("a.png")
    places = [rig.restore(preset) for preset in ("denoise", "enlarge")]
    places[0].unlink()
    rig.restore("auto")
    assert [picture.name for picture in rig.window.view.variants] == ["Enlarge", "Auto"]
    rig.window.view.show_variant(0)
    assert rig.current.settings.preset.id == "enlarge"
    assert len(rig.darkroom._shelf._pictures) == 2


def test_a_late_photo_is_not_shown_in_place_of_another(
    rig: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = rig.open("a.png", "bb.png")
    gate, real = threading.Event(), photo_loader.load

    def slow(path: Path) -> Photo:
        assert gate.wait(30)
        return real(path)

    monkeypatch.setattr(photo_loader, "load", slow)
    rig.session.set_current(second)
    assert rig.darkroom.photo is None
    strength = rig.current.blend.strength
    rig.window.adjustments.changed.emit("strength", 0.3)
    assert rig.current.blend.strength == strength
    qtbot.waitUntil(lambda: "bb.png" in rig.window._note.text())
    rig.session.set_current(first)
    gate.set()
    rig.wait()
    assert not rig.window._note.isVisible()
    qtbot.wait(100)
    assert rig.darkroom.photo is not None
    assert rig.darkroom.photo.source == first


def test_a_photo_that_vanished_says_so_and_the_next_one_opens(rig: Rig, qtbot: QtBot) -> None:
    first, second = rig.open("a.png", "bb.png")
    second.unlink()
    rig.session.set_current(second)
    qtbot.waitUntil(lambda: bool(rig.current.error))
    assert rig.window._note.text() == rig.current.error
    assert rig.window.view.photo is None
    assert not rig.window.adjustments.slider("strength").isEnabled()
    rig.session.set_current(first)
    rig.wait()
    assert not rig.window._note.isVisible()
    assert rig.window.adjustments.slider("strength").isEnabled()


def test_a_photo_that_was_away_for_a_moment_is_read_when_it_is_back(rig: Rig, qtbot: QtBot) -> None:
    first, second = rig.open("a.png", "bb.png")
    away = second.rename(second.with_name("away"))
    rig.session.set_current(second)
    qtbot.waitUntil(lambda: bool(rig.current.error))
    away.rename(second)
    rig.session.set_current(first)
    rig.wait()
    rig.session.set_current(second)
    rig.wait()
    assert not rig.current.error
    assert not rig.window._note.isVisible()
    assert rig.window.view.photo is not None


def test_a_photo_that_was_away_is_restored_when_that_is_asked_for(rig: Rig, qtbot: QtBot) -> None:
    (photo,) = rig.open("a.png")
    away = photo.rename(photo.with_name("away"))
    rig.session.set_current(None)
    rig.loader.keep_only([])
    rig.session.set_current(photo)
    qtbot.waitUntil(lambda: bool(rig.current.error))
    away.rename(photo)
    rig.darkroom.run()
    qtbot.waitUntil(lambda: rig.current.preview is not None)


def test_a_photo_that_another_program_changed_is_read_and_restored_anew(
    rig: Rig, qtbot: QtBot
) -> None:
    (photo,) = rig.open("a.png")
    rig.darkroom.run()
    result = rig.finish()
    assert rig.current.shown is not None
    assert not rig.darkroom.look_again(), "it is the same still"
    photo.unlink()
    write_photo(photo, 7, (30, 20))
    assert rig.darkroom.look_again()
    assert rig.current.shown is None
    assert not result.exists()
    rig.wait()
    shown = rig.window.view.photo
    assert shown is not None
    assert (shown.size.width, shown.size.height) == (30, 20)
    rig.darkroom.run()
    assert rig.current.preview is not None


def test_the_part_in_sight_is_restored_first_and_shown_until_the_whole_is_there(
    rig: Rig, qtbot: QtBot
) -> None:
    rig.session.open([rig.photo("large.png", (2600, 1400))])
    rig.wait()
    rig.session.choose_preset("denoise")
    rig.window.view.set_percent(400)
    rig.darkroom.run()
    requests = [job.request for job in rig.queue.jobs]
    assert [request.region is not None for request in requests] == [True, False]
    rig.finish()
    assert rig.current.region_result is not None
    live = rig.window.view._live
    assert live is not None
    assert live.box == requests[0].region
    rig.finish()
    assert rig.window.view._live is None
    assert len(rig.window.view.variants) == 1


def test_a_photo_left_as_it_is_keeps_its_sliders_where_they_start(rig: Rig) -> None:
    rig.open("a.png")
    rig.session.run_preview()
    idle = replace(AUTO, task="nothing", strength=0.0)
    rig.finish(idle, ("It is clean.",))
    assert rig.window.adjustments.values()["strength"] == 1
    assert "It is clean." in rig.window.cards._seen


def test_closing_while_a_photo_is_read_shows_nothing_afterwards(rig: Rig, qtbot: QtBot) -> None:
    place = rig.photo("a.png")
    rig.session.open([place])
    rig.session.close_photos([place])
    qtbot.wait(100)
    assert rig.darkroom.photo is None
    assert rig.window.view.photo is None


def test_photos_are_restored_as_they_open_only_if_that_is_wished(rig: Rig, qtbot: QtBot) -> None:
    rig.open("a.png")
    qtbot.wait(20)
    assert not rig.queue.jobs
    rig.at_once = True
    rig.open("bb.png")
    rig.session.set_current(rig.folder / "bb.png")
    qtbot.waitUntil(lambda: any(job.state is JobState.RUNNING for job in rig.queue.jobs))
    assert rig.engine.asked == ["bb.png"]


def drafted(rig: Rig, grey: int = 20_000) -> Path:
    """The draft of the last run is there, and the model goes on painting over it."""
    job, request = rig.engine.runs[-1]
    with Image.open(request.source) as source:
        width, height = source.size
    rig.engine.cache.mkdir(parents=True, exist_ok=True)
    restored = rig.engine.cache / f"{job}-{len(rig.engine.runs)}.npy"
    np.save(restored, np.full((height, width, 3), grey, np.uint16))
    result = RestoreResult(
        request=request,
        preset=request.preset,
        restored=restored,
        seconds=0.0,
        megapixels=0.1,
        device="cpu",
    )
    rig.engine.tell(Drafted(job, result))
    return restored


def test_the_draft_of_a_large_model_is_shown_while_it_paints(rig: Rig) -> None:
    rig.open("a.png")
    rig.session.set_model("flux1-schnell")
    rig.session.choose_preset("denoise")
    rig.session.run_preview()
    drafted(rig)
    view = rig.window.view
    assert [picture.name for picture in view.variants] == ["Denoise, FLUX.1 schnell: draft"]
    assert view.variant == 0
    draft = view.variants[0]
    assert rig.current.shown is None  # so that nothing would be saved from it
    rig.engine.progress(0.6)
    assert view.variants == (draft,)
    rig.finish()
    (whole,) = view.variants
    assert (whole.name, whole is draft) == ("Denoise, FLUX.1 schnell", False)
    assert rig.current.draft is None


def test_tiles_fill_in_while_the_draft_is_looked_at(rig: Rig) -> None:
    rig.open("a.png")
    rig.session.set_model("flux1-schnell")
    rig.session.choose_preset("denoise")
    rig.session.run_preview()
    path = drafted(rig)
    view = rig.window.view
    job, _ = rig.engine.runs[-1]
    (first,) = view.variants
    pixels = np.load(path, mmap_mode="r+")
    pixels[:4] = 50_000
    rig.engine.tell(Painted(job, 4))
    (second,) = view.variants
    assert (second.name, second is first) == (first.name, False)
    assert (int(second.pixels[0, 0, 0]), int(second.pixels[-1, 0, 0])) == (50_000, 20_000)
    assert view.variant == 0
    rig.engine.progress(0.7)
    assert view.variants == (second,)
    view.show_variant(-1)  # who looks at the source is left in peace
    rig.engine.tell(Painted(job, 8))
    assert view.variant == -1
    rig.finish()
    assert view.variant == 0


def test_a_draft_goes_with_its_run(rig: Rig) -> None:
    rig.open("a.png")
    rig.session.set_model("flux1-schnell")
    rig.session.choose_preset("denoise")
    rig.session.run_preview()
    path = drafted(rig)
    rig.engine.fail("OutOfMemory", "It does not fit.")
    assert rig.window.view.variants == ()
    assert not path.exists()
    rig.session.run_preview()
    drafted(rig)
    rig.session.cancel_preview()
    assert rig.window.view.variants == ()
