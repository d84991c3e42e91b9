"""Linear DNGs: the light of a restored RAW photo, as other programs read it."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rawpy
import tifffile

from engine.compose import Blend, compose
from engine.errors import CannotSave
from engine.files import SaveOptions, capture_time_in, check_fits, load, recipe_in, save
from engine.formats.raw import preview_in
from engine.light import srgb_to_linear
from engine.photo import FloatArray, Photo, floats
from engine.tone import Tone
from tests.engine import made
from tests.engine.made_raw import CAPTURED, dng, scene, shown


@pytest.fixture
def raw(tmp_path: Path) -> Photo:
    path = tmp_path / "a.dng"
    path.write_bytes(dng(scene(), orientation=6, preview=shown(scene(), 3), xmp=made.XMP))
    return load(path)


def light_in(path: Path) -> FloatArray:
    with rawpy.imread(str(path)) as file:
        found = file.postprocess(
            use_camera_wb=True,
            output_color=rawpy.ColorSpace.P3D65,
            output_bps=16,
            gamma=(1, 1),
            no_auto_bright=True,
            adjust_maximum_thr=0,
        )
    return floats(found) / np.float32(65535)


def test_the_light_behind_the_tones_is_written(raw: Photo, tmp_path: Path) -> None:
    assert raw.tone is not None
    assert raw.tone.gain > 2
    out = tmp_path / "out.dng"
    assert save(raw, out) == ()
    np.testing.assert_allclose(light_in(out), raw.tone.seen(raw.pixels), atol=1e-4)


def test_what_was_restored_and_enlarged_keeps_its_light(raw: Photo, tmp_path: Path) -> None:
    assert raw.tone is not None
    darker = np.repeat(np.repeat(srgb_to_linear(raw.pixels) * np.float32(0.5), 2, 0), 2, 1)
    restored = compose(raw, darker, Blend())
    out = tmp_path / "out.dng"
    save(restored, out)
    assert light_in(out).shape == (2 * raw.height, 2 * raw.width, 3)
    np.testing.assert_allclose(light_in(out), raw.tone.seen(restored.pixels), atol=1e-4)


@pytest.mark.parametrize("size", [(530, 1030), (100, 70), (700, 40)])
def test_tiles_at_the_rim_are_whole(tmp_path: Path, size: tuple[int, int]) -> None:
    y, x = np.mgrid[: size[0], : size[1]].astype(np.float32)
    light = floats(np.stack((y / 800, x / 1100, (x + y) / 1900), 2))
    path, out = tmp_path / "a.dng", tmp_path / "out.dng"
    path.write_bytes(dng(light))
    photo = load(path)
    save(photo, out)
    assert photo.tone == Tone()
    np.testing.assert_allclose(light_in(out), photo.tone.seen(photo.pixels), atol=1e-4)


def test_it_says_what_the_camera_said_and_how_bright_it_is_meant(
    raw: Photo, tmp_path: Path
) -> None:
    out = tmp_path / "out.dng"
    save(raw, out, SaveOptions(recipe='{"preset": "denoise"}'))
    assert capture_time_in(out) == CAPTURED
    assert recipe_in(out) == '{"preset": "denoise"}'
    again = load(out)
    assert made.tag_of(again.metadata.exif, 271) == "Maker"
    # or developers would take its colours for those of that camera
    assert made.tag_of(again.metadata.exif, 272) == "Model (Restorer)"
    assert "Grüße".encode() in again.metadata.xmp
    assert (again.width, again.height) == (raw.width, raw.height)
    assert np.abs(again.pixels - raw.pixels).mean() < 0.03  # its tones are read from the preview
    found = preview_in(out)
    assert found is not None
    with tifffile.TiffFile(out) as file:
        first = file.pages[0]
        assert bytes(first.tags[50706].value) == bytes((1, 4, 0, 0))  # type: ignore[union-attr]
        assert first.tags[50708].value == "Maker Model (Restorer, Display P3)"  # type: ignore[union-attr]
        curve = np.reshape(first.tags[50940].value, (-1, 2))  # type: ignore[union-attr]
    assert raw.tone is not None
    np.testing.assert_allclose(curve[:, 1], raw.tone.of(curve[:, 0]), atol=1e-5)
    assert np.array_equal(curve[(0, -1), :], ((0, 0), (1, 1)))


BIG = b"MM\0*" + struct.pack(">IHHHI4sI", 8, 1, 271, 2, 3, b"Me\0\0", 0)


@pytest.mark.parametrize(
    ("exif", "maker"), [(b"", "Restorer"), (BIG, "Me"), (made.exif(), "Maker")]
)
def test_exif_of_either_byte_order_or_none(
    raw: Photo, tmp_path: Path, exif: bytes, maker: str
) -> None:
    out = tmp_path / "out.dng"
    save(replace(raw, metadata=replace(raw.metadata, exif=exif)), out)
    assert raw.tone is not None
    np.testing.assert_allclose(light_in(out), raw.tone.seen(raw.pixels), atol=1e-4)
    assert made.tag_of(load(out).metadata.exif, 271) == maker


def test_of_what_is_no_raw_file_none_is_made(tmp_path: Path) -> None:
    source, out = tmp_path / "a.png", tmp_path / "out.dng"
    save(Photo(pixels=scene()), source)
    for attempt in (lambda: save(load(source), out), lambda: check_fits(source, out, 1)):
        with pytest.raises(CannotSave, match="DNG is for photos from RAW files"):
            attempt()
    assert not out.exists()


def test_it_has_colours_of_its_own_whatever_profile_is_asked_for(
    raw: Photo, tmp_path: Path
) -> None:
    assert raw.tone is not None
    out = tmp_path / "out.dng"
    save(raw, out, SaveOptions(profile="srgb"))
    np.testing.assert_allclose(light_in(out), raw.tone.seen(raw.pixels), atol=1e-4)
