"""Each classical tool makes its own degradation better on a small picture."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from engine.light import srgb_to_linear
from engine.photo import FloatArray
from trainer.bench import damage
from trainer.bench.classical import SLOW, TOOLS, best_in_hindsight, bicubic
from trainer.bench.denoising import bm3d_installed
from trainer.bench.shadow import against_the_light
from trainer.bench.shadow_lift import shadows_lifted
from trainer.bench.sharpening import blur_kernels, deconvolved, gaussian, unsharp
from trainer.bench.trial import Tool, Trial, eight_bit
from trainer.dark_channel import guided_filter
from trainer.metrics import psnr

SIDE = 96


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def scene() -> FloatArray:
    """A small landscape: soft sky, coloured blocks, stripes, and something nearly black."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    picture = np.stack((0.35 + 0.3 * y, 0.4 + 0.2 * x, 0.75 - 0.4 * y), 2)
    picture[50:90, 8:40] = (0.75, 0.2, 0.15)
    picture[30:80, 50:90] = (0.1, 0.45, 0.2)
    picture[36:74, 56:84, :] += 0.25 * (np.sin(np.arange(28) * 0.9) > 0)[None, :, None]
    picture[20:44, 12:34] = 0.02
    return eight_bit(np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.6), np.float32))


def noise_trial() -> Trial:
    clean = scene()
    degraded = eight_bit(damage.white_noise(clean, rng(), 0.1))
    return Trial(name="noise", degraded=degraded, clean=clean, sigma=0.1)


def scratch_trial() -> Trial:
    degraded, mask = damage.scratched(scene(), rng(), 3)
    return Trial(name="scratches", degraded=degraded, clean=scene(), mask=mask)


def plain(how: Callable[[FloatArray], FloatArray]) -> Callable[[], Trial]:
    def trial() -> Trial:
        degraded = how(scene())
        sigma = float(np.std(degraded - scene()))
        return Trial(name="plain", degraded=degraded, clean=scene(), sigma=sigma)

    return trial


CASES: dict[str, Callable[[], Trial]] = {
    "NLM": noise_trial,
    "NLM (best h)": noise_trial,
    "deblocking": plain(lambda image: damage.jpeg(image, 10)),
    "USM / RL": plain(lambda image: damage.defocused(image, rng(), 2.5, 0.005)),
    "dark channel, set once": plain(lambda image: damage.hazed(image, rng(), 1.0)),
    "RL, set once": plain(lambda image: damage.defocused(image, rng(), 2.5, 0.005)),
    "exposure + NLM, set once": plain(lambda image: damage.darkened(image, rng(), 3, 2000)),
    "dark channel": plain(lambda image: damage.hazed(image, rng(), 1.0)),
    "median / bilateral": plain(lambda image: damage.rained(image, rng(), 4)),
    "exposure / CLAHE + NLM": plain(lambda image: damage.darkened(image, rng(), 3, 2000)),
    "shadows + NLM, set once": plain(lambda image: against_the_light(image, rng(), 2, 5000)),
    "shadows / CLAHE + NLM": plain(lambda image: against_the_light(image, rng(), 2, 5000)),
    "levels / gamma": plain(lambda image: damage.faded(image, rng())),
    "inpainting": scratch_trial,
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_tool_makes_its_own_degradation_better(name: str) -> None:
    assert_better(CASES[name](), TOOLS[name])


@pytest.mark.slow
@pytest.mark.skipif(not bm3d_installed(), reason="bm3d is not installed")
@pytest.mark.parametrize("name", sorted(SLOW))
def test_slow_tool_makes_its_own_degradation_better(name: str) -> None:
    assert_better(noise_trial(), TOOLS[name])


def assert_better(trial: Trial, tool: Tool) -> None:
    restored = tool(trial)
    assert restored.shape == trial.clean.shape
    assert restored.dtype == np.float32
    assert restored.min() >= 0
    assert restored.max() <= 1
    assert psnr(restored, trial.clean) > psnr(trial.degraded, trial.clean) + 0.2


def test_every_tool_is_tried_here_or_enlarges() -> None:
    assert set(TOOLS) == {*CASES, *SLOW, "Lanczos", "NLM + Lanczos", "levels, set once"}


def test_levels_set_once_undo_one_fading_and_know_no_other() -> None:
    clean = scene()
    clean[:2], clean[-2:] = 0, 1
    faded = np.asarray(0.2 + 0.6 * clean ** np.float32(1 / 1.2), np.float32)
    assert psnr(TOOLS["levels, set once"](Trial(name="a", degraded=faded, clean=clean)), clean) > 45
    assert psnr(TOOLS["levels, set once"](Trial(name="b", degraded=clean, clean=clean)), clean) < 35


def test_lanczos_enlarges_better_than_bicubic() -> None:
    small = damage.shrunk(scene(), 2)
    trial = Trial(name="small", degraded=small, clean=scene(), scale=2)
    enlarged = TOOLS["Lanczos"](trial)
    assert enlarged.shape == trial.clean.shape
    assert psnr(enlarged, trial.clean) > psnr(bicubic(trial), trial.clean)


def test_noise_is_taken_out_before_lanczos_where_it_helps() -> None:
    small = eight_bit(damage.white_noise(damage.shrunk(scene(), 2), rng(), 0.05))
    trial = Trial(name="small", degraded=small, clean=scene(), scale=2)
    quiet, plainly = TOOLS["NLM + Lanczos"](trial), TOOLS["Lanczos"](trial)
    assert psnr(quiet, trial.clean) > psnr(plainly, trial.clean)


def test_hindsight_takes_the_nearest_candidate() -> None:
    trial = noise_trial()
    candidates = [trial.degraded, trial.clean, np.zeros_like(trial.clean)]
    assert np.array_equal(best_in_hindsight(trial, candidates), trial.clean)


def test_deconvolution_with_the_true_kernel_sharpens_more_the_longer_it_runs() -> None:
    kernel = gaussian(1.3)
    soft = np.asarray(cv2.filter2D(scene(), -1, kernel), np.float32)
    scores = [psnr(sharp, scene()) for sharp in deconvolved(soft, kernel, (1, 4, 12))]
    assert scores == sorted(scores)
    assert scores[-1] > psnr(soft, scene()) + 2


def test_kernels_are_odd_sized_and_keep_the_light() -> None:
    for kernel in blur_kernels():
        assert kernel.shape[0] % 2 == kernel.shape[1] % 2 == 1
        assert kernel.sum() == pytest.approx(1, abs=1e-5)


def test_the_shadows_slider_leaves_what_is_bright_alone() -> None:
    clean = scene()
    lit = shadows_lifted(clean, 2.0, 0.3)
    assert lit[20:44, 12:34].mean() > 1.5 * clean[20:44, 12:34].mean()
    assert np.abs(lit - clean)[:15, 60:].max() < 1e-3


def test_things_in_shadow_are_darker_by_the_stops_they_should_be() -> None:
    clean = scene()
    dark = against_the_light(clean, rng(), 2.0, 1e6)
    light = srgb_to_linear(clean).mean(2), srgb_to_linear(dark).mean(2)
    stops = np.log2((light[0] + 1e-3) / (light[1] + 1e-3))[clean.min(2) > 0.1]
    assert 0.2 < (stops > 1.5).mean() < 0.8
    assert ((stops < 0.3) | (stops > 1.5)).mean() > 0.7, "rims are narrow"
    assert stops.max() < 2.4


def test_unsharp_mask_leaves_flat_places_alone() -> None:
    flat = np.full((24, 24, 3), 0.4, np.float32)
    assert np.allclose(unsharp(flat, 1.5, 1.0), flat, atol=1e-6)


def test_guided_filter_keeps_an_edge_that_its_guide_has() -> None:
    guide = np.zeros((40, 40), np.float32)
    guide[:, 20:] = 1
    noise = rng().normal(0, 0.1, guide.shape)
    smooth = guided_filter(guide, np.asarray(guide + noise, np.float32), 6, 1e-3)
    assert np.abs(smooth - guide).mean() < 0.03
    assert smooth[:, 21].mean() - smooth[:, 18].mean() > 0.9
