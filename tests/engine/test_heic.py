"""HEIC: what telephones write."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.colour import profile_of_primaries, to_srgb
from engine.errors import BadPhoto
from engine.files import capture_time_in, depth_of, load
from engine.photo import SRGB
from engine.saving import save
from tests.engine import made

FOLDER = Path(__file__).parent / "heic"
RED, GREEN, BLUE, YELLOW = (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0)


@pytest.mark.parametrize("name", ["plain", "p3"])
def test_it_is_turned_once(name: str) -> None:
    photo = load(FOLDER / f"{name}.heic")
    assert (photo.width, photo.height, photo.bits) == (64, 96, 8)
    corners = (photo.pixels[20, 10], photo.pixels[20, -10], photo.pixels[-20, -10])
    for seen, meant in zip(corners, (YELLOW, RED, GREEN), strict=True):
        assert np.abs(seen - meant).max() < 0.05
    assert made.tag_of(photo.metadata.exif, 274) in (None, 1)


def test_metadata_and_profile_are_carried_on(tmp_path: Path) -> None:
    photo = load(FOLDER / "p3.heic")
    assert photo.profile.icc[128:] == made.p3_icc()[128:]  # behind the date
    assert capture_time_in(FOLDER / "p3.heic").startswith("2020:02:03 04:05:06")
    assert made.tag_of(photo.metadata.exif, 271) == "Maker"
    assert made.gps_of(photo.metadata.exif)
    assert save(photo, tmp_path / "a.jpg") == ()
    again = load(tmp_path / "a.jpg")
    assert again.profile.icc == photo.profile.icc
    assert "Grüße".encode() in load(FOLDER / "plain.heic").metadata.xmp


def test_ten_bits_stay_and_colours_named_by_number_are_known() -> None:
    path = FOLDER / "ten-bits.heic"
    photo = load(path)
    assert (photo.bits, depth_of(path)) == (16, 16)
    p3 = profile_of_primaries(12, 13)
    assert p3 is not None
    assert photo.profile.icc == p3.icc
    rising = np.linspace(0, 1, 64 * 96).reshape(64, 96)
    meant = np.stack([rising, rising[::-1], rising], 2)
    assert np.abs(photo.pixels - meant).max() < 1.5 / 1023
    assert photo.pixels.max() == 1
    assert len(np.unique(photo.pixels)) > 900
    assert to_srgb(photo.pixels, photo.profile).shape == photo.pixels.shape


def test_transparency_and_gray() -> None:
    photo = load(FOLDER / "alpha.heic")
    assert photo.alpha is not None
    assert np.abs(photo.alpha - 128 / 255).max() < 0.02
    assert photo.profile == SRGB
    assert load(FOLDER / "gray.heic").gray


def test_only_the_main_picture_is_read() -> None:
    photo = load(FOLDER / "two.heic")
    assert "It holds 2 pictures" in photo.warnings[0]
    assert np.abs(photo.pixels[10, 10] - RED).max() < 0.1


def test_pixels_outlive_the_file_that_they_came_from() -> None:
    photos = [load(FOLDER / "plain.heic") for _ in range(20)]
    for photo in photos[1:]:
        assert np.array_equal(photo.pixels, photos[0].pixels)


def test_what_a_telephone_appends_is_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.heic"
    whole = (FOLDER / "plain.heic").read_bytes()
    path.write_bytes(whole + b"SEFH, what one maker's telephones append, is no box")
    assert np.array_equal(load(path).pixels, load(FOLDER / "plain.heic").pixels)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.99])
def test_one_that_is_cut_short_is_refused(tmp_path: Path, share: float) -> None:
    whole = (FOLDER / "ten-bits.heic").read_bytes()
    cut = tmp_path / "a.heic"
    cut.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BadPhoto, match="damaged or cut short"):
        load(cut)
