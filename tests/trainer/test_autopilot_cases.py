"""Pictures with known damage, for the autopilot's judges."""

from pathlib import Path

import numpy as np
import pytest
from numpy.random import default_rng
from PIL import Image

from engine.damage import LOOKS
from engine.diagnosis import Judge
from engine.photo import FloatArray
from trainer.autopilot.cases import CASES, CLEAN, Case, calibration, make
from trainer.autopilot.fit import Sample
from trainer.autopilot.second_cases import SECOND_CASES
from trainer.bench import auto as bench_auto


def _photo(height: int = 200, width: int = 300) -> FloatArray:
    """Each pixel's place as its colour."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return np.stack([x / width, y / height, np.full_like(x, 0.5)], 2)


def test_a_close_up_is_some_part_of_the_photo() -> None:
    case = Case("part", CLEAN, (), shrink=(1.0, 1.0), part=(0.25, 0.25))
    parts = [make(case, _photo(), default_rng(seed)) for seed in range(12)]
    for part in parts:
        assert 40 <= part.shape[0] <= 50
        assert 65 <= part.shape[1] <= 75
        assert 0.2 < np.ptp(part[..., 0]) < 0.27
    assert len({round(float(part[0, 0, 0]), 2) for part in parts}) > 4


def test_without_a_part_the_whole_photo_is_there() -> None:
    whole = make(Case("all", CLEAN, (), shrink=(1.0, 1.0)), _photo(), default_rng(1))
    assert whole.shape[0] > 190
    assert np.ptp(whole[..., 0]) > 0.95


@pytest.mark.parametrize("cases", [CASES, *SECOND_CASES.values()], ids=["first", *SECOND_CASES])
def test_every_judge_sees_clean_pictures_and_damaged_ones(
    cases: tuple[Case, ...], tmp_path: Path
) -> None:
    assert cases[0].wanted == CLEAN
    assert len({case.name for case in cases}) == len(cases)
    path = tmp_path / "photo.png"
    Image.fromarray(np.rint(_photo(64, 80) * 255).astype(np.uint8)).save(path)
    drawn = [(case, picture) for _, case, picture in calibration([path], cases, 0, most=4)]
    assert sum(case.wanted == CLEAN for case, _ in drawn) == 3
    assert sum(case.wanted != CLEAN for case, _ in drawn) == 4
    for _, picture in drawn:
        assert picture.dtype == np.float32
        assert 0 <= picture.min() <= picture.max() <= 1


def test_there_are_pictures_for_every_second_look() -> None:
    assert set(SECOND_CASES) == set(LOOKS)


def test_only_is_of_the_second_fit(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench_auto.main(["--data", "x", "--fit", "--only", "derain"])
    assert "--fit-second" in capsys.readouterr().err


def test_damage_of_another_judge_is_right_where_nothing_is_proposed() -> None:
    zero = np.zeros(1, np.float32)
    rain = Judge(
        task="derain",
        traits=("contrast",),
        centre=zero,
        spread=zero + 1,
        weights=np.zeros(3, np.float32),
        threshold=0.0,
    )
    samples = [Sample({}, wanted, "p") for wanted in ("derain", "", "denoise", "denoise")]
    margins = np.array([[1.0], [-1.0], [-1.0], [1.0]])
    report = bench_auto._report(samples, ["rain", "clean", "noise", "noise"], [rain], margins)
    assert [line.split("%")[0].split()[-1] for line in report[1:]] == ["100.0", "50.0", "100.0"]
