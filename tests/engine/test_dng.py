"""Linear DNGs: the light of a restored RAW photo, as other programs read it."""

from __future__ import annotations

import io
import struct
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rawpy
import tifffile

from engine.compose import Blend, compose
from engine.errors import CannotSave
from engine.files import capture_time_in, load, recipe_in
from engine.fitting import SaveOptions
from engine.formats import dng_writing
from engine.formats.fields import Fields
from engine.formats.order import Order
from engine.formats.raw import preview_in
from engine.ifd import Directory, Layout, written
from engine.light import srgb_to_linear
from engine.photo import FloatArray, Metadata, Photo, floats
from engine.saving import check_fits, save
from tests.engine import made
from tests.engine.made_raw import CAPTURED, dng, gray_dng, scene, shown


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


@pytest.mark.parametrize("brightest", [0.7, 0.8, 0.99])
def test_it_is_as_bright_as_the_file_it_was_made_of(tmp_path: Path, brightest: float) -> None:
    path, out = tmp_path / "a.dng", tmp_path / "out.dng"
    light = scene() * np.float32(brightest)
    path.write_bytes(dng(light, preview=shown(light, 3)))
    photo = load(path)
    save(photo, out)
    inside = (slice(8, 40), slice(8, 56))  # of a place of one colour
    np.testing.assert_allclose(light_in(out)[inside], light[inside], atol=1e-3)
    with tifffile.TiffFile(out) as file:
        curve = np.reshape(file.pages[0].tags[50940].value, (-1, 2))  # type: ignore[union-attr]
    seen = np.interp(light_in(out)[inside], curve[:, 0], curve[:, 1])
    np.testing.assert_allclose(seen, srgb_to_linear(photo.pixels[inside]), atol=2e-3)
    assert np.array_equal(curve[(0, -1), :], ((0, 0), (1, 1)))
    assert (np.diff(curve[:, 0]) > 0).all()


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
    assert photo.tone is not None
    meant = photo.tone.seen(photo.pixels) * photo.tone.white
    np.testing.assert_allclose(light_in(out), meant, atol=1e-4)


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
        with pytest.raises(CannotSave, match="DNG is for colour photos from RAW files"):
            attempt()
    assert not out.exists()


def test_of_a_gray_raw_file_none_is_made(tmp_path: Path) -> None:
    source, out = tmp_path / "a.dng", tmp_path / "out.dng"
    source.write_bytes(gray_dng(scene()))
    photo = load(source)
    assert photo.gray
    for attempt in (lambda: save(photo, out), lambda: check_fits(source, out, 1)):
        with pytest.raises(CannotSave, match="DNG is for colour photos from RAW files"):
            attempt()


@pytest.mark.parametrize(
    ("maker", "model", "name"),
    [
        ("Maker", "Model", "Maker Model "),
        ("Canon", "Canon EOS 6D", "Canon EOS 6D "),
        ("NIKON CORPORATION", "NIKON D90", "NIKON D90 "),
        ("", "Model", "Model "),
        ("Maker", "", "Maker "),
        ("", "", ""),
    ],
)
def test_the_camera_is_named_once(
    raw: Photo, tmp_path: Path, maker: str, model: str, name: str
) -> None:
    fields, layout, out = Fields(Layout("<")), Layout("<"), tmp_path / "out.dng"
    fields.text(271, maker)
    fields.text(272, model)
    exif = layout.header + written(Directory(fields.entries), 8, layout)
    save(replace(raw, metadata=Metadata(exif=exif)), out)
    with tifffile.TiffFile(out) as file:
        said = file.pages[0].tags[50708].value  # type: ignore[union-attr]
    assert said == f"{name}(Restorer, Display P3)"


def test_a_slow_disk_is_waited_for(raw: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    packed, waiting, tile = 0, list[int](), dng_writing._tile

    def counted(*given: Any) -> bytes:
        nonlocal packed
        packed += 1
        return tile(*given)

    class Slow(io.BytesIO):
        def write(self, data: Any) -> int:
            time.sleep(0.003)
            waiting.append(packed - len(waiting))
            return super().write(data)

    monkeypatch.setattr(dng_writing, "_tile", counted)
    photo = replace(raw, pixels=np.full((4000, 32, 3), 0.5, np.float32), mosaic=None)
    order = Order(photo=photo, bits=16, quality=95, icc=b"", metadata=Metadata())
    dng_writing.write(order, Slow())
    assert packed == 125
    assert max(waiting) <= 2  # tiles, of one in a row


def test_it_has_colours_of_its_own_whatever_profile_is_asked_for(
    raw: Photo, tmp_path: Path
) -> None:
    assert raw.tone is not None
    out = tmp_path / "out.dng"
    save(raw, out, SaveOptions(profile="srgb"))
    np.testing.assert_allclose(light_in(out), raw.tone.seen(raw.pixels), atol=1e-4)
