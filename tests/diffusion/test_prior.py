"""One tile: what the prior would change in a draft."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.diffusion.noise_field import NoiseField
from engine.diffusion.prior import Painter
from engine.diffusion.sampling import SAMPLERS
from engine.photo import Box, FloatArray
from engine.progress import Cancelled, Silent
from engine.schedule import Schedule
from engine.texture import textured
from engine.trajectory import Trajectory
from tests.diffusion.oracles import OracleBackbone
from tests.diffusion.painted import CHANNELS, ONE_STEP, Aiming, staying
from tests.diffusion.tiny_flux import tiny_flux1

FIELD = NoiseField(0, CHANNELS)
TRAJECTORIES = {
    "noised degraded": Trajectory(start="degraded", schedule=Schedule(steps=3, start=0.6)),
    "pure noise": Trajectory(schedule=Schedule(steps=3, shift=1.0)),
    "degraded to clean": Trajectory(noise=0.0, degraded=1.0, schedule=Schedule(steps=2)),
}


def picture(height: int, width: int, seed: int = 0) -> FloatArray:
    return np.random.default_rng(seed).random((height, width, 3), dtype=np.float32)


def painted(painter: Painter, degraded: FloatArray, draft: FloatArray) -> FloatArray:
    height, width = draft.shape[:2]
    return painter.paint(
        degraded, draft, painter.noise_of(FIELD, Box(0, 0, width, height)), Silent()
    )


@pytest.mark.parametrize("trajectory", TRAJECTORIES.values(), ids=TRAJECTORIES)
def test_an_oracle_restores(trajectory: Trajectory) -> None:
    clean = np.repeat(picture(48, 64)[..., :1], 3, 2)
    draft = clean.mean((0, 1)) + np.zeros_like(clean)
    degraded = picture(48, 64, seed=1)
    known = torch.from_numpy(clean).permute(2, 0, 1)[None]
    change = painted(Painter(OracleBackbone(known), trajectory), degraded, draft)
    np.testing.assert_allclose(draft + change, clean, atol=1e-5)
    before, after = (np.abs(clean - one).mean() for one in (draft, textured(draft, change)))
    assert after < 0.7 * before


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_sampling_that_ends_at_the_draft_changes_nothing(sampler: str) -> None:
    draft = picture(48, 64)
    painter = Painter(Aiming(staying), TRAJECTORIES["noised degraded"], sampler)
    assert np.abs(painted(painter, draft, draft)).max() < 1e-6


def test_what_the_autoencoder_loses_is_no_change() -> None:
    class Lossy(Aiming):
        def decode(self, latent: Tensor) -> Tensor:
            return super().decode(latent).round(decimals=1) + 0.2

    draft = picture(32, 32)
    assert not np.any(painted(Painter(Lossy(staying), ONE_STEP), draft, draft))


def test_each_picture_is_encoded_once() -> None:
    backbone = Aiming(staying)
    painted(Painter(backbone, ONE_STEP), picture(32, 32), picture(32, 32, seed=1))
    assert backbone.encoded == 2


@pytest.mark.parametrize(("height", "width"), [(33, 50), (16, 16), (5, 7), (1, 1)])
def test_sides_need_be_no_multiples(height: int, width: int) -> None:
    def brighter(degraded: Tensor, noise: Tensor) -> Tensor:
        return degraded + 0.25

    draft = picture(height, width)
    painter = Painter(Aiming(brighter), ONE_STEP, least=32)
    np.testing.assert_allclose(painted(painter, draft, draft), np.full_like(draft, 0.25), atol=1e-6)
    assert min(painter.latent_size(height, width)) >= 4


def test_a_real_network_paints_the_same_twice() -> None:
    backbone = tiny_flux1()
    painter = Painter(backbone, TRAJECTORIES["noised degraded"])
    draft, field = picture(40, 56), NoiseField(3, backbone.spec.channels)
    noise = painter.noise_of(field, Box(0, 0, 56, 40))
    one, again = (painter.paint(draft, draft, noise, Silent()) for _ in range(2))
    assert one.shape == draft.shape
    assert one.dtype == np.float32
    assert np.array_equal(one, again)
    assert np.abs(one).max() > 0


def test_a_painting_is_stopped_between_two_steps() -> None:
    class Stops:
        def report(self, done: float, stage: str = "") -> None:
            if done > 0.3:
                raise Cancelled

    backbone, draft = Aiming(staying), picture(32, 32)
    painter = Painter(backbone, TRAJECTORIES["noised degraded"])
    with pytest.raises(Cancelled):
        painter.paint(draft, draft, painter.noise_of(FIELD, Box(0, 0, 32, 32)), Stops())
    assert len(backbone.asked) == 1


def test_a_latent_without_numbers_is_an_error() -> None:
    backbone = Aiming(lambda degraded, noise: degraded * torch.nan)
    with pytest.raises(FloatingPointError):
        painted(Painter(backbone, ONE_STEP), picture(16, 16), picture(16, 16))
