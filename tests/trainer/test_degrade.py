import cv2
import numpy as np
import pytest

from engine.light import srgb_to_linear
from engine.photo import FloatArray
from trainer.degradations import motion, things, weather
from trainer.degradations.depth import scene_depth
from trainer.degradations.shade import backlit
from trainer.degradations.worn_sheet import DESTROYED
from trainer.degrade import DAMAGES, DEGRADATIONS, HAZES, degrade, untouched

PARAMETERS: dict[str, dict[str, float]] = {
    "backlit": {"stops": 3.0},
    "bleached": {"loss": 0.4, "uneven": 0.3, "stain": 0.1},
    "camera_colours": {"amount": 1.0},
    "camera_noise": {"shot": 0.01, "read": 0.01, "smooth": 0.5},
    "coarse_noise": {"sigma": 15, "size": 1.0, "colour": 0.5},
    "defocus": {"radius": 2.5},
    "fade": {"loss": 0.5, "cast": 0.5},
    "flaked": {"count": 6, "width": 4, "opacity": 0.8},
    "fibrous": {"contrast": 0.1, "width": 1.5, "length": 5},
    "film_grain": {"sigma": 8, "size": 0.8},
    "framed": {"width": 0.3},
    "straight_things": {"count": 3, "width": 9},
    "gaussian_blur": {"sigma": 1.5, "stretch": 0.6},
    "gaussian_noise": {"sigma": 25},
    "graded": {"amount": 0.8},
    "gray_noise": {"sigma": 25},
    "haze": {"density": 1.2, "airlight": 0.9},
    "jpeg": {"quality": 15},
    "lamplit": {"stops": 1.5},
    "low_light": {"exposure": 0.1, "gamma": 1.0, "noise": 0.002},
    "monochrome": {"tone": 0.8},
    "mosaic": {"gain": 3, "contrast": 1.2, "shot": 0.002, "read": 2, "floor": 0.0001},
    "motion_blur": {"length": 12, "bend": 0.5},
    "plateau_blur": {"sigma": 1.5, "stretch": 0.6},
    "poisson_noise": {"scale": 2.0},
    "rain": {"amount": 0.3, "length": 20, "opacity": 0.8},
    "reduce_bicubic": {"factor": 3},
    "reduce_mixed": {"factor": 2.5},
    "ringing": {"cutoff": 1.5},
    "rounded": {},
    "scene_motion": {"reach": 12, "turn": 0.05, "thing": 0.5},
    "scratches": {"count": 6, "width": 3, "opacity": 0.8},
    "sharpened": {"amount": 1.0, "radius": 1.5},
    "snow": {"amount": 0.1, "size": 8, "veil": 0.1},
    "underexposed": {"stops": 3, "curve": 0.1, "noise": 0.001},
    "veil": {"density": 1.5, "airlight": 0.9, "glow": 0.4},
    "woven": {"contrast": 0.3, "period": 6},
    "x_trans": {"gain": 3, "contrast": 1.2, "shot": 0.002, "read": 2, "floor": 0.0001},
    "wear": {"count": 6, "width": 4, "opacity": 0.8},
}


def _scene() -> np.ndarray:
    y, x = np.mgrid[0:60, 0:76].astype(np.float32)
    scene = np.stack((x / 76, y / 60, 0.5 + 0.4 * np.sin(x / 3) * np.cos(y / 4)), 2)
    scene[20:40, 20:40] = (0.9, 0.3, 0.1)
    return scene.astype(np.float32)


def test_every_degradation_is_tried_here() -> None:
    assert PARAMETERS.keys() == DEGRADATIONS.keys() | DAMAGES.keys() | HAZES.keys()


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_every_degradation_replays_and_changes_the_picture(name: str) -> None:
    scene = _scene()
    kept = scene.copy()
    first, again, other = (
        degrade(untouched(scene), name, np.random.default_rng(seed), PARAMETERS[name])
        for seed in (1, 1, 2)
    )
    assert np.array_equal(first.pixels, again.pixels)
    assert first.pixels.shape == scene.shape
    assert first.pixels.dtype == np.float32
    assert np.isfinite(first.pixels).all()
    assert np.array_equal(scene, kept), "the clean picture is left alone"
    assert not np.array_equal(first.pixels, scene)
    if name not in {"defocus", "jpeg", "ringing", "rounded", "reduce_bicubic", "sharpened"}:
        assert not np.array_equal(first.pixels, other.pixels)


def test_gaussian_noise_has_the_strength_it_is_asked_for() -> None:
    flat = np.full((200, 200, 3), 0.5, np.float32)
    noisy = DEGRADATIONS["gaussian_noise"](flat, np.random.default_rng(0), sigma=25)
    assert (noisy - flat).std() * 255 == pytest.approx(25, rel=0.02)


def test_camera_noise_grows_with_light_and_is_correlated() -> None:
    def noise(level: float) -> np.ndarray:
        flat = np.full((200, 200, 3), level, np.float32)
        rng = np.random.default_rng(0)
        degraded = DEGRADATIONS["camera_noise"](flat, rng, shot=0.02, read=0.0, smooth=0.0)
        return srgb_to_linear(degraded) - srgb_to_linear(flat)

    dark, bright = noise(0.3), noise(0.7)
    assert bright.std() > 1.5 * dark.std()
    green = bright[..., 1]
    neighbours = np.corrcoef(green[:, 1:].ravel(), green[:, :-1].ravel())[0, 1]
    assert neighbours > 0.15


def test_cameras_colours_are_paler_and_keep_what_is_gray() -> None:
    scene = np.full((4, 4, 3), (0.7, 0.4, 0.2), np.float32)
    gray = np.full((4, 4, 3), 0.4, np.float32)
    for seed in range(5):
        pale = DEGRADATIONS["camera_colours"](scene, np.random.default_rng(seed), amount=1.0)
        assert np.ptp(pale) < 0.9 * np.ptp(scene)
        same = DEGRADATIONS["camera_colours"](gray, np.random.default_rng(seed), amount=1.0)
        np.testing.assert_allclose(same, gray, atol=1e-4)


@pytest.mark.parametrize("sensor", ["mosaic", "x_trans"])
def test_a_mosaic_without_noise_shows_what_is_smooth(sensor: str) -> None:
    quiet = {"gain": 4, "contrast": 1.3, "shot": 1e-9, "read": 0, "floor": 0}
    ramp = np.tile(np.linspace(0.2, 0.8, 60, dtype=np.float32)[:, None], (40, 1, 3))
    seen = DEGRADATIONS[sensor](ramp, np.random.default_rng(0), **quiet)
    np.testing.assert_allclose(seen[3:-3, 3:-3], ramp[3:-3, 3:-3], atol=2e-3)


def test_noise_of_a_mosaic_is_as_strong_as_the_light_and_the_balance_say() -> None:
    flat = np.full((200, 200, 3), 0.5, np.float32)
    noise = {"gain": 1, "contrast": 1, "shot": 0.001, "read": 0, "floor": 0}
    seen = DEGRADATIONS["mosaic"](flat, np.random.default_rng(1), **noise)
    green = srgb_to_linear(np.clip(seen, 0, 1))[0::2, 1::2, 1]  # where the sensor saw green
    light = srgb_to_linear(flat)[0, 0, 0]
    assert green.std() == pytest.approx(np.sqrt(0.001 * light), rel=0.05)
    assert green.mean() == pytest.approx(light, rel=0.01)
    assert srgb_to_linear(np.clip(seen, 0, 1))[0::2, 0::2, 0].std() > 1.02 * green.std()
    noise["floor"] = 0.01
    dark = DEGRADATIONS["mosaic"](np.zeros_like(flat), np.random.default_rng(1), **noise)
    assert dark.min() < -0.01
    assert abs(dark.mean()) < 0.002


def test_an_x_trans_sensor_is_seen_from_anywhere_in_its_pattern() -> None:
    flat = np.full((60, 60, 3), 0.5, np.float32)
    noise = {"gain": 1, "contrast": 1, "shot": 0.001, "read": 0, "floor": 0}
    rng = np.random.default_rng(1)
    looks = [DEGRADATIONS["x_trans"](flat, rng, **noise) for _ in range(12)]
    light = srgb_to_linear(flat)[0, 0, 0]
    assert np.mean([srgb_to_linear(np.clip(s, 0, 1)) for s in looks]) == pytest.approx(
        light, rel=0.01
    )
    # red and blue, whose noise is stronger, say what green is at four of nine pixels
    spread = np.concatenate([srgb_to_linear(np.clip(s, 0, 1))[..., 1] - light for s in looks])
    assert 0.8 < spread.std() / np.sqrt(0.001 * light) < 1.4


def test_a_moving_hand_keeps_the_light() -> None:
    flat = np.full((64, 64, 3), 0.4, np.float32)
    blurred = DEGRADATIONS["motion_blur"](flat, np.random.default_rng(0), length=20, bend=1)
    assert np.abs(blurred - flat).max() < 1e-4


def test_a_moving_thing_takes_its_outline_along(monkeypatch: pytest.MonkeyPatch) -> None:
    y, x = np.mgrid[0:64, 0:64]
    disc = (np.hypot(y - 32, x - 32) < 8).astype(np.float32)
    monkeypatch.setattr(motion, "_blob", lambda rng, size: disc[..., None])
    scene = np.repeat(disc[..., None], 3, 2)
    for seed in range(8):  # all that is light is the thing, so none of it may get lost on its way
        rng = np.random.default_rng(seed)
        blurred = motion.scene_motion(scene, rng, reach=20, turn=0.0, thing=1.0)
        assert blurred.sum() > 0.99 * scene.sum()


@pytest.mark.parametrize(
    ("name", "most"), [("wear", DESTROYED), ("flaked", DESTROYED), ("scratches", 0.15)]
)
def test_what_several_marks_cover_is_destroyed_by_all_of_them(name: str, most: float) -> None:
    dark, light = np.zeros((96, 96, 3), np.float32), np.ones((96, 96, 3), np.float32)
    faint = {"count": 30, "width": 5, "opacity": 0.05}
    for seed in range(3):
        (on_dark, mask), (on_light, _) = (
            DAMAGES[name](picture, np.random.default_rng(seed), **faint)
            for picture in (dark, light)
        )
        left = (on_light - on_dark).mean(2)  # of the picture: all else is ink
        assert mask[1 - left > most + 0.001].all()
        assert not mask[1 - left < most - 0.001].any()


@pytest.mark.parametrize("name", list(DAMAGES))
def test_marks_may_be_as_thin_as_a_part_of_a_pixel(name: str) -> None:
    for seed in range(12):
        rng = np.random.default_rng(seed)
        worn, _ = DAMAGES[name](_scene(), rng, count=6, width=0.4, opacity=0.8)
        assert np.isfinite(worn).all()
        pixel, _ = DAMAGES[name](_scene()[:1, :1], rng, count=6, width=4, opacity=0.8)
        assert np.isfinite(pixel).all()


def test_haze_pulls_towards_the_airlight() -> None:
    scene = _scene()
    hazy = DEGRADATIONS["haze"](scene, np.random.default_rng(0), density=8, airlight=0.8)
    assert np.abs(hazy - 0.8).mean() < np.abs(scene - 0.8).mean() / 3


def test_what_is_told_of_a_veil_undoes_it() -> None:
    scene = _scene()
    told = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        hazy = degrade(
            untouched(scene), "veil", rng, {"density": 1.5, "airlight": 0.8, "glow": 0.4}
        )
        if hazy.haze is None:
            continue
        told += 1
        share = hazy.haze.transmission[..., None]
        clear = (hazy.pixels - hazy.haze.airlight * (1 - share)) / share
        assert np.abs(clear - scene).max() < 1e-4
    assert 10 < told < 20, "now and then it is mixed in as light, which nothing told undoes"
    clear_day = untouched(scene).haze
    assert clear_day is not None
    assert clear_day.transmission.min() == 1


def test_bright_fog_is_exposed_for_in_half_of_the_pictures() -> None:
    scene = np.full((40, 60, 3), 0.6, np.float32)
    fog = {"density": 2.5, "airlight": 1.0, "glow": 0.0}
    light = np.array(
        [
            degrade(untouched(scene), "veil", np.random.default_rng(seed), fog).pixels.mean()
            for seed in range(60)
        ]
    )
    exposed = light < 0.755
    assert 15 < exposed.sum() < 45
    assert light[exposed].min() > 0.45


def test_an_airlight_may_have_the_colour_of_the_light() -> None:
    warm = _scene() * np.array((1.0, 0.6, 0.3), np.float32)
    redder = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        haze = degrade(untouched(warm), "veil", rng, {**PARAMETERS["veil"], "glow": 0.0}).haze
        if haze is not None:
            red, _, blue = haze.airlight.reshape(-1, 3).mean(0)
            redder.append(red / blue > 1.2)
    assert 0.15 < np.mean(redder) < 0.6


def test_regular_texture_repeats_and_keeps_the_light() -> None:
    gray, rng = np.full((120, 160, 3), 0.5, np.float32), np.random.default_rng(0)
    for _ in range(20):
        textured = DEGRADATIONS["woven"](gray, rng, contrast=0.4, period=6)
        assert np.abs(textured - 0.5).max() <= 0.2 + 1e-6
        assert abs(float(textured.mean()) - 0.5) < 0.05
        assert textured.std() > 0.005


def test_fibres_change_light_but_hardly_colour() -> None:
    cloth = np.full((120, 160, 3), (0.6, 0.3, 0.2), np.float32)
    rng = np.random.default_rng(0)
    for _ in range(10):
        felt = DEGRADATIONS["fibrous"](cloth, rng, contrast=0.1, width=1.5, length=5)
        factor = felt / cloth
        assert 0.01 < factor.std() < 0.12
        assert abs(float(factor.mean()) - 1) < 0.03
        tinted = factor / factor.mean(2, keepdims=True)
        assert tinted.std() < 0.15 * factor.std()


def test_straight_things_are_thin_and_no_marks() -> None:
    scene = np.full((160, 160, 3), 0.5, np.float32)
    shares = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        parameters = {"count": 2, "width": 8}
        result = degrade(untouched(scene), "straight_things", rng, parameters)
        assert result.damage.max() == 0, "they belong to the scene"
        changed = (np.abs(result.pixels - scene).max(2) > 0.05).astype(np.uint8)
        shares.append(float(changed.mean()))
        thick = cv2.erode(changed, np.ones((17, 17), np.uint8))
        assert thick.mean() < 0.02, "none is much wider than was asked for"
    assert 0.005 < np.mean(shares) < 0.25
    nothing = degrade(
        untouched(scene), "straight_things", np.random.default_rng(0), {"count": 0, "width": 8}
    )
    assert np.array_equal(nothing.pixels, scene)


def test_rods_that_meet_are_one() -> None:
    scene = np.full((40, 120, 3), 1.0, np.float32)
    places = np.meshgrid(np.arange(120, dtype=np.float32), np.arange(40, dtype=np.float32))
    ink = things._Finish(np.zeros(3, np.float32), ambient=1.0, lit_from=0.0, gloss=0.0)
    pixels = scene
    for start in (10.0, 45.0, 80.0):
        rod = things._Rod((start, 20.0), (start + 35.0, 20.0), (3.0, 3.0))
        pixels = things._before(pixels, rod, ink, (places[0], places[1]))
    assert pixels[20, 12:113].max() < 0.01


def test_fibres_are_longer_than_wide() -> None:
    gray, rng = np.full((120, 160, 3), 0.5, np.float32), np.random.default_rng(0)
    steps = []
    for _ in range(10):
        felt = DEGRADATIONS["fibrous"](gray, rng, contrast=0.1, width=1, length=7)[..., 0]
        down, across = (np.abs(np.diff(felt, axis=axis)).mean() for axis in (0, 1))
        steps.append(max(down, across) / min(down, across))
    assert np.median(steps) > 1.3


def test_lamplight_keeps_black_and_changes_the_colour() -> None:
    scene = np.repeat(np.linspace(0, 0.6, 50, dtype=np.float32)[None, :, None], 3, 2)
    lit = DEGRADATIONS["lamplit"](scene, np.random.default_rng(0), stops=2)
    assert np.abs(lit[:, 0]).max() < 1e-5
    red, _, blue = lit[0, 30]
    assert max(red / blue, blue / red) > 1.5


def test_low_light_is_darker() -> None:
    rng = np.random.default_rng(0)
    dark = DEGRADATIONS["low_light"](_scene(), rng, exposure=0.05, gamma=1.0, noise=0.001)
    assert dark.mean() < 0.4 * _scene().mean()


def test_scratches_mark_what_they_destroy() -> None:
    scene = np.full((100, 100, 3), 0.5, np.float32)
    rng = np.random.default_rng(3)
    damaged, mask = DAMAGES["scratches"](scene, rng, count=8, width=3, opacity=0.9)
    assert 0 < mask.mean() < 0.6
    assert np.abs(damaged - scene)[mask == 0].max() < 0.1
    assert np.abs(damaged - scene)[mask == 1].mean() > 0.1


def test_a_frame_leaves_the_middle_of_the_picture_alone() -> None:
    scene = _scene()
    touched = []
    for seed in range(20):
        framed = degrade(untouched(scene), "framed", np.random.default_rng(seed), {"width": 0.25})
        assert framed.damage.max() == 0, "a border is no mark"
        changed = np.abs(framed.pixels - scene).max(2) > 0.01
        assert not changed[26:34, 34:42].any()
        touched.append(changed.mean())
    assert 0.02 < np.mean(touched) < 0.5


def test_sharpening_steepens_edges_and_keeps_flat_regions() -> None:
    edge = np.full((40, 40, 3), 0.3, np.float32)
    edge[:, 20:] = 0.6
    rng = np.random.default_rng(0)
    sharp = DEGRADATIONS["sharpened"](edge, rng, amount=1.0, radius=1.0)
    assert np.abs(sharp[:, :10] - 0.3).max() < 1e-5
    assert sharp[20, 19, 0] < 0.25
    assert sharp[20, 20, 0] > 0.65


def test_deep_toning_is_seen_in_the_shadows_too() -> None:
    gray = np.full((8, 8, 3), 0.2, np.float32)
    toned = [
        DEGRADATIONS["monochrome"](gray, np.random.default_rng(seed), tone=1.0)[0, 0]
        for seed in range(40)
    ]
    ratio = np.array([red / blue for red, _, blue in toned])
    assert (ratio >= 1).all()
    assert 2 <= (ratio > 1.4).sum() <= 16, "one in four"


def test_bicubic_reduction_keeps_a_smooth_picture() -> None:
    y, x = np.mgrid[0:64, 0:64].astype(np.float32) / 64
    smooth = np.repeat((0.2 + 0.5 * x * y)[..., None], 3, 2).astype(np.float32)
    rng = np.random.default_rng(0)
    again = DEGRADATIONS["reduce_bicubic"](smooth, rng, factor=2)
    assert np.abs(again - smooth)[4:-4, 4:-4].max() < 2e-3


def test_underexposure_takes_the_stops_it_is_asked_for() -> None:
    flat = np.full((64, 64, 3), 0.8, np.float32)
    rng = np.random.default_rng(0)
    dark = DEGRADATIONS["underexposed"](flat, rng, stops=2, curve=0, noise=1e-5)
    ratio = srgb_to_linear(flat).mean() / srgb_to_linear(dark).mean()
    assert ratio == pytest.approx(4, rel=0.25)


def test_a_part_of_the_scene_lies_in_shadow() -> None:
    scene, shares = _scene(), []
    for seed in range(30):
        dark = backlit(scene, np.random.default_rng(seed), stops=3.0)
        stops = np.log2((srgb_to_linear(scene) + 1e-4) / (srgb_to_linear(dark) + 1e-4)).mean(2)
        assert stops.min() > -0.01
        assert stops.max() < 3.01
        shares.append(float((stops > 1.5).mean()))
    assert min(shares) < 0.3
    assert 0.2 < np.mean(shares) < 0.8


def test_bleached_dyes_lose_contrast_and_yellow() -> None:
    scene = _scene()
    faded = DEGRADATIONS["bleached"](
        scene, np.random.default_rng(0), loss=0.5, uneven=0.0, stain=0.2
    )
    assert faded.std() < 0.8 * scene.std()
    white = np.ones((8, 8, 3), np.float32)
    paper = DEGRADATIONS["bleached"](
        white, np.random.default_rng(0), loss=0.5, uneven=0.0, stain=0.2
    )
    assert paper[..., 2].mean() < paper[..., 0].mean()


def test_depths_span_what_is_seen() -> None:
    rng = np.random.default_rng(0)
    depths = [scene_depth(_scene(), rng) for _ in range(40)]
    assert all(depth.min() >= 0 and depth.max() <= 1 + 1e-6 for depth in depths)
    assert np.mean([depth.max() - depth.min() > 0.3 for depth in depths]) > 0.6
    # what is higher in a picture is mostly farther away
    assert np.mean([depth[:20].mean() > depth[-20:].mean() for depth in depths]) > 0.6


def test_a_moving_scene_stays_where_it_is_and_blurs_as_far_as_it_moves() -> None:
    point = np.zeros((81, 81, 3), np.float32)
    point[40, 40] = 1
    for seed in range(8):
        rng = np.random.default_rng(seed)
        blurred = DEGRADATIONS["scene_motion"](point, rng, reach=16, turn=0.0, thing=0.0)
        rows, columns, _ = np.nonzero(blurred > 1e-3)
        far = np.hypot(rows - 40, columns - 40).max()
        assert 4 < far < 18
        assert blurred[40, 40].max() > 0.02  # the middle moment is the picture itself


def test_what_stays_bright_in_a_shadow_is_left_lit() -> None:
    bright = np.full((60, 76, 3), 0.9, np.float32)
    for seed in range(12):
        assert backlit(bright, np.random.default_rng(seed), stops=0.7).min() > 0.85
    deep = [backlit(bright, np.random.default_rng(seed), stops=4.5).min() for seed in range(12)]
    assert min(deep) < 0.3


@pytest.mark.parametrize("length", [6, 30])
@pytest.mark.parametrize("amount", [0.05, 0.4])
def test_the_amount_of_rain_is_the_light_of_all_streaks(amount: float, length: float) -> None:
    black = np.zeros((96, 96, 3), np.float32)
    found = [
        weather.rain(black, np.random.default_rng(seed), amount=amount, length=length, opacity=0.1)
        for seed in range(40)
    ]
    assert np.mean(found) == pytest.approx(1.2 * 0.1 * amount, rel=0.25)
    covered = np.mean([(rain > 0.01).mean() for rain in found])
    assert covered > 1.5 * amount  # which is no share of the picture


def test_broader_streaks_are_broader() -> None:
    black, shape = np.zeros((96, 96, 3), np.float32), {"amount": 0.01, "length": 60, "opacity": 1}

    def rained(seed: int, **width: float) -> FloatArray:
        return weather.rain(black, np.random.default_rng(seed), **shape, **width)

    def breadth(width: float) -> float:
        """The mean length of what is lit in a row."""
        found = []
        for seed in range(20):
            lit = rained(seed, width=width)[..., 0] > 0.1
            starts = (np.diff(np.pad(lit, ((0, 0), (1, 0))).astype(int), axis=1) > 0).sum()
            found += [lit.sum() / starts] if starts else []
        return float(np.mean(found))

    assert breadth(4) > 2 * breadth(1)
    assert np.array_equal(rained(3), rained(3, width=1))
