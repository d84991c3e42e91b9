"""What the autopilot sees, on made-up pictures whose damage is known."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from engine.analysis import analyse
from engine.damage import TASKS
from engine.diagnosis import TRAITS, load_judges, traits_of
from engine.errors import WrongWeights
from engine.measures.blocking import grid_of, measure_blocking
from engine.measures.noise import measure_noise
from engine.photo import FloatArray, floats
from engine.preset import Preset
from engine.proposal import Proposal, propose, second_looks
from engine.reasons import MAYBE_A_PRINT

CLEAN_PHOTOS = Path(__file__).parents[3] / "shared" / "data" / "eval" / "clean"
PRESETS = {
    id: Preset(id=id, title=id, summary=id, task=id, strength=0.9)
    for id in (*TASKS, "upscale", "auto")
}
OF_A_CAMERA = {id: preset for id, preset in PRESETS.items() if id != "old-photo"}
"""Those among which is chosen for what a camera exposed, which is no print."""


@cache
def scene(seed: int = 0, height: int = 480, width: int = 640) -> FloatArray:
    """A clean picture: a sky, and things of all sizes before it, some smooth and some rough."""
    rng = np.random.default_rng(seed)
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    sky = np.array([0.75, 0.8, 0.9], np.float32) - down * np.array([0.35, 0.25, 0.2], np.float32)
    picture = np.broadcast_to(sky, (height, width, 3)).copy()
    for _ in range(160):
        radius = min(10 + 12 * float(rng.pareto(1.6)), 120.0)
        side = 2 * int(radius) + 3
        cover = np.zeros((side, side), np.float32)
        axes = (int(radius * 16), int(radius * 16 * rng.uniform(0.3, 1)))
        middle = (side * 8, side * 8)
        cv2.ellipse(cover, middle, axes, float(rng.uniform(0, 180)), 0, 360, 1, -1, cv2.LINE_AA, 4)
        grain = rng.standard_normal((side, side), np.float32)
        grain = cv2.GaussianBlur(grain, (0, 0), 0.8) * float(rng.choice([0, 0, 0.03, 0.08]))
        colour = rng.uniform(0.03, 0.95) * (0.55 + 0.45 * rng.random(3))
        thing = colour.astype(np.float32) + grain[..., None]
        left, top = int(rng.integers(-side // 2, width)), int(rng.integers(-side // 2, height))
        inside = (slice(max(0, -top), height - top), slice(max(0, -left), width - left))
        place = (slice(max(0, top), top + side), slice(max(0, left), left + side))
        behind = picture[place]
        behind += (thing[inside] - behind) * cover[inside][..., None]
    clean = rounded(cv2.GaussianBlur(picture, (0, 0), 0.45))
    clean.setflags(write=False)
    return clean


def rounded(picture: FloatArray) -> FloatArray:
    return (np.rint(np.clip(picture, 0, 1) * 255) / 255).astype(np.float32)


def noisy(picture: FloatArray, sigma: float, seed: int = 1) -> FloatArray:
    rng = np.random.default_rng(seed)
    return rounded(picture + rng.normal(0, sigma / 255, picture.shape).astype(np.float32))


def compressed(picture: FloatArray, quality: int) -> FloatArray:
    stream = io.BytesIO()
    Image.fromarray(np.rint(picture * 255).astype(np.uint8)).save(stream, "JPEG", quality=quality)
    return np.asarray(Image.open(stream), np.float32) / np.float32(255)


def shaken(picture: FloatArray, length: int) -> FloatArray:
    kernel = np.full((1, length), 1 / length, np.float32)
    return rounded(cv2.filter2D(picture, -1, kernel))


def soft(picture: FloatArray, sigma: float) -> FloatArray:
    return rounded(cv2.GaussianBlur(picture, (0, 0), sigma))


def hazy(picture: FloatArray, through: float) -> FloatArray:
    return rounded(picture * through + 0.85 * (1 - through))


def dark(picture: FloatArray, exposure: float) -> FloatArray:
    return noisy((picture**2.2 * exposure) ** (1 / 2.2), 1.5)


def faded(picture: FloatArray) -> FloatArray:
    """A brown print: black lifted, white yellowed, and the grain of its film."""
    black = np.array([0.3, 0.25, 0.2], np.float32)
    white = np.array([0.78, 0.72, 0.58], np.float32)
    grain = np.random.default_rng(5).standard_normal((*picture.shape[:2], 1), np.float32)
    gray = picture.mean(axis=2, keepdims=True)
    return rounded(black + (white - black) * gray + grain * np.float32(4 / 255))


def scratched(picture: FloatArray) -> FloatArray:
    rng = np.random.default_rng(4)
    damaged = picture.copy()
    height, width = picture.shape[:2]
    for _ in range(8):
        start, end = rng.random(2) * (width, height), rng.random(2) * (width, height)
        ends = [tuple(int(value) for value in point) for point in (start, end)]
        cv2.line(damaged, ends[0], ends[1], (0.95, 0.93, 0.9), 2, cv2.LINE_AA)
    return damaged


def rainy(picture: FloatArray) -> FloatArray:
    rng = np.random.default_rng(2)
    drops = (rng.random(picture.shape[:2]) < 0.02).astype(np.float32)
    kernel = np.zeros((25, 25), np.float32)
    cv2.line(kernel, (9, 0), (15, 24), 1, 1, cv2.LINE_AA)
    streaks = np.clip(cv2.filter2D(drops, -1, kernel), 0, 1)[..., None] * 0.7
    return rounded(picture * (1 - streaks) + 0.9 * streaks)


def snowy(picture: FloatArray) -> FloatArray:
    rng = np.random.default_rng(3)
    cover = np.zeros(picture.shape[:2], np.float32)
    for _ in range(900):
        centre = (int(rng.integers(0, cover.shape[1])), int(rng.integers(0, cover.shape[0])))
        cv2.circle(cover, centre, int(rng.integers(1, 5)), 1, -1, cv2.LINE_AA)
    cover = cv2.GaussianBlur(cover, (0, 0), 0.7)[..., None] * 0.9
    return rounded(picture * (1 - cover) + 0.97 * cover)


def chosen(picture: FloatArray) -> Proposal:
    return propose(analyse(picture), PRESETS)


# Noise


@pytest.mark.parametrize("sigma", [5, 8, 12, 20, 35, 50])
@pytest.mark.parametrize("seed", [0, 1])
def test_noise_is_measured_within_15_per_cent_on_a_textured_scene(sigma: int, seed: int) -> None:
    assert analyse(noisy(scene(seed), sigma)).noise.level == pytest.approx(sigma, rel=0.15)


def test_noise_alike_in_all_channels_is_luma_noise() -> None:
    rng = np.random.default_rng(0)
    field = rng.normal(0, 12 / 255, (480, 640, 1)).astype(np.float32)
    noise = analyse(rounded(scene() + field)).noise
    assert noise.luma == pytest.approx(12, rel=0.15)
    assert noise.chroma < 1


def test_colour_noise_is_chroma_noise() -> None:
    rng = np.random.default_rng(0)
    field = rng.normal(0, 12 / 255, (480, 640, 3)).astype(np.float32)
    noise = analyse(rounded(scene() + field - field.mean(axis=2, keepdims=True))).noise
    assert noise.chroma > 5
    assert noise.luma < 1


def test_noise_smoothed_by_demosaicing_is_not_overlooked() -> None:
    rng = np.random.default_rng(0)
    field = rng.standard_normal((480, 640, 3)).astype(np.float32)
    field = cv2.GaussianBlur(field, (0, 0), 0.7)
    field *= 10 / 255 / field.std()
    assert 6 < analyse(rounded(scene() + field)).noise.level < 13


def test_a_clean_scene_has_no_noise() -> None:
    assert analyse(scene()).noise.level < 1


# JPEG


def test_blocking_rises_with_falling_quality() -> None:
    grids = [analyse(compressed(scene(), q)).blocking.grid for q in (95, 80, 60, 40, 20, 10)]
    assert grids == sorted(grids)


@pytest.mark.parametrize("quality", [10, 20, 40, 60, 80])
@pytest.mark.parametrize(("left", "top"), [(0, 0), (3, 5), (7, 1)])
def test_quality_and_grid_of_a_cropped_jpeg_are_found_from_pixels(
    quality: int, left: int, top: int
) -> None:
    blocking = analyse(compressed(scene(), quality)[top:, left:]).blocking
    assert blocking.quality == pytest.approx(quality, abs=3)
    assert (blocking.left, blocking.top) == (-left % 8, -top % 8)


@pytest.mark.parametrize("side", [8, 16])
def test_a_grid_of_squares_is_found_by_their_side(side: int) -> None:
    plain = (scene() @ np.full(3, 255 / 3, np.float32)).astype(np.float32)
    height, width = plain.shape
    rng = np.random.default_rng(0)
    tones = rng.normal(0, 8, (-(-height // side), -(-width // side))).astype(np.float32)
    squares = plain + tones.repeat(side, 0).repeat(side, 1)[:height, :width]
    assert grid_of([squares], side) > 5 * grid_of([plain], side)
    assert grid_of([squares[:, 3:]], side) == pytest.approx(grid_of([squares], side), rel=0.2)
    assert grid_of([squares[: 2 * side]], side) == 0


def test_a_picture_that_was_never_compressed_has_no_quality() -> None:
    blocking = analyse(scene()).blocking
    assert blocking.quality == 100
    assert blocking.certainty == 0


# Blur


def test_blur_rises_with_the_width_of_the_lens() -> None:
    blurs = [analyse(soft(scene(), s)).sharpness.blur for s in (0.5, 1, 1.5, 2, 3, 4)]
    assert blurs == sorted(blurs)
    assert analyse(scene()).sharpness.blur < blurs[1]


def test_shake_is_told_from_lack_of_focus() -> None:
    shake, focus = analyse(shaken(scene(), 13)).sharpness, analyse(soft(scene(), 3)).sharpness
    assert shake.motion > focus.motion + 0.2
    assert min(shake.angle, 180 - shake.angle) <= 30


# Tone


def test_light_haze_and_fading_are_scored() -> None:
    clean = analyse(scene()).tone
    assert analyse(dark(scene(), 0.03)).tone.low_light > clean.low_light + 0.3
    assert analyse(hazy(scene(), 0.4)).tone.haze > clean.haze + 0.3
    assert analyse(faded(scene())).tone.fading > clean.fading + 0.3


def test_gray_is_known() -> None:
    gray = np.repeat(scene().mean(axis=2, keepdims=True), 3, axis=2)
    assert analyse(gray).tone.gray
    assert not analyse(scene()).tone.gray


# Proposals


@pytest.mark.parametrize("seed", range(6))
def test_a_clean_scene_is_left_alone(seed: int) -> None:
    proposal = chosen(scene(seed))
    assert (proposal.preset_id, proposal.strength) == ("", 0.0)
    assert proposal.reasons


@pytest.mark.parametrize(
    ("wanted", "picture"),
    [
        ("denoise", noisy(scene(), 15)),
        ("denoise", noisy(scene(), 40)),
        ("artifacts", compressed(scene(), 10)),
        ("artifacts", compressed(scene(), 30)[3:, 5:]),
        ("deblur", soft(scene(), 3)),
        ("deblur", shaken(scene(), 15)),
        ("low-light", dark(scene(), 0.03)),
        ("dehaze", hazy(scene(), 0.35)),
        ("derain", rainy(scene())),
        ("desnow", snowy(scene())),
        ("upscale", scene(0, 100, 140)),
    ],
)
def test_clear_damage_is_recognised(wanted: str, picture: FloatArray) -> None:
    proposal = chosen(picture)
    assert proposal.preset_id == wanted
    assert 0 < proposal.strength <= 0.9
    assert proposal.reasons[0].endswith(".")


@pytest.mark.parametrize("picture", [faded(scene()), scratched(faded(scene()))])
def test_an_old_print_is_told_and_left_to_the_second_look(picture: FloatArray) -> None:
    proposal = chosen(picture)
    assert proposal.preset_id == ""
    assert proposal.reasons[0].startswith("Faded")
    assert proposal.reasons[-1] == MAYBE_A_PRINT
    assert "old-photo" in second_looks(proposal, analyse(picture), PRESETS)


@pytest.mark.parametrize("picture", [scene(), noisy(scene(), 15), compressed(scene(), 10)])
def test_no_other_photo_is_called_an_old_print(picture: FloatArray) -> None:
    assert MAYBE_A_PRINT not in chosen(picture).reasons


def test_a_photo_of_which_it_is_known_is_not_called_a_print() -> None:
    faded_photo = analyse(faded(scene()))
    assert MAYBE_A_PRINT in propose(faded_photo, PRESETS).reasons
    assert MAYBE_A_PRINT not in propose(faded_photo, OF_A_CAMERA).reasons


def test_strength_follows_severity_where_less_of_it_is_nearer() -> None:
    by_quality = [chosen(compressed(scene(), q)).strength for q in (40, 25, 10)]
    assert by_quality == sorted(set(by_quality))
    by_noise = {chosen(noisy(scene(), s)).strength for s in (8, 15, 30)}
    assert by_noise == {PRESETS["denoise"].strength}
    by_light = {chosen(dark(scene(), light)).strength for light in (0.03, 0.06)}
    assert by_light == {PRESETS["low-light"].strength}


def test_what_is_not_offered_is_not_proposed() -> None:
    analysis = analyse(noisy(scene(), 30))
    others = {id: preset for id, preset in PRESETS.items() if id != "denoise"}
    proposal = propose(analysis, others)
    assert proposal.preset_id != "denoise"
    assert propose(analysis, {}).preset_id == ""


# Odd pictures


def empty_page(value: float) -> FloatArray:
    rng = np.random.default_rng(0)
    return floats(np.clip(value + rng.normal(0, 1.5 / 255, (600, 800, 3)), 0, 1))


def disc_on_white() -> FloatArray:
    page = np.ones((600, 800, 3), np.float32)
    return floats(cv2.circle(page, (400, 300), 180, (0.75, 0.75, 0.75), -1))


@pytest.mark.parametrize("value", [0.35, 0.5, 0.8, 0.98])
def test_an_empty_page_is_no_fog(value: float) -> None:
    analysis = analyse(empty_page(value))
    assert analysis.tone.haze > 0.5
    assert propose(analysis, PRESETS).preset_id != "dehaze"
    assert "dehaze" not in second_looks(propose(analysis, PRESETS), analysis, PRESETS)


def test_a_thing_on_white_is_not_in_fog() -> None:
    analysis = analyse(disc_on_white())
    assert analysis.tone.haze > 0.5
    assert propose(analysis, PRESETS).preset_id == ""
    assert "dehaze" not in second_looks(propose(analysis, PRESETS), analysis, PRESETS)


@pytest.mark.parametrize(
    ("height", "width"), [(1, 1), (1, 500), (8, 8), (20, 300), (300, 20), (63, 65), (257, 1300)]
)
@pytest.mark.parametrize("value", [0.0, 0.5, 1.0, None])
def test_any_size_and_any_flat_colour_gives_finite_numbers(
    height: int, width: int, value: float | None
) -> None:
    rng = np.random.default_rng(0)
    picture = (
        rng.random((height, width, 3), np.float32)
        if value is None
        else np.full((height, width, 3), value, np.float32)
    )
    analysis = analyse(picture)
    assert all(math.isfinite(number) for number in analysis.as_numbers().values())
    assert all(math.isfinite(trait) for trait in traits_of(analysis).values())
    assert 0 <= propose(analysis, PRESETS).strength <= 1


def test_scores_stay_between_0_and_1() -> None:
    for picture in (scene(), np.zeros((64, 64, 3), np.float32), rainy(scene()), snowy(scene())):
        found = analyse(picture)
        scores = (
            found.sharpness.blur,
            found.sharpness.motion,
            found.tone.low_light,
            found.tone.haze,
            found.tone.fading,
            found.marks.rain,
            found.marks.snow,
            found.marks.scratches,
        )
        assert all(0 <= score <= 1 for score in scores)


def test_a_gray_picture_is_judged_like_a_coloured_one() -> None:
    gray = np.repeat(scene().mean(axis=2, keepdims=True), 3, axis=2)
    assert chosen(rounded(gray)).preset_id == ""
    field = np.random.default_rng(0).normal(0, 25 / 255, (480, 640, 1)).astype(np.float32)
    assert chosen(rounded(gray + field)).preset_id == "denoise"


def test_the_picture_is_not_changed() -> None:
    before = scene().copy()
    analyse(scene())
    assert np.array_equal(scene(), before)


def test_a_large_photo_is_measured_in_parts_and_a_small_one_whole() -> None:
    large = noisy(cv2.resize(scene(), (2400, 1800), interpolation=cv2.INTER_LINEAR), 10)
    assert analyse(large).noise.level == pytest.approx(10, rel=0.15)
    quality = analyse(compressed(large, 30)).blocking.quality
    assert quality == pytest.approx(30, abs=3)


# The file of the judges


@pytest.mark.parametrize(
    "text",
    [
        "[denoise",
        "denoise = 3",
        "[denoise]\nthreshold = 1.0",
        '[denoise]\nthreshold = 1.0\ntraits = ["?"]\ncentre = [0]\nspread = [1]\nweights = [0]',
    ],
)
def test_a_wrong_file_of_judges_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(text)
    with pytest.raises(WrongWeights, match=r"broken\.toml"):
        load_judges(path)


def test_weights_that_do_not_fit_the_traits_are_refused() -> None:
    judge = load_judges()[0]
    with pytest.raises(ValueError, match="weights"):
        replace(judge, weights=judge.weights[:-1])


def test_every_task_has_a_judge_and_every_judge_a_task() -> None:
    judges = load_judges()
    assert {judge.task for judge in judges} == set(TASKS)
    assert {name for judge in judges for name in judge.traits} <= set(TRAITS)


def test_crops_too_small_for_a_block_are_no_error() -> None:
    assert measure_noise([np.zeros((5, 5, 3), np.float32)]).level == 0
    assert measure_blocking([np.zeros((5, 5), np.float32)]).quality == 100


@pytest.mark.skipif(not CLEAN_PHOTOS.is_dir(), reason="the evaluation photos are not here")
def test_clean_photos_are_left_alone() -> None:
    paths = sorted(path for path in CLEAN_PHOTOS.rglob("*") if path.suffix in {".webp", ".png"})
    flagged = [path.name for path in paths if chosen(_read(path)).preset_id]
    assert len(flagged) <= 0.02 * len(paths), flagged


def _read(path: Path) -> FloatArray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"), np.float32) / np.float32(255)
