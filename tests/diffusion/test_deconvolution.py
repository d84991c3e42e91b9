"""A known blur is taken out, and a picture is taken apart into edges."""

import numpy as np
import pytest
import torch

from engine.diffusion.deblurring.deconvolution import added_up, deconvolved, encoded
from engine.diffusion.deblurring.edges import edges_alone
from engine.photo import FloatArray, floats
from tests.diffusion.blurs import blurred, shake, town
from trainer.metrics import psnr

POINT = np.pad(np.ones((1, 1), np.float32), 20)


def test_values_come_back() -> None:
    values = floats(np.linspace(0, 1, 256))
    assert np.abs(encoded(added_up(values)) - values).max() < 1e-6
    assert added_up(floats([-0.1, 1.2])).tolist() == [0, 1]


def test_a_known_blur_is_taken_out() -> None:
    sharp = town()
    soft = blurred(sharp, shake())
    result = deconvolved(soft, soft, shake(), 5e-3)
    assert result.shape == sharp.shape
    assert result.dtype == np.float32
    assert psnr(result, sharp) > psnr(soft, sharp) + 4


def test_the_prior_decides_where_nothing_came_through() -> None:
    sharp = town()
    soft = blurred(sharp, shake(), noise=3)
    far, near = (deconvolved(soft, prior, shake(), 0.02) for prior in (soft, sharp))
    assert psnr(near, sharp) > psnr(far, sharp) + 3


def test_much_weight_gives_the_prior_and_no_blur_the_picture() -> None:
    picture, prior = town(64), town(64, seed=8)
    assert np.abs(deconvolved(picture, prior, shake(), 1e6) - prior).max() < 1e-3
    assert np.abs(deconvolved(picture, prior, POINT, 1e-6) - picture).max() < 1e-3


@pytest.mark.parametrize("shape", [(53, 97), (7, 60), (1, 1)])
def test_any_size_and_an_even_picture_stays_even(shape: tuple[int, int]) -> None:
    even = np.full((*shape, 3), 0.4, np.float32)
    assert np.abs(deconvolved(even, even, shake(), 0.02) - even).max() < 1e-4


def test_edges_stay_and_texture_goes() -> None:
    rng = np.random.default_rng(0)
    step = np.repeat(floats([0.3, 0.7]), 32)[None].repeat(64, 0)
    drawn = floats(step + rng.normal(0, 0.02, step.shape))
    result: FloatArray = edges_alone(torch.from_numpy(drawn), 6e-3).numpy()
    assert np.abs(result - step).max() < 0.03
    assert np.std(result[8:-8, 8:24]) < 0.2 * np.std(drawn[8:-8, 8:24])


def test_a_plain_picture_has_no_edges() -> None:
    plain = torch.full((40, 50), 0.6)
    assert torch.allclose(edges_alone(plain, 6e-3), plain, atol=1e-5)
