from dataclasses import replace

import numpy as np
import pytest

from engine.bands import FINE, luminance, smooth
from engine.colour import adobe_rgb, profile_of
from engine.compose import Blend, Regions, compose
from engine.photo import Box, FloatArray, Photo
from engine.resize import enlarged


def _photo(height: int = 700, width: int = 31) -> Photo:
    rng = np.random.default_rng(0)
    return Photo(pixels=rng.random((height, width, 3), np.float32))


def test_strength_zero_gives_the_source_to_the_last_bit() -> None:
    photo = _photo()
    composed = compose(photo, np.zeros((700, 31, 3), np.uint16), Blend(strength=0))
    assert np.array_equal(composed.pixels, photo.pixels)


def test_full_strength_gives_the_prediction() -> None:
    photo = _photo()
    restored = np.random.default_rng(1).integers(0, 65536, (700, 31, 3), np.uint16)
    composed = compose(photo, restored, Blend())
    assert np.abs(composed.pixels - restored / 65535).max() < 1e-6


def test_half_strength_lies_half_way() -> None:
    photo = _photo()
    restored = np.random.default_rng(1).random((700, 31, 3), np.float32)
    composed = compose(photo, restored, Blend(strength=0.5))
    assert np.abs(composed.pixels - (photo.pixels + restored) / 2).max() < 1e-6


def test_a_gray_photo_stays_gray() -> None:
    gray = np.repeat(np.random.default_rng(0).random((20, 20, 1), np.float32), 3, 2)
    photo = Photo(pixels=gray, gray=True)
    tinted = np.random.default_rng(1).random((20, 20, 3), np.float32)
    composed = compose(photo, tinted, Blend())
    assert np.ptp(composed.pixels, axis=2).max() < 1e-6


def test_an_enlarged_prediction_enlarges_photo_and_alpha_without_seams() -> None:
    photo = replace(_photo(1100, 12), alpha=np.ones((1100, 12), np.float32))
    composed = compose(photo, np.zeros((2200, 24, 3), np.uint16), Blend(strength=0))
    assert composed.pixels.shape == (2200, 24, 3)
    assert composed.alpha is not None
    assert composed.alpha.shape == (2200, 24)
    smooth = np.repeat(np.linspace(0, 1, 1100, dtype=np.float32)[:, None, None], 12, 1)
    ramp = Photo(pixels=np.ascontiguousarray(np.repeat(smooth, 3, 2)))
    large = compose(ramp, np.zeros((2200, 24, 3), np.uint16), Blend(strength=0)).pixels
    assert np.abs(np.diff(large[8:-8, 5, 0], n=2)).max() < 1e-4


def test_sizes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="multiple"):
        compose(_photo(), np.zeros((700, 32, 3), np.uint16), Blend())


def fine_of(pixels: FloatArray) -> FloatArray:
    return pixels - smooth(pixels, FINE)


TUNED = Blend(detail=0.3, colour=0.4, grain=0.7, faces=0.9)


def _pair(height: int = 700, width: int = 41, scale: int = 1) -> tuple[Photo, FloatArray]:
    """A photo with structure and noise, and a smoother, brighter prediction of it."""
    rng = np.random.default_rng(3)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    waves = 0.5 + 0.2 * np.sin(x / 3 + y / 7)[..., None] * np.array([1, 0.7, 0.4])
    noisy = waves + rng.normal(0, 0.05, (height, width, 3))
    photo = Photo(pixels=np.clip(noisy, 0, 1).astype(np.float32))
    restored = np.clip(waves * np.array([1.1, 1.0, 0.9]), 0, 1).astype(np.float32)
    return photo, np.ascontiguousarray(restored.repeat(scale, 0).repeat(scale, 1))


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("icc", [b"", adobe_rgb().icc])
def test_strength_zero_is_exact_whatever_else_is_set(scale: int, icc: bytes) -> None:
    photo, restored = _pair(scale=scale)
    photo = replace(photo, profile=profile_of(icc))
    keep = np.ones(photo.pixels.shape[:2], np.float32)
    regions = Regions(faces=(Box(3, 3, 20, 20),), keep=keep)
    composed = compose(photo, restored, replace(TUNED, strength=0.0), regions)
    assert np.array_equal(composed.pixels, enlarged(photo.pixels, scale))


def test_settings_as_they_come_change_nothing() -> None:
    photo, restored = _pair()
    plain = compose(photo, restored, Blend(strength=0.7)).pixels
    asked = Blend(strength=0.7, detail=1.0, colour=1.0, grain=0.0, faces=0.0)
    regions = Regions(faces=(Box(3, 3, 20, 20),))
    assert np.array_equal(compose(photo, restored, asked, regions).pixels, plain)


@pytest.mark.parametrize(("scale", "width"), [(1, 41), (2, 41), (1, 9000)])
def test_strips_show_no_seam(scale: int, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    photo, restored = _pair(700 if width < 100 else 300, width, scale)
    restore = np.random.default_rng(0).random(photo.pixels.shape[:2], np.float32)
    regions = Regions(faces=(Box(2, 480, 30, 530),), restore=restore)
    in_strips = compose(photo, restored, TUNED, regions).pixels
    monkeypatch.setattr("engine.compose._STRIP", 10_000)
    monkeypatch.setattr("engine.compose._STRIP_PIXELS", 10**9)
    at_once = compose(photo, restored, TUNED, regions).pixels
    assert np.abs(in_strips - at_once).max() < 1e-5


def test_without_detail_the_texture_stays_the_photos() -> None:
    photo, restored = _pair(96, 96)
    composed = compose(photo, restored, Blend(detail=0.0)).pixels
    before, after = (fine_of(pixels)[8:-8, 8:-8] for pixels in (photo.pixels, composed))
    assert np.abs(after - before).mean() < 0.15 * np.abs(fine_of(restored - photo.pixels)).mean()
    coarse = smooth(composed - restored, 4.0)[16:-16, 16:-16]
    assert np.abs(coarse).max() < 0.01


def test_without_colour_only_the_luminance_changes() -> None:
    photo, restored = _pair(96, 96)
    composed = compose(photo, restored, Blend(colour=0.0)).pixels
    change = composed - photo.pixels
    inside = (composed > 0) & (composed < 1)
    assert np.ptp(change, axis=2)[inside.all(2)].max() < 1e-6
    assert np.abs(luminance(composed) - luminance(restored)).max() < 1e-5


def test_grain_comes_back_in_luminance_and_by_its_share() -> None:
    photo, restored = _pair(128, 128)
    noise = luminance(fine_of(photo.pixels - restored)).std()

    def returned(share: float) -> FloatArray:
        return compose(photo, restored, Blend(grain=share)).pixels - restored

    full, half = returned(1.0), returned(0.5)
    assert 0.6 * noise < full.std() < noise
    assert np.abs(full - 2 * half).max() < 1e-5
    assert np.ptp(full, axis=2).max() < 1e-5
    before = luminance(fine_of(photo.pixels))
    assert np.corrcoef(before.ravel(), luminance(full).ravel())[0, 1] > 0.7


def test_grain_does_not_bring_scratches_back() -> None:
    scratched = np.full((80, 80, 3), 0.4, np.float32)
    scratched[:, 40] = 1.0
    restored = np.full((80, 80, 3), 0.4, np.float32)
    composed = compose(Photo(pixels=scratched), restored, Blend(grain=1.0)).pixels
    assert np.abs(composed - restored).max() < 0.06


def test_a_protected_face_stays_and_fades_softly() -> None:
    photo = Photo(pixels=np.zeros((200, 200, 3), np.float32))
    restored = np.ones((200, 200, 3), np.float32)
    regions = Regions(faces=(Box(60, 50, 140, 150),))
    out = compose(photo, restored, Blend(faces=1.0), regions).pixels[..., 0]
    assert out[60:140, 80:120].max() == 0
    assert out[100, 60:140].max() == out[50:150, 100].max() == 0
    assert out[0].min() == 1
    assert np.abs(np.diff(out, axis=0)).max() < 0.15
    half = compose(photo, restored, Blend(faces=0.5), regions).pixels[100, 100, 0]
    assert half == pytest.approx(0.5)


def test_brushes_keep_the_source_or_force_the_prediction() -> None:
    photo, restored = _pair(120, 120)
    keep = np.zeros((120, 120), np.float32)
    restore = keep.copy()
    keep[:60], restore[:, 60:] = 1, 1
    out = compose(
        photo, restored, replace(TUNED, strength=0.2), Regions(keep=keep, restore=restore)
    ).pixels
    assert np.array_equal(out[:50], photo.pixels[:50])
    assert np.abs(out - restored)[70:, 70:].max() < 1e-6
    assert np.abs(out - photo.pixels)[70:, :50].max() < 0.1
    untouched = compose(photo, restored, Blend(strength=0.0), Regions(restore=restore)).pixels
    assert np.array_equal(untouched[:, :50], photo.pixels[:, :50])
    assert np.abs(untouched - restored)[:, 70:].max() < 1e-6


def test_masks_of_another_size_are_refused() -> None:
    photo, restored = _pair(20, 20)
    with pytest.raises(ValueError, match="mask"):
        compose(photo, restored, Blend(), Regions(keep=np.ones((20, 19), np.float32)))


@pytest.mark.parametrize("setting", ["strength", "detail", "colour", "grain", "faces"])
@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_what_is_no_share_is_refused(setting: str, value: float) -> None:
    with pytest.raises(ValueError, match=setting):
        Blend(**{setting: value})
