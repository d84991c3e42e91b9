"""Photos in which nothing was changed: what would lose by being coded anew is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.blend import Blend
from engine.colour import adobe_rgb, to_srgb
from engine.compose import Regions, compose
from engine.files import load, recipe_in
from engine.fitting import SaveOptions
from engine.formats import webp
from engine.photo import Photo
from engine.saving import save
from tests.engine import made

ORIENTATIONS = range(1, 9)


def intact(path: Path) -> Photo:
    """The photo in a file after a restoration that changed nothing."""
    photo = load(path)
    composed = compose(photo, photo.pixels, Blend(strength=0))
    assert composed.intact
    return composed


def coded(jpeg: bytes) -> bytes:
    """What is coded in a file: all from its first table on."""
    return jpeg[jpeg.index(b"\xff\xdb") :]


@pytest.mark.parametrize("subsampling", [0, 2])
@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_jpeg_is_written_again_as_it_is_coded(
    tmp_path: Path, mode: str, progressive: bool, subsampling: int
) -> None:
    out = BytesIO()
    picture = Image.fromarray(made.whole_numbers(8, 3)).convert(mode)
    picture.save(out, "JPEG", quality=40, progressive=progressive, subsampling=subsampling)
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpeg"
    source.write_bytes(out.getvalue())
    assert save(intact(source), target) == ()
    assert coded(target.read_bytes()) == coded(source.read_bytes())
    np.testing.assert_array_equal(made.read_back(target), made.read_back(source))


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_what_lies_on_its_side_stays_so_and_tells_it(tmp_path: Path, orientation: int) -> None:
    stored = made.turned(made.four_corners(), orientation)
    height, width = stored.shape[:2]
    exif = made.exif(orientation, width, height, thumbnail=True)
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    source.write_bytes(made.with_segments(made.jpeg_bytes(stored), (0xE1, b"Exif\0\0" + exif)))
    photo = intact(source)
    save(photo, target, SaveOptions(recipe='{"version": 1}'))
    again = load(target)
    np.testing.assert_array_equal(again.pixels, photo.pixels)
    assert recipe_in(target) == '{"version": 1}'
    with Image.open(target) as picture:
        told = picture.getexif()
        assert told[274] == orientation
        assert told.get_ifd(34665)[40962] == width
        np.testing.assert_array_equal(np.asarray(picture), made.read_back(source))


def test_without_its_metadata_it_has_to_be_turned(tmp_path: Path) -> None:
    stored = made.turned(made.four_corners(), 6)
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    exif = b"Exif\0\0" + made.exif(6)
    source.write_bytes(made.with_segments(made.jpeg_bytes(stored), (0xE1, exif)))
    photo = intact(source)
    save(photo, target, SaveOptions(metadata="none"))
    assert b"Exif" not in target.read_bytes()
    assert np.abs(made.read_back(target) / 255 - photo.pixels).mean() < 0.01


def test_its_place_is_not_told_where_that_is_not_wished(tmp_path: Path) -> None:
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    exif = b"Exif\0\0" + made.exif()
    source.write_bytes(made.with_segments(made.jpeg_bytes(made.four_corners()), (0xE1, exif)))
    assert made.gps_of(load(source).metadata.exif)
    save(intact(source), target, SaveOptions(metadata="no_gps"))
    assert not made.gps_of(load(target).metadata.exif)
    assert coded(target.read_bytes()) == coded(source.read_bytes())


def _inks(values: NDArray[np.uint8]) -> bytes:
    out = BytesIO()
    Image.fromarray(values).convert("CMYK").save(out, "JPEG", quality=95)
    return out.getvalue()


@pytest.mark.parametrize(
    "file",
    [_inks, lambda values: made.jpeg_bytes(values)[:-2], imagecodecs.png_encode],
    ids=["inks", "without its end", "a PNG by another name"],
)
def test_what_is_no_plain_jpeg_is_coded_anew(
    tmp_path: Path, file: Callable[[NDArray[np.uint8]], bytes]
) -> None:
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    source.write_bytes(file(made.four_corners()))
    photo = intact(source)
    save(photo, target)
    with Image.open(target) as picture:
        assert (picture.format, picture.mode) == ("JPEG", "RGB")
    assert np.abs(load(target).pixels - photo.pixels).mean() < 0.01


@pytest.mark.parametrize(
    "options", [SaveOptions(jpeg_quality=60), SaveOptions(profile="srgb")], ids=["small", "sRGB"]
)
def test_who_wants_another_file_gets_one(tmp_path: Path, options: SaveOptions) -> None:
    picture = Image.fromarray(made.four_corners(320, 480))
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    picture.save(source, "JPEG", quality=98, icc_profile=made.p3_icc())
    save(intact(source), target, options)
    assert coded(target.read_bytes()) != coded(source.read_bytes())
    if options.profile == "srgb":
        wanted = to_srgb(load(source).pixels, load(source).profile)
        assert np.abs(load(target).pixels - wanted).mean() < 0.02


def test_a_change_of_one_step_is_a_change(tmp_path: Path) -> None:
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    source.write_bytes(made.jpeg_bytes(np.full((40, 40, 3), 99, np.uint8)))
    photo = load(source)
    restored = photo.pixels.copy()
    restored[7, 9] += np.float32(1 / 255)
    changed = compose(photo, restored, Blend())
    assert not changed.intact
    save(changed, target)
    assert coded(target.read_bytes()) != coded(source.read_bytes())


def test_rounding_on_the_way_through_srgb_is_none() -> None:
    pixels = (made.whole_numbers(8, 3) / np.float32(255)).astype(np.float32)
    photo = Photo(pixels=pixels, profile=adobe_rgb())
    seen = np.clip(to_srgb(pixels, photo.profile), 0, 1)
    out_of_reach = replace(photo, pixels=np.full_like(pixels, 0.4))
    assert compose(out_of_reach, np.full_like(pixels, 0.9), Blend()).intact is False
    assert compose(photo, np.rint(seen * 65535).astype(np.uint16), Blend()).intact
    deep = compose(replace(photo, bits=32), np.rint(seen * 65535).astype(np.uint16), Blend())
    assert not deep.intact


def test_what_was_brushed_or_enlarged_is_changed() -> None:
    photo = Photo(pixels=np.full((20, 20, 3), 0.5, np.float32))
    restored = np.full((20, 20, 3), 0.9, np.float32)
    brushed = Regions(restore=np.eye(20, dtype=np.float32))
    assert compose(photo, restored, Blend(strength=0)).intact
    assert not compose(photo, restored, Blend(strength=0), brushed).intact
    assert not compose(photo, np.full((40, 40, 3), 0.5, np.float32), Blend()).intact


def test_webp_without_loss_stays_without_loss(tmp_path: Path) -> None:
    values = made.whole_numbers(8, 4)
    source, lossy = tmp_path / "a.webp", tmp_path / "b.webp"
    Image.fromarray(values).save(source, lossless=True, exact=True, icc_profile=made.p3_icc())
    Image.fromarray(values).save(lossy, quality=95, icc_profile=made.p3_icc())
    for file, is_lossless in ((source, True), (lossy, False)):
        target = file.with_stem("out")
        photo = load(file)
        save(photo, target, SaveOptions(overwrite=True))
        assert (load(target).pixels == photo.pixels).all() == is_lossless
    save(load(source), tmp_path / "c.webp", SaveOptions(jpeg_quality=80))
    assert (tmp_path / "c.webp").stat().st_size < source.stat().st_size


def _webp_picture(webp: bytes) -> bytes:
    """The chunks of a WebP file that hold its picture."""
    start = webp.index(b"ALPH") if b"ALPH" in webp else webp.index(b"VP8 ")
    place = webp.index(b"VP8 ")
    length = int.from_bytes(webp[place + 4 : place + 8], "little")
    return webp[start : place + 8 + length]


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("told", [False, True])
def test_a_webp_is_written_again_as_it_is_coded(
    tmp_path: Path, channels: int, orientation: int, told: bool
) -> None:
    picture = Image.fromarray(made.whole_numbers(8, channels))
    source, target = tmp_path / "a.webp", tmp_path / "b.webp"
    if told:
        exif = made.exif(orientation)
        picture.save(source, quality=60, icc_profile=made.p3_icc(), exif=exif)
    else:
        picture.save(source, quality=60)
    photo = intact(source)
    assert save(photo, target, SaveOptions(recipe='{"version": 1}')) == ()
    assert _webp_picture(target.read_bytes()) == _webp_picture(source.read_bytes())
    again = load(target)
    np.testing.assert_array_equal(again.pixels, photo.pixels)
    assert (again.alpha is None) == (channels == 3)
    assert again.profile == photo.profile
    assert recipe_in(target) == '{"version": 1}'
    with Image.open(target) as read:
        read.load()
        assert ("exif" in read.info) == told
        assert read.getexif().get(274, 1) == (orientation if told else 1)


def test_a_moving_or_broken_webp_is_coded_anew(tmp_path: Path) -> None:
    frames = [Image.fromarray(made.four_corners(40, 60)), Image.new("RGB", (60, 40), "red")]
    source, target = tmp_path / "a.webp", tmp_path / "b.webp"
    frames[0].save(source, save_all=True, append_images=frames[1:], quality=60)
    assert webp.coded_in(source.read_bytes()) is None
    photo = intact(source)
    save(photo, target)
    assert np.abs(load(target).pixels - photo.pixels).mean() < 0.02
    frames[0].save(source, quality=60)
    data = source.read_bytes()
    for part in (data[:-40], data[:20], b"", data.replace(b"WEBP", b"WAVE")):
        assert webp.coded_in(part) is None


def test_nothing_but_the_picture_is_taken_over(tmp_path: Path) -> None:
    jpeg = made.jpeg_bytes(made.four_corners())
    thumbnail = b"JFIF\0\1\2\1\0\x48\0\x48\2\2" + b"secret small"
    head = 4 + int.from_bytes(jpeg[4:6], "big")
    jfif = b"\xff\xe0" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    source.write_bytes(jpeg[:2] + jfif + b"GPS 48.1 " + jpeg[head:] + b"after the end")
    photo = intact(source)
    save(photo, target, SaveOptions(metadata="none"))
    written = target.read_bytes()
    assert coded(written) == coded(jpeg)
    for secret in (b"secret", b"GPS", b"after"):
        assert secret not in written
    assert load(target).metadata.dpi == (72, 72)


def test_the_resolution_is_told_where_only_exif_told_it(tmp_path: Path) -> None:
    jpeg = made.jpeg_bytes(made.four_corners())
    head = 4 + int.from_bytes(jpeg[4:6], "big")
    exif = b"Exif\0\0" + made.exif()
    segment = b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif
    source = tmp_path / "a.jpg"
    source.write_bytes(jpeg[:2] + segment + jpeg[head:])
    photo = intact(source)
    for name, options in (("b.jpg", SaveOptions()), ("c.jpg", SaveOptions(metadata="none"))):
        save(photo, tmp_path / name, options)
        assert load(tmp_path / name).metadata.dpi == photo.metadata.dpi
    assert coded((tmp_path / "b.jpg").read_bytes()) == coded(jpeg)


def test_what_lies_in_its_place_by_now_is_not_taken_for_it(tmp_path: Path) -> None:
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    source.write_bytes(made.jpeg_bytes(made.four_corners(32, 48)))
    photo = intact(source)
    for other in (
        made.jpeg_bytes(made.four_corners(48, 32)),
        b"\xff\xd8\xff\xc0\0\4\x08\0\xff\xd9",
    ):
        source.write_bytes(other)
        save(photo, target, SaveOptions(overwrite=True))
        assert np.abs(load(target).pixels - photo.pixels).mean() < 0.01
    source.unlink()
    save(photo, target, SaveOptions(overwrite=True))
    assert np.abs(load(target).pixels - photo.pixels).mean() < 0.01
