"""Hundreds of odd files of other projects, where they are at hand; they are no part of this one."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.colour import profile_of_primaries, to_srgb
from engine.errors import BadPhoto
from engine.files import load
from engine.formats.raw import preview_in
from engine.photo import Photo
from engine.saving import save

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "formats"
FILES = sorted(path for path in FOLDER.rglob("*") if path.is_file())
pytestmark = [
    pytest.mark.skipif(not FILES, reason="the collection of odd files is not here"),
    pytest.mark.timeout(60),
]

UNREADABLE = (
    [f"corrupt/{name}" for name in (
        "65536-uint32-limit.png", "broken.png", "broken_data_stream.png", "corrupt-header.jpg",
        "corrupted.heic", "decompression_bomb.gif", "decompression_bomb.ico", "empty.heic",
        "issue256.jpg", "issue389.jpg", "truncated.heic", "truncated.jpg", "truncated.png",
        "truncated_image.png", "truncated_jpeg.jpg", "README",
        "oom-225817ca0f8c663be7ab4b9e717b02c661e66834.tif",
    )]
    + [f"pngsuite/{name}.png" for name in (
        "xc1n0g08", "xc9n2c08", "xcrn0g04", "xcsn0g01", "xd0n2c08", "xd3n2c08", "xd9n2c08",
        "xdtn0g01", "xhdn0g08", "xlfn0g04", "xs1n0g01", "xs2n0g01", "xs4n0g01", "xs7n0g01",
    )]
)  # fmt: skip


def name_of(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def in_folder(folder: str) -> list[Path]:
    return [path for path in FILES if name_of(path).startswith(folder + "/")]


def loaded(path: Path) -> Photo:
    try:
        return load(path)
    except BadPhoto:
        pytest.skip("is not readable, which another test judges")


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_file_is_a_photo_or_a_sentence(path: Path) -> None:
    try:
        photo = load(path)
    except BadPhoto as error:
        message = str(error)
        assert message.startswith(f"“{path.name}” ")
        assert message.endswith(".")
        return
    assert np.isfinite(photo.pixels).all()
    assert photo.pixels.min() >= 0
    assert photo.pixels.max() <= 1
    assert photo.pixels.flags.c_contiguous
    if photo.gray:
        assert np.ptp(photo.pixels, axis=2).max() == 0


@pytest.mark.parametrize("name", UNREADABLE)
def test_broken_files_are_refused(name: str) -> None:
    with pytest.raises(BadPhoto):
        load(FOLDER / name)


def test_raw_files_that_lost_their_pixels_are_refused() -> None:
    for path in in_folder("raw_stub_no_pixels"):
        with pytest.raises(BadPhoto, match="RAW"):
            load(path)


@pytest.mark.parametrize("path", in_folder("heic"), ids=name_of)
def test_heic_is_read_and_its_torso_is_not(path: Path, tmp_path: Path) -> None:
    photo = load(path)
    assert photo.pixels.std() > 0.02
    assert photo.bits == (16 if path.name.startswith(("L_10", "L_12")) else 8)
    whole = path.read_bytes()
    cut = tmp_path / path.name
    cut.write_bytes(whole[: len(whole) * 95 // 100])
    with pytest.raises(BadPhoto, match="damaged or cut short"):
        load(cut)


@pytest.mark.parametrize("name", ["colorchart.dng", "canon_eos_6d.dng"])
def test_raw_files_are_developed(name: str, tmp_path: Path) -> None:
    path = FOLDER / "raw" / name
    photo = load(path)
    assert photo.bits == 16
    space = profile_of_primaries(12, 13)
    assert space is not None
    assert photo.profile.icc == space.icc
    assert 0.05 < photo.pixels.mean() < 0.5
    whole = path.read_bytes()
    cut = tmp_path / name
    cut.write_bytes(whole[: len(whole) * 9 // 10])
    with pytest.raises(BadPhoto, match="RAW file, and damaged"):
        load(cut)


def test_a_raw_photo_is_as_bright_as_the_camera_shows_it() -> None:
    path = FOLDER / "raw" / "canon_eos_6d.dng"
    photo, found = load(path), preview_in(path)
    assert found is not None
    with Image.open(BytesIO(found[0])) as image:
        shown = np.asarray(image.convert("RGB")) / 255
    seen = to_srgb(photo.pixels, photo.profile)
    for share in (0.25, 0.5, 0.75):
        assert abs(np.quantile(seen, share) - np.quantile(shown, share)) < 0.03


def test_raw_files_without_their_picture_are_refused() -> None:
    for name in ("Canon-R6-pruned.CR3", "IMG_1361.dng"):
        with pytest.raises(BadPhoto, match="RAW"):
            load(FOLDER / "raw" / name)


@pytest.mark.parametrize("kind", ["Landscape", "Portrait"])
def test_eight_orientations_show_the_same_scene(kind: str) -> None:
    photos = [load(FOLDER / f"exif_orientation/{kind}_{number}.jpg") for number in range(1, 9)]
    first = to_srgb(photos[0].pixels, photos[0].profile)
    for photo in photos[1:]:
        # The number written on each of them differs, and so does the compression.
        other = to_srgb(photo.pixels, photo.profile)
        assert np.abs(other - first).mean() < 0.03


def test_eight_orientations_of_one_letter_are_the_same() -> None:
    first = load(FOLDER / "exif_orientation/f1t.jpg").pixels
    for number in range(2, 9):
        other = load(FOLDER / f"exif_orientation/f{number}t.jpg").pixels
        assert np.abs(other - first).max() < 0.02


@pytest.mark.parametrize(
    "path", [p for f in ("icc", "icc_16bit_camera_crops", "16bit_misc") for p in in_folder(f)],
    ids=name_of,
)  # fmt: skip
def test_profiles_are_kept_byte_for_byte(path: Path) -> None:
    photo = loaded(path)
    if path.suffix == ".jp2" or any("converted" in note for note in photo.warnings):
        pytest.skip("has no profile to keep")
    with Image.open(path) as image:
        assert photo.profile.icc == (image.info.get("icc_profile") or b"")


@pytest.mark.parametrize("path", in_folder("pngsuite"), ids=name_of)
def test_png_files_are_read_like_pillow_reads_them(path: Path) -> None:
    photo = loaded(path)
    with Image.open(path) as image:
        if image.mode.startswith("I") or "transparency" in image.info:
            pytest.skip("Pillow reads this kind in another way")
        expected = np.asarray(image.convert("RGBA")) / 255
    assert np.abs(photo.pixels - expected[..., :3]).max() <= 1 / 255
    if photo.alpha is not None:
        assert np.abs(photo.alpha - expected[..., 3]).max() <= 1 / 255


@pytest.mark.parametrize(
    "path", [p for f in ("pngsuite", "16bit_misc", "alpha", "icc", "exif_gps", "jpeg_misc")
             for p in in_folder(f)], ids=name_of,
)  # fmt: skip
def test_saving_and_reading_again_changes_nothing(path: Path, tmp_path: Path) -> None:
    photo = loaded(path)
    if any("converted" in note for note in photo.warnings):
        pytest.skip("was computed and does not fall on whole numbers")
    for suffix in (".png", ".tif"):
        save(photo, tmp_path / f"a{suffix}")
        again = load(tmp_path / f"a{suffix}")
        # 12 bits, and colours divided by alpha, do not fall on the numbers of 16.
        tolerance = 1e-5 if "12" in path.name or "RGBa" in path.name else 0
        np.testing.assert_allclose(again.pixels, photo.pixels, atol=tolerance, rtol=0)
        assert again.profile.icc == photo.profile.icc
        assert (again.gray, again.bits) == (photo.gray, photo.bits)
        assert (again.alpha is None) == (photo.alpha is None)
    sizes = rb"\d+"  # which are corrected where they were wrong
    assert re.sub(sizes, b"", again.metadata.xmp) == re.sub(sizes, b"", photo.metadata.xmp)
    assert again.metadata.iptc == photo.metadata.iptc


@pytest.mark.parametrize("path", in_folder("cmyk_jpeg"), ids=name_of)
def test_inks_are_converted_and_said_to_be(path: Path) -> None:
    photo = load(path)
    assert photo.profile.icc == b""
    assert any("CMYK" in note for note in photo.warnings)
    # What is inverted by mistake turns photographs and white paper dark blue or black.
    if path.name.startswith("issue"):
        assert photo.pixels[0, 0].min() > 0.97


def test_inks_with_and_without_their_profile_look_alike() -> None:
    name = "cmyk_jpeg/Channel_digital_image_CMYK_color{}.jpg"
    own, assumed = (load(FOLDER / name.format(part)).pixels for part in ("", "_no_profile"))
    assert np.abs(own - assumed).mean() < 0.04


def test_lab_and_fogra_red_come_out_right() -> None:
    red = load(FOLDER / "icc/fogra-0-100-100-0.tif").pixels[500, 500]
    np.testing.assert_allclose(red, (0.89, 0.02, 0.08), atol=0.05)
    meadow = load(FOLDER / "icc/cielab-dagams.tiff").pixels.mean(axis=(0, 1))
    assert meadow[1] > meadow[0] > meadow[2]


def test_wide_gamut_and_srgb_copies_of_a_scene_agree() -> None:
    folder = FOLDER / "icc_16bit_camera_crops"
    for wide, narrow in (
        ("Google-Pixel2XL-16bit_acescg_g1_v4_krita", "Google-Pixel2XL-16bit_srgb8_v4_krita"),
        ("HUAWEI-EVA-L09-16bit_709_g1_dt", "HUAWEI-EVA-L09-16bit_srgb8_dt"),
        ("Nikon-D3-14bit_2020_g1", "Nikon-D3-14bit_srgb8"),
        ("l1qnb5_nkitzmiller_2020_g1", "l1qnb5_nkitzmiller_srgb8"),
    ):
        photos = (load(folder / f"{name}.png") for name in (wide, narrow))
        one, other = (to_srgb(photo.pixels, photo.profile) for photo in photos)
        assert np.abs(one - other).mean() < 0.01


def test_gps_is_kept(tmp_path: Path) -> None:
    for path in in_folder("exif_gps"):
        with Image.open(path) as image:
            before = dict(image.getexif().get_ifd(34853))
        for suffix in (".jpg", ".png", ".tif", ".webp"):
            target = tmp_path / f"{path.stem}{suffix}"
            save(load(path), target)
            with Image.open(target) as image:
                after = dict(image.getexif().get_ifd(34853))
            assert after == before
