"""Colour: profiles to sRGB and back, inks, Lab."""

from __future__ import annotations

import imagecodecs
import numpy as np
import pytest

from engine.colour import (
    adobe_rgb,
    cmyk_profile,
    cmyk_to_srgb,
    from_srgb,
    is_srgb,
    lab_to_srgb,
    profile_of,
    profile_of_primaries,
    reversible,
    to_srgb,
    usable,
)
from engine.icc import matrix_profile, srgb_icc
from engine.photo import SRGB, FloatArray, Profile
from tests.engine import made


def noise(seed: int = 0, low: float = 0.0, high: float = 1.0) -> FloatArray:
    rng = np.random.default_rng(seed)
    values: FloatArray = rng.uniform(low, high, (60, 70, 3)).astype(np.float32)
    values[0] = np.linspace(low, high, 70)[:, None]
    return values


def gamma_profile(
    gamma: float, primaries: tuple[float, ...], white: tuple[float, float]
) -> Profile:
    points = [p for x, y in zip(primaries[::2], primaries[1::2], strict=True) for p in (x, y, 1.0)]
    icc = imagecodecs.cms_profile("rgb", whitepoint=(*white, 1.0), primaries=points, gamma=gamma)
    return profile_of(icc)


ADOBE = gamma_profile(2.2, (0.64, 0.33, 0.21, 0.71, 0.15, 0.06), (0.3127, 0.329))
PRO_PHOTO = gamma_profile(1.8, (0.7347, 0.2653, 0.1596, 0.8404, 0.0366, 0.0001), (0.3457, 0.3585))
P3 = profile_of(made.p3_icc())
GRAY = profile_of(imagecodecs.cms_profile("gray", gamma=1.8))


@pytest.mark.parametrize("profile", [P3, PRO_PHOTO], ids=["P3", "ProPhoto"])
def test_srgb_through_a_wide_space_comes_back_within_a_hundred_thousandth(profile: Profile) -> None:
    pixels = noise()
    back = to_srgb(from_srgb(pixels, profile), profile)
    assert np.abs(back - pixels).max() < 1e-5


def test_srgb_through_adobe_rgb_comes_back_where_it_fits() -> None:
    # Adobe RGB shares two primaries with sRGB, so colours on its very border are clipped.
    pixels = noise(low=0.01, high=0.99)
    back = to_srgb(from_srgb(pixels, ADOBE), ADOBE)
    assert np.abs(back - pixels).max() < 1e-5
    edge = noise()
    assert np.abs(to_srgb(from_srgb(edge, ADOBE), ADOBE) - edge).max() < 4e-4


@pytest.mark.parametrize("profile", [P3, PRO_PHOTO, ADOBE], ids=["P3", "ProPhoto", "Adobe"])
def test_curves_and_matrix_agree_with_the_general_engine(profile: Profile) -> None:
    pixels = noise(low=0.02)
    theirs = imagecodecs.cms_transform(
        pixels,
        profile.icc,
        srgb_icc(),
        colorspace="rgb",
        outcolorspace="rgb",
        outdtype="float32",
        intent=1,
        flags=8192,
    )
    assert matrix_profile(profile.icc) is not None
    assert np.abs(to_srgb(pixels, profile) - np.clip(theirs, 0, 1)).max() < 1e-3


def test_grays_stay_gray_in_every_space() -> None:
    ramp = np.repeat(np.linspace(0, 1, 256, dtype=np.float32)[None, :, None], 3, axis=2)
    for profile in (ADOBE, PRO_PHOTO, P3):
        assert np.ptp(to_srgb(ramp, profile), axis=2).max() < 1e-5
        assert np.ptp(from_srgb(ramp, profile), axis=2).max() < 1e-5


def test_black_and_white_stay_exact() -> None:
    ends = np.stack([np.zeros((1, 3)), np.ones((1, 3))]).astype(np.float32)
    for profile in (ADOBE, PRO_PHOTO, P3):
        np.testing.assert_allclose(to_srgb(ends, profile), ends, atol=1e-6)


def test_nothing_is_done_where_nothing_is_to_do() -> None:
    pixels = noise()
    same = profile_of(srgb_icc())
    assert to_srgb(pixels, SRGB) is pixels
    assert to_srgb(pixels, same) is pixels
    assert from_srgb(pixels, same) is pixels
    assert is_srgb(SRGB)
    assert is_srgb(same)
    assert not is_srgb(P3)


def test_results_stay_within_black_and_white() -> None:
    red = np.zeros((2, 2, 3), np.float32)
    red[..., 0] = 1
    result = to_srgb(red, P3)
    assert result.min() >= 0
    assert result.max() <= 1


@pytest.mark.parametrize(
    "icc",
    [b"x", b"\0" * 200, srgb_icc()[:150], srgb_icc()[:16] + b"CMYK" + srgb_icc()[20:]],
    ids=["short", "zeros", "cut", "wrong kind"],
)
def test_a_broken_profile_is_taken_as_srgb(icc: bytes) -> None:
    pixels, broken = noise(), Profile(icc, "broken")
    assert not usable(broken)
    assert not is_srgb(broken)
    assert to_srgb(pixels, broken) is pixels
    assert from_srgb(pixels, broken) is pixels


def test_profiles_tell_their_names() -> None:
    assert profile_of(b"") is SRGB
    assert profile_of(srgb_icc()).name == "sRGB built-in"
    assert profile_of(b"garbage").name == "unnamed profile"


def test_a_gray_profile_takes_and_gives_three_equal_channels() -> None:
    ramp = np.repeat(np.linspace(0, 1, 300, dtype=np.float32)[None, :, None], 3, axis=2)
    result = to_srgb(ramp, GRAY)
    assert result.shape == ramp.shape
    assert np.ptp(result, axis=2).max() == 0
    # Gamma 1.8 of one half is 0.287 of the light, which sRGB encodes as 0.573.
    assert abs(result[0, 150, 0] - 0.574) < 0.003
    assert np.abs(from_srgb(result, GRAY) - ramp).max() < 1e-5


def test_colours_become_their_luminance_in_a_gray_profile() -> None:
    green = np.zeros((1, 1, 3), np.float32)
    green[..., 1] = 1
    assert abs(float(from_srgb(green, GRAY)[0, 0, 0]) - 0.717 ** (1 / 1.8)) < 0.005


def test_one_row_and_one_pixel_and_uncontiguous_tiles_are_converted() -> None:
    pixels = noise()
    whole = to_srgb(pixels, P3)
    np.testing.assert_array_equal(to_srgb(pixels[5:6], P3), whole[5:6])
    np.testing.assert_array_equal(to_srgb(pixels[7:8, 9:10], P3), whole[7:8, 9:10])
    np.testing.assert_array_equal(to_srgb(pixels[3:50:2, ::-1], P3), whole[3:50:2, ::-1])


def test_adobe_rgb_is_shipped() -> None:
    profile = adobe_rgb()
    assert usable(profile)
    assert reversible(profile)
    assert np.abs(to_srgb(noise(low=0.05), profile) - to_srgb(noise(low=0.05), ADOBE)).max() < 3e-3


def test_numbered_colour_spaces_become_profiles() -> None:
    assert profile_of_primaries(1, 13) is SRGB
    assert profile_of_primaries(2, 2) is SRGB
    assert profile_of_primaries(9, 16) is None  # HDR
    p3 = profile_of_primaries(12, 13)
    assert p3 is not None
    assert p3.icc == profile_of_primaries.__wrapped__(12, 13).icc  # no date of today in it
    green = np.zeros((1, 1, 3), np.float32)
    green[..., 1] = 1
    # The greenest sRGB is (0.458, 0.985, 0.298) in Display P3.
    np.testing.assert_allclose(from_srgb(green, p3)[0, 0], (0.458, 0.985, 0.298), atol=0.002)


def test_inks_without_a_profile_look_like_print() -> None:
    icc, is_embedded = cmyk_profile(b"")
    assert not is_embedded
    inks = np.zeros((1, 4, 4), np.float32)
    inks[0, 1, 0] = inks[0, 2, 3] = 1
    inks[0, 3] = 1
    paper, cyan, black, all_inks = cmyk_to_srgb(inks, icc)[0]
    np.testing.assert_allclose(paper, 1, atol=0.01)
    assert cyan[0] < 0.1
    assert 0.5 < cyan[1] < 0.8
    assert black.max() < 0.2
    assert all_inks.max() < 0.03


def test_a_broken_ink_profile_is_replaced() -> None:
    icc, is_embedded = cmyk_profile(b"")
    assert cmyk_profile(icc) == (icc, True)
    assert cmyk_profile(icc[:1000]) == (icc, False)
    assert cmyk_profile(srgb_icc())[1] is False
    assert not is_embedded


def test_lab_is_converted_by_its_definition() -> None:
    lab = np.array([[[100, 0, 0], [0, 0, 0], [53.585, 0, 0], [54.29, 80.8, 69.9]]], np.float32)
    white, black, middle, red = lab_to_srgb(lab)[0]
    np.testing.assert_allclose(white, 1, atol=1e-4)
    np.testing.assert_allclose(black, 0, atol=1e-6)
    np.testing.assert_allclose(middle, 128 / 255, atol=0.001)
    np.testing.assert_allclose(red, (1, 0, 0), atol=0.03)
