"""What a finder sees in a photo that may be a print, and the second look that rests on it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.advice import advise, choosable
from engine.analysis import analyse, look_again
from engine.measures.found_marks import FoundMarks, measure_found_marks
from engine.measures.method_marks import MethodMarks
from engine.photo import FloatArray, Metadata, Photo
from engine.preset import Preset
from engine.proposal import Proposal, propose_again, second_looks
from engine.reasons import MAYBE_A_PRINT, NOTHING_FOUND
from engine.resize import times_smaller
from tests.engine.test_analysis import PRESETS, scene
from tests.engine.test_method_haze import judge

NOTHING = Proposal(preset_id="", strength=0.0, reasons=(NOTHING_FOUND,))
SIDE = 256


def ground() -> FloatArray:
    """An even gray, in levels."""
    return np.full((SIDE, SIDE, 3), 100.0, np.float32)


def marked(level: float, row: int, wide: int = 2) -> tuple[FloatArray, FloatArray]:
    """The ground with a line of so many levels, `wide` pixels, along `row`, and the log odds of a
    finder that sees it."""
    picture, said = ground(), np.full((SIDE, SIDE), -6.0, np.float32)
    picture[row : row + wide] = level
    said[row : row + wide] = 5
    return picture, said


def measured(*pairs: tuple[FloatArray, FloatArray]) -> FoundMarks:
    return measure_found_marks([picture for picture, _ in pairs], [said for _, said in pairs])


def test_nothing_found_is_nothing() -> None:
    said = np.full((SIDE, SIDE), -6.0, np.float32)
    said[0, :2] = 0.5
    found = measured((ground(), said))
    assert found == FoundMarks(surest=-6, sure=-6, usual=-6)
    tiny = np.full((20, 64, 3), 9.0, np.float32)
    assert measured((tiny, tiny[..., 0])) == FoundMarks()


def test_how_sure_a_finder_is_of_its_surest() -> None:
    said = np.linspace(-10, 0, SIDE * SIDE, dtype=np.float32).reshape(SIDE, SIDE)
    found = measured((ground(), said))
    assert found.surest == pytest.approx(-0.01, abs=1e-3)
    assert found.sure == pytest.approx(-0.1, abs=1e-3)
    assert found.usual == pytest.approx(-1, abs=1e-3)
    assert found.cover == 0


def test_what_is_found_is_measured() -> None:
    found = measured(marked(220, 40))
    assert found.cover == pytest.approx(2 / SIDE)
    assert found.contrast == pytest.approx(120, rel=1e-3)
    assert found.change == pytest.approx(120 * (2 / SIDE) ** 0.5, rel=1e-3)
    assert (found.bright, found.thick) == (1, 0)
    assert found.ink == pytest.approx(220 / 255)
    assert found.ink_spread == pytest.approx(0, abs=1e-4)
    assert found.everywhere == pytest.approx(1 / 8), "one row of cells of eight"
    assert measured(marked(20, 40)).bright == 0


def test_a_patch_is_no_line() -> None:
    assert measured(marked(220, 40, 5)).thick == 1


def test_colour_is_told_from_light() -> None:
    tinted, said = marked(100, 40)
    tinted[40:42] += np.array((40, -20, 1.14), np.float32)
    assert measured((tinted, said)).colour > 1
    assert measured(marked(220, 40)).colour < -3


def test_marks_in_busy_places_are_told_from_marks_anywhere() -> None:
    stripes = ground()
    stripes[128:] = 100 + 80 * (np.arange(SIDE) // 16 % 2)[None, :, None]
    found = []
    for row in (40, 180):
        picture, said = stripes.copy(), np.full((SIDE, SIDE), -6.0, np.float32)
        picture[row : row + 2], said[row : row + 2] = 250, 5
        found.append(measured((picture, said)).busy)
    assert found[1] > 0.2 > 0 > found[0]


def test_paper_is_told_from_many_things() -> None:
    many, said = marked(150, 20)
    for row, level in ((50, 200), (80, 250)):
        many[row : row + 2], said[row : row + 2] = level, 5
    assert measured((many, said)).ink_spread > 0.1


def test_looking_again_asks_a_finder() -> None:
    first = analyse(scene())
    again = look_again(first, scene(), "old-photo", lambda crop: crop[..., 0] * 0 + 3)
    assert again.found_marks is not None
    assert (again.found_marks.surest, again.found_marks.cover) == (3, 1)
    assert replace(again, found_marks=None) == first


def test_a_large_scan_is_looked_at_as_marks_are_looked_for_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engine.analysis.FOUND_ON", 256 * 256 / 9)
    wide = scene()
    sizes: list[tuple[int, ...]] = []

    def restore(crop: FloatArray) -> FloatArray:
        sizes.append(crop.shape)
        return crop[..., 0] if len(sizes) == 1 else crop

    first = analyse(wide)
    look_again(first, wide, "old-photo", restore)
    look_again(first, wide, "denoise", restore)
    times = times_smaller(wide.shape[0] * wide.shape[1], 256 * 256 / 9)
    assert times > 1
    assert sizes == [(wide.shape[0] // times, wide.shape[1] // times, 3), wide.shape]


def test_a_print_comes_before_snow_and_noise_and_only_the_second_look_knows_it() -> None:
    seen = replace(
        analyse(scene()),
        found_marks=FoundMarks(change=5.0, cover=0.034),
        method_snow=MethodMarks(change=5.0, everywhere=0.4),
    )
    for odds, chosen in ((1.6, "old-photo"), (1.4, "desnow")):
        found = propose_again(
            NOTHING, seen, PRESETS, (judge("old-photo", odds), judge("desnow", 2.0))
        )
        assert found.preset_id == chosen
        assert found.strength == PRESETS[chosen].strength
    noisy = Proposal(preset_id="denoise", strength=0.5, reasons=("Noise.", MAYBE_A_PRINT))
    assert "old-photo" in second_looks(noisy, seen, PRESETS)
    found = propose_again(noisy, seen, PRESETS, (judge("old-photo", 1.6),))
    assert found.preset_id == "old-photo"
    assert found.reasons == (
        "The marks of an old print: scratches, dust or cracks on 3% of it.",
        "Noise.",
    )


def test_a_picture_made_of_lines_is_no_print() -> None:
    for change, chosen in ((26.0, "old-photo"), (28.0, "")):
        seen = replace(analyse(scene()), found_marks=FoundMarks(change=change, cover=0.1))
        found = propose_again(NOTHING, seen, PRESETS, (judge("old-photo", 5.0),))
        assert found.preset_id == chosen


def test_few_marks_are_told_without_a_share() -> None:
    seen = replace(analyse(scene()), found_marks=FoundMarks(change=1.0, cover=0.004))
    found = propose_again(NOTHING, seen, PRESETS, (judge("old-photo", 2.0),))
    assert found.reasons[0].endswith("here and there.")


def test_a_photo_without_marks_stays() -> None:
    presets = {"old-photo": PRESETS["old-photo"]}
    _, proposal = advise(scene(), presets, {"old-photo": lambda crop: crop[..., 0] - 9})
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
