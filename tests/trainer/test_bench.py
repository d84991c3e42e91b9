"""The benches: seeded sets, tables that tell the truth, and a miss that is called a miss."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from PIL import Image

from engine.diffusion.network import Network, NetworkSizes, TaskAdapter
from engine.diffusion.networks import NETWORK_FILE
from engine.diffusion.specialists.finder import reader_file, save_reader
from engine.diffusion.specialists.repair import Cut, save_filler
from engine.diffusion.weight_files import AdapterHeader, save_adapter, save_network
from engine.errors import BadPhoto, CannotSave, MissingWeights
from engine.photo import FloatArray
from engine.preset import load_presets
from engine.resize import enlarged
from engine.weights import sha256
from trainer.bench import damage
from trainer.bench import quality as bench_quality
from trainer.bench import speed as bench_speed
from trainer.bench.ceiling import Ceiling, ConvolutionShape, Work, median_seconds
from trainer.bench.classical import TOOLS
from trainer.bench.content import made_up_photo, write_jpeg
from trainer.bench.gain import Gain, gain_lines, gains
from trainer.bench.harm import harm, harm_lines, seam
from trainer.bench.model import LiteModel, lite_predictor, lite_work
from trainer.bench.pictures import pictures
from trainer.bench.process import CannotMeasure, run_python, seconds_to_first_pixels
from trainer.bench.quality import Extent, measured, record
from trainer.bench.report import quality_data, quality_tables
from trainer.bench.rows import (
    INPAINTED,
    INPAINTED_FOUND,
    INPUT,
    OURS,
    TOLD,
    Filling,
    Record,
    Row,
    Score,
    score,
    verdict,
)
from trainer.bench.sets import SETS, BenchSet, paired, scanned, scratched
from trainer.bench.speed import Finding, lite_speeds, speed_lines
from trainer.bench.trial import Trial, Untouched, eight_bit, rng_for
from trainer.bench.watched import FIRST, FirstTile

SIDE = 64
SLIGHT = Extent(pictures=1, slow_pictures=0)


def scene(seed: int = 3) -> FloatArray:
    """Soft clouds and hard blocks."""
    rng = np.random.default_rng(seed)
    soft = cv2.resize(rng.random((5, 5, 3)), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    soft[20:44, 10:30] = rng.random(3)
    return eight_bit(np.asarray(0.15 + 0.7 * soft, np.float32))


def write_picture(path: Path, image: FloatArray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.asarray(np.rint(image * 255), np.uint8)).save(path)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder like that of the test sets, one or two tiny pictures in each."""
    for folder in ("cbsd68", "kodak24", "set14", "urban100", "mcmaster", "set5"):
        for seed in range(2):
            write_picture(tmp_path / "clean" / folder / f"{folder}-{seed}.png", scene(seed))
    noisy = eight_bit(damage.white_noise(scene(), np.random.default_rng(0), 0.05))
    pairs = ("noise_PolyU", "noise_SIDD", "blur_GoPro", "haze_SOTS", "haze_VideoHazy")
    for folder in (*pairs, "rain_Rain100H"):
        write_picture(tmp_path / "paired" / folder / "gt" / "one.png", scene())
        write_picture(tmp_path / "paired" / folder / "lq" / "one.png", noisy)
    large = tmp_path / "paired" / "sr4_ImageNetVal256"
    write_picture(large / "gt" / "one.png", scene())
    write_picture(large / "lq" / "one.png", damage.shrunk(scene(), 4))
    return tmp_path


def scored(psnr: float, ssim: float) -> Score:
    return Score(psnr=psnr, ssim=ssim, psnr_luma=psnr, ssim_luma=ssim, colour=1.0, grid=0.0)


def row(*pictures: dict[str, tuple[float, float]], name: str = "set") -> Row:
    records = [
        Record(picture=str(i), scores={c: scored(*pair) for c, pair in columns.items()})
        for i, columns in enumerate(pictures)
    ]
    return Row(name=name, task="denoise", records=tuple(records))


GOOD = {INPUT: (20.0, 0.5), "NLM": (25.0, 0.7), OURS: (28.0, 0.8)}
BAD = {INPUT: (20.0, 0.5), "NLM": (29.0, 0.7), OURS: (28.0, 0.8)}

DAMAGES: dict[str, Callable[[FloatArray, np.random.Generator], FloatArray]] = {
    "shake": lambda image, rng: damage.shaken(image, rng, 9, 0.01),
    "defocus": lambda image, rng: damage.defocused(image, rng, 2.5, 0.01),
    "haze": lambda image, rng: damage.hazed(image, rng, 1.5),
    "rain": lambda image, rng: damage.rained(image, rng, 5),
    "snow": lambda image, rng: damage.snowed(image, rng, 8),
    "scratches": lambda image, rng: damage.scratched(image, rng, 4)[0],
    "fading": damage.faded,
    "scanner": lambda image, rng: damage.scanner(rng, image.shape[1])[0](image),
    "darkness": lambda image, rng: damage.darkened(image, rng, 3, 2000),
    "JPEG": lambda image, rng: damage.jpeg(image, 20),
}


@pytest.mark.parametrize("name", sorted(DAMAGES))
def test_degradation_is_seeded_in_range_and_does_something(name: str) -> None:
    first, again = (DAMAGES[name](scene(), rng_for("set", "one")) for _ in range(2))
    assert np.array_equal(first, again)
    assert first.shape == scene().shape
    assert first.dtype == np.float32
    assert first.min() >= 0
    assert first.max() <= 1
    assert np.abs(first - eight_bit(first)).max() < 1e-6
    assert np.abs(first - scene()).mean() > 0.002


@pytest.mark.parametrize("name", sorted(set(DAMAGES) - {"JPEG"}))
def test_degradation_differs_from_picture_to_picture(name: str) -> None:
    one, other = (DAMAGES[name](scene(), rng_for("set", picture)) for picture in ("a", "b"))
    assert not np.array_equal(one, other)


def test_scratch_mask_covers_what_was_changed() -> None:
    hurt, mask = damage.scratched(scene(), rng_for("set", "one"), 4)
    changed = np.abs(hurt - scene()).max(2) > 0.12
    assert mask[changed].all()
    assert 0 < mask.mean() < 0.6


def test_scanned_marks_lie_where_the_scan_differs_from_that_of_the_clean_print(
    data: Path,
) -> None:
    trial = next(scanned("kodak24", 3)(data, "set", 1))
    assert trial.mask is not None
    apart = np.abs(trial.degraded - trial.clean).max(2)
    assert 0 < trial.mask.mean() < 0.6
    assert apart[trial.mask > 0].mean() > 3 * apart[trial.mask == 0].mean()


def test_unclipped_noise_leaves_the_range_and_clipped_does_not() -> None:
    dark = np.zeros((32, 32, 3), np.float32)
    noise = damage.white_noise(dark, rng_for("set", "one"), 0.1)
    assert noise.min() < 0
    assert noise.std() == pytest.approx(0.1, rel=0.05)
    assert eight_bit(noise).min() == 0


def test_shrinking_keeps_the_mean_and_divides_the_size() -> None:
    small = damage.shrunk(scene(), 4)
    assert small.shape == (16, 16, 3)
    assert small.mean() == pytest.approx(scene().mean(), abs=0.01)


def test_every_set_names_a_preset_and_known_tools() -> None:
    presets = load_presets()
    for bench_set in SETS:
        assert bench_set.task in presets
        assert bench_set.tools
        assert set(bench_set.tools) <= set(TOOLS)
    assert {s.task for s in SETS} == set(presets) - {"auto"}
    assert len({s.name for s in SETS}) == len(SETS)


@pytest.mark.parametrize("bench_set", SETS, ids=lambda s: s.name)
def test_set_gives_the_same_trials_twice(bench_set: BenchSet, data: Path) -> None:
    first, again = (list(bench_set.trials(data, bench_set.name, 1)) for _ in range(2))
    assert len(first) == 1
    assert np.array_equal(first[0].degraded, again[0].degraded)
    height, width = first[0].degraded.shape[:2]
    scale = first[0].scale
    assert first[0].clean.shape == (height * scale, width * scale, 3)


def test_missing_pictures_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadPhoto, match="kodak24"):
        pictures(tmp_path / "kodak24", 1)


def test_model_that_returns_its_input_is_judged_no(data: Path) -> None:
    chosen = [s for s in SETS if s.task == "denoise"]
    rows = [r for s in chosen for r in measured(s, data, Untouched(), SLIGHT)]
    found = verdict("denoise", rows)
    assert found.answer == "no"
    assert found.won == 0
    assert any("NLM" in lost for lost in found.lost)
    assert "| denoise | no |" in quality_tables(rows)


def test_verdict_is_yes_only_if_every_column_is_beaten_on_every_set() -> None:
    assert verdict("denoise", [row(GOOD), row(GOOD)]).answer == "yes"
    mixed = verdict("denoise", [row(GOOD, name="one"), row(BAD, name="other")])
    assert mixed.answer == "in the mean"
    assert mixed.lost == ("other (NLM)",)
    assert (mixed.won, mixed.pictures) == (1, 2)
    assert verdict("denoise", [row(BAD)]).answer == "no"


def test_what_is_set_in_hindsight_is_told_apart_from_what_is_set_once() -> None:
    scores = {INPUT: (20.0, 0.5), "levels, set once": (24.0, 0.6), OURS: (27.0, 0.8)}
    ahead = row({**scores, "levels / gamma": (30.0, 0.9)})
    assert ahead.rivals_alike == [INPUT, "levels, set once"]
    found = verdict("old-photo", [ahead])
    assert (found.alike, found.answer) == ("yes", "no")
    behind = row({**scores, OURS: (23.0, 0.8)})
    assert verdict("old-photo", [behind]).alike == "no"
    assert row(GOOD).rivals_alike == row(GOOD).rivals, "where nothing is set once, all decide"


def test_a_draw_is_no_win() -> None:
    assert verdict("denoise", [row({INPUT: (20.0, 0.5), OURS: (20.0, 0.5)})]).answer == "no"


def test_better_psnr_does_not_make_up_for_worse_ssim() -> None:
    found = row({INPUT: (20.0, 0.5), OURS: (30.0, 0.4)})
    assert found.unbeaten() == [INPUT]
    assert found.pictures_won() == 0


def test_tool_tried_on_some_pictures_is_compared_on_those() -> None:
    hard = {INPUT: (15.0, 0.3), OURS: (20.0, 0.5)}
    partly = row({**GOOD, "CBM3D": (27.0, 0.75)}, hard)
    assert partly.unbeaten() == []
    assert partly.means("CBM3D") == (27.0, 0.75)
    assert partly.means(OURS, shared_with="CBM3D") == (28.0, 0.8)
    assert "27.00 / 0.7500 on 1 (lite there 28.00 / 0.8000)" in quality_tables([partly])


def test_pictures_are_won_without_the_rival_that_was_tried_on_some() -> None:
    lost = {**GOOD, "CBM3D": (29.0, 0.9)}
    partly = row(lost, GOOD)
    assert partly.partial == ["CBM3D"]
    assert partly.pictures_won() == 2
    assert partly.unbeaten() == ["CBM3D"]  # in the mean of its own pictures it still counts
    text = quality_tables([partly, row(GOOD)])
    assert "| no: CBM3D | 2 of 2 without CBM3D |" in text
    assert "| yes | 1 of 1 |" in text
    assert "| 3 of 3 without CBM3D | set (CBM3D) |" in text
    assert row(lost, lost).pictures_won() == 0


def test_a_row_in_luma_is_no_further_picture() -> None:
    both = row(GOOD, BAD)
    found = verdict("denoise", [both, replace(both, luma=True)])
    assert (found.won, found.pictures) == (1, 2)
    assert found.lost == ()


def test_notes_say_what_the_unclipped_rows_are_given(data: Path) -> None:
    unclipped = next(s for s in SETS if s.name == "CBSD68 unclipped, noise 50")
    trial = next(unclipped.trials(data, unclipped.name, 1))
    saved = replace(trial, degraded=eight_bit(trial.degraded))
    assert np.abs(saved.degraded - trial.degraded).max() > 0.1
    assert np.array_equal(TOOLS["NLM"](trial), TOOLS["NLM"](saved))
    assert 'input of rows "unclipped" is not rounded' in bench_quality.NOTES
    assert "NLM reads bytes alone" in bench_quality.NOTES


def test_luma_of_an_enlarged_picture_leaves_out_its_rim() -> None:
    wrong = scene().copy()
    wrong[:4] = 1 - wrong[:4]
    assert score(wrong, scene(), 4).psnr_luma == 100
    assert score(wrong, scene(), 4).psnr < score(scene(), scene(), 4).psnr
    assert score(wrong, scene()).psnr_luma < 50


def test_report_is_plain_json(data: Path) -> None:
    upscale = next(s for s in SETS if s.luma)
    rows = measured(upscale, data, Untouched(), SLIGHT)
    assert [r.title for r in rows] == [upscale.name, f"{upscale.name}, Y"]
    found = json.loads(json.dumps(quality_data(rows), allow_nan=False))
    assert len(found["sets"]) == 1
    assert set(found["sets"][0]["records"][0]["scores"]) == {INPUT, "Lanczos", OURS}


def test_found_damage_is_compared_with_the_true_mask(data: Path) -> None:
    class Finder(Untouched):
        def scratch_mask(self, srgb: FloatArray) -> FloatArray:
            return next(scratched("kodak24", 4)(data, "set", 1)).mask  # type: ignore[return-value]

        def fill(self, srgb: FloatArray, mask: FloatArray) -> FloatArray:
            return np.where(mask[..., None] > 0, trial.clean, srgb)

    trial = next(scratched("kodak24", 4)(data, "set", 1))
    seen = record(trial, "old-photo", ["inpainting"], Finder())
    blind = record(trial, "old-photo", ["inpainting"], Untouched())
    assert seen.filling is not None
    assert blind.filling is not None
    assert (seen.filling.precision, seen.filling.recall) == (1.0, 1.0)
    assert (blind.filling.precision, blind.filling.recall) == (0.0, 0.0)
    assert seen.filling.inside[TOLD] == 100  # filled with the truth itself
    assert seen.filling.inside[INPAINTED] == seen.filling.inside[INPAINTED_FOUND]
    assert blind.filling.inside[INPAINTED_FOUND] == blind.filling.inside[INPUT]
    assert blind.filling.inside[INPUT] < seen.filling.inside[INPAINTED] < 100
    assert seen.filling.inside[INPUT] < seen.scores[INPUT].psnr  # most of the picture is intact


def test_filling_is_compared_with_inpainting_in_the_destroyed_pixels() -> None:
    inside = {INPUT: 8.0, INPAINTED: 20.0, INPAINTED_FOUND: 15.0, OURS: 17.5, TOLD: 21.25}
    filling = Filling(precision=0.9, recall=0.75, inside=inside)
    scores = {name: scored(20, 0.5) for name in (INPUT, INPAINTED, TOLD, OURS)}
    hurt = Record(picture="0", scores=scores, filling=filling)
    text = quality_tables([Row(name="prints", task="old-photo", records=(hurt, hurt))])
    assert "precision 0.90, recall 0.75" in text
    assert "both told the true mask: +1.25 dB" in text
    assert "both with the mask that lite found: +2.50 dB" in text


def test_a_rival_told_the_true_mask_is_measured_against_ours_told_it() -> None:
    told = {INPUT: (20.0, 0.5), INPAINTED: (38.0, 0.9), TOLD: (39.0, 0.95), OURS: (32.0, 0.8)}
    found = row(told)
    assert found.rivals == [INPUT, INPAINTED]
    assert found.unbeaten() == []
    assert found.pictures_won() == 1
    assert found.lead(INPAINTED) == pytest.approx((1.0, 0.05))
    worse = row({**told, INPAINTED: (39.5, 0.9)})
    assert worse.unbeaten() == [INPAINTED]
    assert worse.pictures_won() == 0


def test_set_without_an_adapter_is_left_out_with_a_word(
    data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Bare(Untouched):
        def restore(self, srgb: FloatArray, task: str, scale: int = 1) -> FloatArray:
            raise MissingWeights(f"no adapter for {task}")

    assert measured(SETS[0], data, Bare(), SLIGHT) == []
    assert "no adapter for denoise" in caplog.text


def test_quality_command_writes_what_it_prints(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    markdown, numbers = tmp_path / "quality.md", tmp_path / "quality.json"
    words = ["--data", str(data), "--no-model", "--no-bm3d", "--limit", "1"]
    words += ["--only", "artifacts,desnow", "--markdown", str(markdown), "--json", str(numbers)]
    assert bench_quality.main(words) == 0
    printed = capsys.readouterr().out
    assert printed.strip() in markdown.read_text("utf-8")
    assert re.findall(r"^## (.+)$", printed, re.M) == ["artifacts", "desnow", "verdicts"]
    assert [v["answer"] for v in json.loads(numbers.read_text())["verdicts"]] == ["no", "no"]


@pytest.mark.parametrize(
    "words", [["--data", "nowhere"], ["--data", ".", "--only", "denoise,polish"]]
)
def test_quality_command_says_what_it_lacks(
    words: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert bench_quality.main(words) == 2
    assert "nowhere" in caplog.text or "polish" in caplog.text


def test_harm_above_forty_decibels_is_ok_and_below_a_miss(data: Path) -> None:
    def gentle(path: Path) -> tuple[str, FloatArray]:
        return "nothing", np.asarray(Image.open(path), np.float32) / np.float32(255)

    def rough(path: Path) -> tuple[str, FloatArray]:
        return "denoise", gentle(path)[1] * np.float32(0.9)

    fine, harmed = harm(data, gentle, 1), harm(data, rough, 1)
    assert [h.psnr for h in fine] == [100.0] * 4
    assert "each: ok" in next(harm_lines(fine))
    assert "each: MISS" in next(harm_lines(harmed))


def test_auto_is_asked_to_bring_damaged_photos_closer_to_their_truth(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for index in range(4):
        truth = rng.integers(60, 200, (24, 24, 3), np.uint8)
        for part, picture in (("gt", truth), ("lq", truth + np.uint8(10))):
            place = tmp_path / "paired" / "noise" / part
            place.mkdir(parents=True, exist_ok=True)
            Image.fromarray(picture).save(place / f"{index}.png")
    (tmp_path / "paired" / "small" / "lq").mkdir(parents=True)
    (tmp_path / "paired" / "small" / "gt").mkdir()
    Image.fromarray(truth).save(tmp_path / "paired" / "small" / "gt" / "a.png")
    Image.fromarray(truth[:8, :8]).save(tmp_path / "paired" / "small" / "lq" / "a.png")

    def shifted(by: int) -> Callable[[Path], tuple[str, FloatArray]]:
        def auto(path: Path) -> tuple[str, FloatArray]:
            given = np.asarray(Image.open(path), np.float32) / np.float32(255)
            return "denoise", given - np.float32(by / 255)

        return auto

    better, same, worse = (gains(tmp_path, shifted(by), 9) for by in (5, 0, -5))
    assert [g.helped for g in better] == [True] * 4  # what is to be enlarged is not counted
    assert [g.helped or g.harmed for g in same] == [False] * 4
    assert [g.harmed for g in worse] == [True] * 4
    assert "ok (100%; 0 farther" in "\n".join(gain_lines(better))
    assert "MISS (0%; 0 farther" in "\n".join(gain_lines(same))
    assert "MISS (0%; 4 farther" in "\n".join(gain_lines(worse))
    assert any("denoise 4" in line for line in gain_lines(better))


def test_a_photo_without_its_truth_is_named_and_no_pairs_are_none(data: Path) -> None:
    def auto(path: Path) -> tuple[str, FloatArray]:
        return "nothing", np.asarray(Image.open(path), np.float32) / np.float32(255)

    assert gains(data / "clean", auto, 1) == []
    folder = data / "paired" / "noise_PolyU"
    (folder / "gt" / "one.png").rename(folder / "gt" / "other.png")
    with pytest.raises(BadPhoto, match=re.escape("one.png")):
        list(paired("noise_PolyU")(data, "PolyU cameras", 1))
    with pytest.raises(BadPhoto, match=re.escape("one.png")):
        gains(data, auto, 1)


def test_checks_that_fail_do_not_cost_the_tables(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Enlarging(Untouched):
        def auto(self, path: Path) -> tuple[str, FloatArray]:
            return "upscale", np.zeros((400, 400, 3), np.float32)

    def missing(*_: object) -> list[Gain]:
        raise BadPhoto("There is no truth.")

    monkeypatch.setattr(bench_quality, "lite_predictor", lambda weights: None)
    monkeypatch.setattr(bench_quality, "LiteModel", lambda predictor, cache: Enlarging())
    monkeypatch.setattr(bench_quality, "gains", missing)
    out = tmp_path / "found" / "quality.md"
    words = ["--data", str(data), "--only", "artifacts,harm,auto", "--no-bm3d", "--limit", "1"]
    assert bench_quality.main([*words, "--markdown", str(out)]) == 0
    text = out.read_text("utf-8")
    assert "Kodak24, JPEG 10" in text
    assert text.count("Not measured:") == 2
    with pytest.raises(CannotSave):
        bench_quality.main([*words, "--json", str(out / "in-a-file.json")])


def test_seam_shows_where_a_model_depends_on_its_tiles(data: Path) -> None:
    class Tiled(Untouched):
        def restore(self, srgb: FloatArray, task: str, scale: int = 1) -> FloatArray:
            half = srgb.copy()
            half[:, srgb.shape[1] // 2 :] *= np.float32(0.9)
            return half

    assert seam(data, Untouched()).worst == 0
    assert seam(data, Tiled()).worst > 0.02


def test_speed_finding_is_a_miss_where_too_slow_and_unknown_where_not_measured() -> None:
    slow, fast, unknown = (
        Finding(name="x", value=value, unit="s", asked=3.0) for value in (3.0, 2.9, None)
    )
    assert [f.verdict for f in (slow, fast, unknown)] == ["MISS", "ok", "not measured"]
    assert Finding(name="x", value=5.0, unit="s").verdict == ""
    lines = "\n".join(speed_lines([slow, unknown]))
    assert "| x | < 3 s | 3 s | MISS |  |" in lines
    assert "| x | < 3 s | – | not measured |  |" in lines


def test_speed_is_measured_at_every_size_per_megapixel() -> None:
    seen: list[tuple[int, ...]] = []

    class Quick:
        def restore(self, srgb: FloatArray, task: str) -> FloatArray:
            seen.append(srgb.shape)
            return srgb

    found = lite_speeds(Quick(), (0.01, 0.04), 3)
    assert set(found) == {0.01, 0.04}
    assert min(found.values()) > 0
    assert len(seen) == 1 + 2 * 3


def test_median_ignores_one_slow_run() -> None:
    assert median_seconds(lambda: None, 3) < 0.1


def test_better_of_two_ceilings_is_kept() -> None:
    both = Ceiling(float32=100, bfloat16=300).at_least(Ceiling(float32=120, bfloat16=200))
    assert both == Ceiling(float32=120, bfloat16=300)
    assert both.best == 300
    assert both.least_seconds(Work(total=600e9)) == pytest.approx(2)
    eight = Ceiling(float32=100, bfloat16=300, int8=600)
    assert eight.least_seconds(Work(total=600e9, eight_bit=300e9)) == pytest.approx(1.5)
    assert ConvolutionShape(2, 3).flops == 2 * 9 * 4 * 9


def test_made_up_photo_is_the_same_each_time_and_of_the_size_asked(tmp_path: Path) -> None:
    photo = made_up_photo(0.5)
    assert photo.shape[0] * photo.shape[1] == pytest.approx(0.5e6, rel=0.01)
    assert np.array_equal(photo, made_up_photo(0.5))
    write_jpeg(tmp_path / "photo.jpg", 0.05)
    with Image.open(tmp_path / "photo.jpg") as saved:
        assert saved.width * saved.height == pytest.approx(0.05e6, rel=0.01)


def test_first_tile_is_announced_once(capsys: pytest.CaptureFixture[str]) -> None:
    watch = FirstTile()
    for done, stage in ((0.0, "loading"), (0.0, "restoring"), (0.5, "restoring"), (1, "restoring")):
        watch.report(done, stage)
    assert capsys.readouterr().out.count(FIRST) == 1


@pytest.mark.parametrize("sight", [None, (300, 200)])
def test_what_is_waited_for_is_timed(sight: tuple[int, int] | None) -> None:
    assert 0 < seconds_to_first_pixels(1.2, "denoise", sight) < 600


@pytest.mark.parametrize("words", [["--sizes", "1,0"], ["--repeats", "0"]])
def test_speed_command_refuses_numbers_that_are_none(words: list[str]) -> None:
    with pytest.raises(SystemExit):
        bench_speed.main(words)


def test_process_is_timed_and_its_words_are_kept() -> None:
    run = run_python(["-c", "print('first'); print('last')"])
    assert run.said == ["first", "last"]
    assert run.ended > run.started


def test_peak_memory_is_the_process_s_own_and_not_that_of_who_started_it() -> None:
    ballast = b"x" * 400_000_000
    run = run_python(["-c", "import time; x = b'x' * 100_000_000; time.sleep(0.3)"])
    assert len(ballast) == 400_000_000
    assert run.peak_gib is None or 0.09 < run.peak_gib < 0.3


def test_process_that_fails_is_no_measurement_but_says_why() -> None:
    with pytest.raises(CannotMeasure, match="no such thing"):
        run_python(["-c", "raise SystemExit('no such thing')"])


@pytest.fixture
def tiny_weights(tmp_path: Path) -> Path:
    """A folder with an untrained network of a few thousand weights, and two adapters."""
    torch.manual_seed(0)
    folder = tmp_path / "tiny"
    folder.mkdir()
    sizes = NetworkSizes(widths=(8, 12), blocks=1)
    save_network(Network(sizes), folder / NETWORK_FILE, "Apache-2.0")
    for task in ("upscale", "old-photo", "old-photo.finder"):
        header = AdapterHeader(
            task=task,
            title=task,
            rank=2,
            network=sha256(folder / NETWORK_FILE),
            recipe="",
            licence="Apache-2.0",
        )
        save_adapter(TaskAdapter(sizes, 2), folder / f"{task}.safetensors", header)
    filler = folder / "old-photo.repair.safetensors"
    save_filler(Network(sizes), Cut(0.5, 0.05), filler, "Apache-2.0")
    save_reader(Network(sizes), reader_file(filler), "Apache-2.0")
    return folder


def test_lite_model_goes_the_way_of_the_program(tiny_weights: Path, tmp_path: Path) -> None:
    predictor = lite_predictor(tiny_weights)
    model = LiteModel(predictor, tmp_path)
    enlarged = model.restore(scene(), "upscale", 2)
    assert enlarged.shape == (2 * SIDE, 2 * SIDE, 3)
    same = model.restore(scene(), "upscale")
    assert np.abs(same - predictor.restore(scene(), "upscale")).max() < 1e-4
    wild = model.restore(scene() * np.float32(1.3) - np.float32(0.1), "upscale")
    assert wild.shape == scene().shape
    assert model.scratch_mask(scene()).shape == scene().shape[:2]
    hole = np.zeros(scene().shape[:2], np.float32)
    hole[20:24] = 1
    changed = (model.fill(scene(), hole) != scene()).any((1, 2))
    assert changed[20:24].all()
    assert not changed[:20].any()
    with pytest.raises(MissingWeights):
        model.restore(scene(), "derain")


def test_work_of_the_network_is_known_by_folder_or_file(tiny_weights: Path) -> None:
    work = lite_work(tiny_weights)
    assert work == lite_work(tiny_weights / NETWORK_FILE)
    assert work.total > 1e6
    assert work.eight_bit == 0, "its adapter tells no ranges"


def test_the_strength_is_tried_in_hindsight_as_the_others_settings_are() -> None:
    clean = np.full((24, 24, 3), 0.5, np.float32)
    dim = np.full_like(clean, 0.3)

    class TooMuch(Untouched):
        def restore(self, srgb: FloatArray, task: str, scale: int = 1) -> FloatArray:
            return enlarged(srgb + np.float32(0.4), scale)  # half of it is right

    trial = Trial(name="x", degraded=dim, clean=clean)
    found = record(trial, "denoise", [], TooMuch())
    assert found.tuned is not None
    assert found.tuned.psnr > 45 > found.scores["lite"].psnr
    table = quality_tables([Row(name="set", task="denoise", records=(found,))])
    head, _, line = table.splitlines()[2:5]
    cells = dict(zip(head.split(" | "), line.split(" | "), strict=True))
    assert float(cells["lite (best strength)"].split(" / ")[0]) > 45
    larger = Trial(name="x", degraded=dim, clean=enlarged(clean, 2), scale=2)
    assert record(larger, "upscale", [], TooMuch()).tuned is None
