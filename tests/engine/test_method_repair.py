"""What is filled of a photo that is looked at as a print, and the second look that rests on it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.advice import advise, choosable
from engine.analysis import analyse, look_again
from engine.measures.method_marks import MethodMarks
from engine.measures.method_repair import MethodRepair, measure_method_repair
from engine.photo import FloatArray, Metadata, Photo
from engine.preset import Preset
from engine.proposal import Proposal, propose_again, second_looks
from engine.reasons import NOTHING_FOUND
from engine.resize import times_smaller
from tests.engine.test_analysis import PRESETS, scene
from tests.engine.test_method_haze import judge

NOTHING = Proposal(preset_id="", strength=0.0, reasons=(NOTHING_FOUND,))
SIDE = 256


def ground() -> FloatArray:
    """Calm above, busy below, in levels."""
    picture = np.full((SIDE, SIDE, 3), 100.0, np.float32)
    picture[128::8] = 140
    return picture


def line(level: float, row: int, wide: int = 2) -> FloatArray:
    """The ground with a line of so many levels, `wide` pixels, along `row`."""
    picture = ground()
    picture[row : row + wide] = level
    return picture


def measured(marked: FloatArray) -> MethodRepair:
    return measure_method_repair([marked], [ground()])


def test_nothing_filled_is_nothing() -> None:
    assert measured(ground()) == MethodRepair()
    assert measured(ground() + 2) == MethodRepair(), "what nobody sees is not filled"
    tiny = np.full((20, 64, 3), 9.0, np.float32)
    assert measure_method_repair([tiny], [tiny + 50]) == MethodRepair()


def test_what_is_filled_is_measured() -> None:
    found = measured(line(220, 40))
    assert found.cover == pytest.approx(2 / SIDE)
    assert found.contrast == pytest.approx(120)
    assert found.change == pytest.approx(120 * (2 / SIDE) ** 0.5)
    assert (found.bright, found.thick) == (1, 0)
    assert found.ink == pytest.approx(220 / 255)
    assert found.ink_spread == pytest.approx(0, abs=1e-4)
    assert found.everywhere == pytest.approx(1 / 8), "one row of cells of eight"
    assert measured(line(20, 40)).bright == 0


def test_a_patch_is_no_line() -> None:
    assert measured(line(220, 40, 9)).thick == 1


def test_colour_is_told_from_light() -> None:
    tinted = ground()
    tinted[40:42] += np.array((40, -20, 1.14), np.float32)
    assert measured(tinted).colour > 1
    assert measured(line(220, 40)).colour < -3


def test_marks_in_busy_places_are_told_from_marks_anywhere() -> None:
    assert measured(line(220, 180)).busy > 0.2 > 0 > measured(line(220, 40)).busy


def test_paper_is_told_from_many_things() -> None:
    many = ground()
    for row, level in ((20, 150), (50, 200), (80, 250)):
        many[row : row + 2] = level
    assert measured(many).ink_spread > 0.1


def test_looking_again_shows_crops_of_the_photo() -> None:
    first = analyse(scene())
    again = look_again(first, scene(), "old-photo", lambda crop: np.asarray(crop - 0.1, np.float32))
    assert again.method_repair is not None
    assert again.method_repair.cover == pytest.approx(1, abs=0.05)
    assert replace(again, method_repair=None) == first


def test_a_large_scan_is_looked_at_as_marks_are_looked_for_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engine.analysis.FOUND_ON", 256 * 256 / 9)
    wide = scene()
    sizes: list[tuple[int, ...]] = []

    def restore(crop: FloatArray) -> FloatArray:
        sizes.append(crop.shape)
        return crop

    first = analyse(wide)
    look_again(first, wide, "old-photo", restore)
    look_again(first, wide, "denoise", restore)
    times = times_smaller(wide.shape[0] * wide.shape[1], 256 * 256 / 9)
    assert times > 1
    assert sizes == [(wide.shape[0] // times, wide.shape[1] // times, 3), wide.shape]


def test_a_print_comes_before_snow_and_noise_and_only_the_second_look_knows_it() -> None:
    seen = replace(
        analyse(scene()),
        method_repair=MethodRepair(change=5.0, cover=0.034),
        method_snow=MethodMarks(change=5.0, everywhere=0.4),
    )
    for odds, chosen in ((1.6, "old-photo"), (1.4, "desnow")):
        found = propose_again(
            NOTHING, seen, PRESETS, (judge("old-photo", odds), judge("desnow", 2.0))
        )
        assert found.preset_id == chosen
        assert found.strength == PRESETS[chosen].strength
    noisy = Proposal(preset_id="denoise", strength=0.5, reasons=("Noise.",))
    assert "old-photo" in second_looks(noisy, seen, PRESETS)
    found = propose_again(noisy, seen, PRESETS, (judge("old-photo", 1.6),))
    assert found.preset_id == "old-photo"
    assert found.reasons == (
        "The marks of an old print: scratches, dust or cracks on 3% of it.",
        "Noise.",
    )


def test_few_marks_are_told_without_a_share() -> None:
    seen = replace(analyse(scene()), method_repair=MethodRepair(change=1.0, cover=0.004))
    found = propose_again(NOTHING, seen, PRESETS, (judge("old-photo", 2.0),))
    assert found.reasons[0].endswith("here and there.")


def test_a_photo_without_marks_stays() -> None:
    presets = {"old-photo": PRESETS["old-photo"]}
    _, proposal = advise(scene(), presets, {"old-photo": lambda crop: crop})
    assert not proposal.preset_id


def _jpeg(folder: Path, *, exposed: bool) -> Photo:
    from PIL import Image

    from engine.files import load

    picture, exif = Image.new("RGB", (32, 32)), Image.Exif()
    exif[271] = "Maker"
    if exposed:
        exif.get_ifd(0x8769)[33434] = 0.01
    picture.save(folder / "x.jpg", exif=exif)
    return load(folder / "x.jpg")


def test_what_a_camera_exposed_is_no_print(tmp_path: Path) -> None:
    repairs = Preset(id="old-photo", title="x", summary="", task="old-photo", repairs=True)
    presets = {"old-photo": repairs, "denoise": PRESETS["denoise"]}
    assert set(choosable(presets, _jpeg(tmp_path, exposed=True))) == {"denoise"}
    assert set(choosable(presets, _jpeg(tmp_path, exposed=False))) == set(presets)
    damaged = Photo(pixels=np.zeros((4, 4, 3), np.float32), metadata=Metadata(exif=b"broken"))
    assert set(choosable(presets, damaged)) == set(presets)
    by_hand = {"old-photo": replace(repairs, by_hand=True)}
    assert choosable(by_hand, damaged) == {}
