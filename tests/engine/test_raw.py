"""RAW files: what LibRaw makes of them is what the sensor saw, as bright as the camera shows it."""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from rawpy import RawPy

from engine import metadata
from engine.colour import to_srgb
from engine.errors import BadPhoto, OutOfMemory
from engine.files import capture_time_in, depth_of, load
from engine.filter_array import X_TRANS
from engine.formats import raw_mosaic
from engine.formats.developing import upright
from engine.formats.raw import preview_in
from engine.formats.raw_tone import tone_like
from engine.light import linear_to_srgb, srgb_to_linear
from engine.photo import Box, FloatArray, floats
from engine.saving import save
from engine.tone import Tone
from restorer_app.headers import megapixels
from tests.engine import made
from tests.engine.made_raw import CAPTURED, dng, dng_with_small_first, scene, shown

CORNERS = ((20, 20), (20, -20), (-20, 20), (-20, -20))


def at_corners(light: FloatArray) -> FloatArray:
    return floats(np.stack([light[place] for place in CORNERS]))


def test_light_comes_out_as_the_sensor_saw_it(tmp_path: Path) -> None:
    path = tmp_path / "a.dng"
    path.write_bytes(dng(scene()))
    photo = load(path)
    assert (photo.width, photo.height, photo.bits, photo.gray) == (128, 96, 16, False)
    assert depth_of(path) == 16
    found = at_corners(srgb_to_linear(photo.pixels))
    np.testing.assert_allclose(found, at_corners(scene()), atol=0.004)
    # gray is gray, and green greener than sRGB can hold: the space is a wide one
    assert np.ptp(to_srgb(photo.pixels, photo.profile)[20, -20]) < 0.004
    assert photo.warnings == ()  # or the queue would mark each of them as one to look at


def test_the_mosaic_comes_along_and_shows_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.dng"
    path.write_bytes(dng(scene(), preview=shown(scene(), 2)))
    photo = load(path)
    assert photo.mosaic is not None
    found = photo.mosaic.colours(photo.mosaic.tones(Box(0, 0, 128, 96)))
    for place in CORNERS:
        np.testing.assert_allclose(found[place], photo.pixels[place], atol=0.003)


def test_colours_that_lead_elsewhere_are_fitted_and_others_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.dng"
    light = floats(np.random.default_rng(0).random((6, 8, 3)) * 0.8 + 0.05)
    path.write_bytes(dng(np.repeat(np.repeat(light, 48, 0), 48, 1)))
    told = load(path).mosaic
    assert told is not None
    monkeypatch.setattr(raw_mosaic, "_told_matrix", lambda raw: np.eye(3)[::-1])
    fitted = load(path).mosaic
    assert fitted is not None
    np.testing.assert_allclose(fitted.matrix, told.matrix, atol=0.05)
    monkeypatch.setattr(raw_mosaic, "_levels", lambda raw, share: ((0.0,) * 3, (1e-5, 3e-6, 2e-5)))
    assert load(path).mosaic is None


def test_greens_of_two_blacks_become_one_tone(tmp_path: Path) -> None:
    path = tmp_path / "a.dng"
    light = scene() * np.float32(0.1)
    path.write_bytes(dng(light, lifted=np.array(((0, 0), (500, 0)), np.uint16)))
    photo = load(path)
    assert photo.mosaic is not None
    assert photo.mosaic.black[0] == photo.mosaic.black[1]
    assert np.ptp(photo.pixels[8:40, 8:56], axis=(0, 1)).max() < 0.002
    np.testing.assert_allclose(
        at_corners(srgb_to_linear(photo.pixels)), at_corners(light), atol=0.002
    )


def test_colours_that_are_only_near_are_fitted_where_a_photo_is_pale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.dng"
    light = floats(0.4 + 0.1 * np.random.default_rng(0).random((48, 64, 3)))
    path.write_bytes(dng(np.repeat(np.repeat(light, 4, 0), 4, 1)))
    stronger = np.array([(1.4, -0.4, 0), (-0.2, 1.4, -0.2), (0, -0.4, 1.4)])
    monkeypatch.setattr(raw_mosaic, "_told_matrix", lambda raw: stronger)
    fitted = load(path).mosaic
    assert fitted is not None
    np.testing.assert_allclose(fitted.matrix, np.eye(3), atol=0.05)


def test_black_that_is_another_than_libraws_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.dng"
    light = floats(np.random.default_rng(0).random((6, 8, 3)) * 0.8 + 0.05)
    path.write_bytes(dng(np.repeat(np.repeat(light, 48, 0), 48, 1)))
    told = load(path).mosaic
    assert told is not None
    darker = tuple(black - 400 for black in told.black)  # 0.7 % of white
    monkeypatch.setattr(raw_mosaic, "_levels", lambda raw, highest: (darker, told.gains))
    assert load(path).mosaic is None


def test_a_pattern_that_libraw_takes_out_is_left_to_it(tmp_path: Path) -> None:
    path = tmp_path / "a.dng"
    light = scene() * np.float32(0.3)
    path.write_bytes(dng(light, lifted=np.diag((600, 0, 600, 0)).astype(np.uint16)))
    photo = load(path)
    assert photo.mosaic is None
    assert np.ptp(photo.pixels[8:40, 8:56], axis=(0, 1)).max() < 0.004


@pytest.mark.parametrize("margins", [(1, 0), (2, 3), (5, 1)])
def test_red_is_found_behind_margins(tmp_path: Path, margins: tuple[int, int]) -> None:
    path = tmp_path / "a.dng"
    path.write_bytes(dng(scene(), margins=margins))
    photo = load(path)
    assert photo.mosaic is not None
    found = at_corners(srgb_to_linear(photo.pixels))
    np.testing.assert_allclose(found, at_corners(scene()), atol=0.004)


def test_memory_that_runs_out_where_colours_are_made_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(mosaic: FloatArray) -> FloatArray:
        error = cv2.error("Failed to allocate")
        error.code = cv2.Error.StsNoMem
        raise error

    monkeypatch.setattr("engine.interpolation.interpolated", fail)
    path = tmp_path / "a.dng"
    path.write_bytes(dng(scene()))
    with pytest.raises(OutOfMemory, match="does not fit"):
        load(path)


def test_a_file_of_colours_or_of_one_tone_has_no_mosaic(tmp_path: Path) -> None:
    path = tmp_path / "a.dng"
    path.write_bytes(dng(floats(np.zeros((96, 128, 3)))))
    assert load(path).mosaic is None


@pytest.mark.parametrize("orientation", [2, 4, 5, 7])
def test_a_mirrored_one_is_upright_too(tmp_path: Path, orientation: int) -> None:
    path = tmp_path / "a.dng"
    path.write_bytes(dng(made.turned(scene(), orientation), orientation=orientation))
    found = at_corners(srgb_to_linear(load(path).pixels))
    np.testing.assert_allclose(found, at_corners(scene()), atol=0.004)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_it_is_upright(tmp_path: Path, orientation: int) -> None:
    path = tmp_path / "a.dng"
    path.write_bytes(dng(scene(), orientation=orientation))
    turns = {1: 0, 3: 2, 6: -1, 8: 1}[orientation]
    photo = load(path)
    assert made.tag_of(photo.metadata.exif, 274) in (None, 1)
    found = at_corners(srgb_to_linear(np.rot90(photo.pixels, -turns)))
    np.testing.assert_allclose(found, at_corners(scene()), atol=0.004)


@pytest.mark.skipif(sys.platform != "linux", reason="where the names of all files are text")
def test_a_name_that_is_no_text_is_no_reason_to_refuse_it(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"na\xefve.dng")
    path.write_bytes(dng(scene(), preview=shown(scene(), 2)))
    assert load(path).width == 128
    assert preview_in(path) is not None


def test_middle_tones_are_those_of_the_cameras_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.dng"
    # tones of every kind, as photographs have them
    light = floats(np.linspace(0.002, 1, 96 * 128).reshape(96, 128, 1) ** 2 * np.ones(3))
    path.write_bytes(dng(light, preview=shown(light, 3)))
    photo = load(path)
    found = srgb_to_linear(photo.pixels)[..., 1].ravel()
    places = np.searchsorted(light[..., 1].ravel(), (0.03, 0.1, 0.2))
    np.testing.assert_allclose(found[places], 3 * light[..., 1].ravel()[places], rtol=0.2)
    # what the camera's picture has cut off is still told apart
    bright = np.searchsorted(light[..., 1].ravel(), (0.5, 0.7, 0.9))
    assert np.all(np.diff(found[bright]) > 0.02)


def test_a_preview_of_plain_pixels_tells_how_bright_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.dng"
    light = floats(np.linspace(0.002, 1, 96 * 128).reshape(96, 128, 1) ** 2 * np.ones(3))
    small = floats(np.linspace(0.002, 1, 64 * 64).reshape(64, 64, 1) ** 2 * np.ones(3))
    tones = np.rint(linear_to_srgb(np.clip(small * np.float32(3), 0, 1)) * 255).astype(np.uint8)
    path.write_bytes(dng_with_small_first(light, tones.tobytes(), is_jpeg=False))
    photo = load(path)
    assert np.median(light) < 0.3
    assert 0.55 < np.median(srgb_to_linear(photo.pixels)) < 0.8
    assert preview_in(path) is None


def test_a_damaged_preview_is_no_reason_to_refuse_the_photo(tmp_path: Path) -> None:
    path = tmp_path / "a.dng"
    path.write_bytes(dng(scene(), preview=b"\xff\xd8\xff\xe0 no picture \xff\xd9"))
    np.testing.assert_allclose(
        at_corners(srgb_to_linear(load(path).pixels)), at_corners(scene()), atol=0.004
    )


def test_what_the_camera_wrote_is_carried_on_without_its_makers_notes(tmp_path: Path) -> None:
    path, saved = tmp_path / "a.dng", tmp_path / "b.jpg"
    path.write_bytes(dng(scene(), orientation=6, notes=200_000, xmp=made.XMP))
    assert capture_time_in(path) == CAPTURED
    photo = load(path)
    assert made.tag_of(photo.metadata.exif, 271) == "Maker"
    assert made.tag_of(photo.metadata.exif, 36867, 34665) == CAPTURED
    assert made.tag_of(photo.metadata.exif, 37500, 34665) is None
    assert save(photo, saved) == ()
    again = load(saved)
    assert np.abs(again.pixels - photo.pixels).mean() < 0.01
    assert again.profile.icc == photo.profile.icc
    assert "Grüße".encode() in again.metadata.xmp  # titles, ratings, keywords
    assert b'tiff:Orientation="1"' in again.metadata.xmp


def test_it_is_known_by_its_tags_under_another_name(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(dng(scene()))
    np.testing.assert_allclose(
        at_corners(srgb_to_linear(load(path).pixels)), at_corners(scene()), atol=0.004
    )
    assert depth_of(path) == 16


@pytest.mark.parametrize("suffix", [".fff", ".nef", ".dng"])
def test_a_scan_in_a_tiff_that_is_called_raw_is_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    values = np.asarray(np.rint(scene() * 65535), np.uint16)
    tifffile.imwrite(path, values, photometric="rgb")
    photo = load(path)
    assert (photo.bits, photo.warnings, depth_of(path)) == (16, (), 16)
    np.testing.assert_allclose(photo.pixels, scene(), atol=1e-4)


def test_what_is_missing_is_noticed(tmp_path: Path) -> None:
    whole = bytearray(dng(scene()))
    path = tmp_path / "a.dng"
    whole[8 + 128 * 2 * 60 : 8 + 128 * 2 * 96] = bytes(128 * 2 * 36)  # as LibRaw fills it
    path.write_bytes(whole)
    with pytest.raises(BadPhoto, match="damaged or cut short"):
        load(path)
    path.write_bytes(whole[:9000])
    with pytest.raises(BadPhoto, match="is a RAW file"):
        load(path)


def test_a_black_foreground_is_not_taken_for_what_is_missing(tmp_path: Path) -> None:
    path, light = tmp_path / "a.dng", scene()
    light[60:] = 0
    path.write_bytes(dng(light))
    assert load(path).pixels[-1].max() == 0


def test_overexposed_snow_is_not_taken_for_what_is_missing(tmp_path: Path) -> None:
    path, light = tmp_path / "a.nef", scene()
    light[60:] = 0.97  # a sensor that is full a little below the white that LibRaw knows
    path.write_bytes(dng(light).replace(*(struct.pack("<HHI", n, 1, 4) for n in (50706, 50705))))
    assert srgb_to_linear(load(path).pixels)[-1].min() > 0.96


def test_a_strip_that_ends_behind_the_file_is_noticed(tmp_path: Path) -> None:
    whole, size = dng(scene()), struct.pack("<HHII", 279, 4, 1, 128 * 96 * 2)
    assert size in whole
    path = tmp_path / "a.dng"
    path.write_bytes(whole.replace(size, struct.pack("<HHII", 279, 4, 1, len(whole))))
    with pytest.raises(BadPhoto, match="damaged or cut short"):
        load(path)


def test_the_size_of_one_that_waits_is_not_that_of_its_small_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.dng"
    path.write_bytes(dng_with_small_first(scene(), shown(scene()[:48, :64], 2)))
    assert load(path).width == 128
    assert megapixels(path) == pytest.approx(128 * 96 / 1e6)


def test_a_curve_keeps_black_and_white_and_rises() -> None:
    for gain in (1.0, 2.5, 16.0):
        table = Tone(gain, 1.2).table()
        assert (table[0], table[-1]) == (0, 65535)
        assert np.all(np.diff(table.astype(int)) >= 0)
    plain = srgb_to_linear(floats(Tone().table() / 65535))
    np.testing.assert_allclose(plain, np.arange(65536) / 65535, atol=2e-5)


def test_nothing_is_told_by_a_black_picture() -> None:
    light = np.full((20, 20, 3), 9000, np.uint16)
    assert tone_like(light, np.zeros((20, 20, 3), np.uint8)) == Tone()


DEVELOPED = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4" crs:Exposure2012="+1.20"
 crs:HasSettings='True'>
<crs:ToneCurve><rdf:Seq><rdf:li>0, 0</rdf:li></rdf:Seq></crs:ToneCurve>
<crs:Look><rdf:Description crs:Name="Vivid"><crs:Group/></rdf:Description></crs:Look>
<crs:Empty/>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


def test_what_another_program_did_to_the_raw_file_is_not_done_again(tmp_path: Path) -> None:
    path = tmp_path / "a.dng"
    path.write_bytes(dng(scene(), xmp=DEVELOPED))
    carried = load(path).metadata.xmp
    assert b"crs:" not in carried.replace(b"xmlns:crs", b"")
    assert b'xmp:Rating="4"' in carried
    assert b"rdf:li" not in carried
    broken = DEVELOPED.replace(b"</crs:Look>", b"")
    assert metadata.without_developing(broken) == broken


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("at_the_sides", [False, True])
def test_bars_beside_the_cameras_picture_are_not_taken_for_shadows(
    at_the_sides: bool, turned: bool
) -> None:
    tones = np.linspace(0.002, 1, 60 * 90).reshape(60, 90, 1) ** 2 * np.ones(3)
    light = np.rint(tones * 65535).astype(np.uint16)
    shows = linear_to_srgb(floats(np.clip(tones * 2, 0, 1)))
    picture = np.rint(shows * 255).astype(np.uint8)
    bars = ((0, 0), (25, 25), (0, 0)) if at_the_sides else ((15, 15), (0, 0), (0, 0))
    barred = np.pad(picture, bars)
    if turned:
        picture, barred = np.rot90(picture), np.rot90(barred)
    assert tone_like(light, barred) == tone_like(light, picture)
    assert tone_like(light, picture).gain > 1.5


def test_a_cameras_picture_of_another_ratio_without_bars_is_taken_whole() -> None:
    tones = np.linspace(0.002, 1, 60 * 90).reshape(60, 90, 1) ** 2 * np.ones(3)
    light = np.rint(tones * 65535).astype(np.uint16)
    picture = np.full((90, 90, 3), 100, np.uint8)
    before = tone_like(light, picture)
    picture[20:70] = 101  # what would be left without bars
    assert tone_like(light, picture) == before


def test_dark_sides_of_a_scene_are_no_bars() -> None:
    """A stage, and the camera's picture of the same ratio."""
    tones = np.full((60, 90, 3), 0.001)
    tones[:, 28:62] = np.linspace(0.01, 0.5, 60 * 34).reshape(60, 34, 1)
    light = np.rint(tones * 65535).astype(np.uint16)
    shows = linear_to_srgb(floats(np.clip(tones * 2, 0, 1)))
    picture = np.rint(shows * 255).astype(np.uint8)
    assert tone_like(light, picture).gain < 4


@pytest.mark.parametrize(("orientation", "margins"), [(1, (0, 0)), (6, (0, 0)), (1, (4, 3))])
def test_an_x_trans_sensor_is_read_by_its_mosaic(
    tmp_path: Path, orientation: int, margins: tuple[int, int]
) -> None:
    """LibRaw alone makes nothing of one as small as this."""
    path = tmp_path / "a.dng"
    light = floats(np.kron(scene(), np.ones((2, 2, 1))))
    path.write_bytes(dng(light, orientation=orientation, margins=margins, array=X_TRANS))
    photo = load(path)
    assert photo.mosaic is not None
    assert photo.mosaic.array is X_TRANS
    expected = upright(light, orientation)
    assert photo.pixels.shape == expected.shape
    differs = np.abs(srgb_to_linear(photo.pixels) - expected).max(2)
    assert np.median(differs) < 0.002
    assert (differs < 0.01).mean() > 0.9  # but for the edges


def test_the_black_of_an_x_trans_sensor_that_libraw_knows_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.dng"
    rng = np.random.default_rng(0)
    light = floats(np.kron(rng.random((40, 50, 3)) * 0.5 + 0.02, np.ones((16, 16, 1))))
    path.write_bytes(dng(light, array=X_TRANS))
    assert load(path).mosaic is not None
    levels = raw_mosaic._levels

    def raised(raw: RawPy, share: float) -> object:
        black, gains = levels(raw, share)
        return tuple(value + 400 for value in black), gains

    monkeypatch.setattr(raw_mosaic, "_levels", raised)
    assert load(path).mosaic is None
