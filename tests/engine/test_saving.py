"""Saving: exact numbers, everything carried along, and a file that is whole or not there."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

from engine import exif_edits
from engine.colour import to_srgb
from engine.errors import BadPhoto, CannotSave
from engine.files import load, recipe_in
from engine.fitting import SaveOptions
from engine.icc import srgb_icc
from engine.photo import Metadata, Photo, Profile
from engine.saving import check_fits, save
from tests.engine import made

CARRIED = Metadata(exif=made.exif(), xmp=made.XMP, iptc=made.IPTC, dpi=(300.0, 150.0))
SUFFIXES = [".jpg", ".png", ".tif", ".webp", ".avif"]


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_unchanged_photos_keep_every_number(
    tmp_path: Path, channels: int, bits: int, suffix: str
) -> None:
    source, target = tmp_path / "a.png", tmp_path / f"b{suffix}"
    source.write_bytes(imagecodecs.png_encode(made.whole_numbers(bits, channels)))
    assert save(load(source), target) == ()
    np.testing.assert_array_equal(made.read_back(target), made.whole_numbers(bits, channels))
    again = load(target)
    assert again.bits == bits
    assert again.gray == (channels < 3)
    assert again.warnings == ()


@pytest.mark.parametrize("bits", [8, 16])
def test_every_number_there_is_comes_back(tmp_path: Path, bits: int) -> None:
    values = np.arange(2**bits, dtype=np.uint8 if bits == 8 else np.uint16).reshape(-1, 64)
    source, target = tmp_path / "a.png", tmp_path / "b.png"
    source.write_bytes(imagecodecs.png_encode(values))
    save(load(source), target)
    np.testing.assert_array_equal(made.read_back(target), values)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("bits", [8, 16])
def test_a_png_may_be_ever_so_narrow(tmp_path: Path, bits: int, channels: int) -> None:
    narrow = made.whole_numbers(bits, channels, height=1, width=60_000).swapaxes(0, 1)
    source, target = tmp_path / "a.tif", tmp_path / "b.png"
    tifffile.imwrite(source, narrow)
    save(load(source), target)
    np.testing.assert_array_equal(made.read_back(target), narrow)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_floats_are_kept_exactly(tmp_path: Path, channels: int) -> None:
    photo = replace(made.photo(16, channels), bits=32)
    save(photo, tmp_path / "a.tif")
    again = load(tmp_path / "a.tif")
    assert again.bits == 32
    np.testing.assert_array_equal(again.pixels, photo.pixels)
    np.testing.assert_array_equal(made.read_back(tmp_path / "a.tif").dtype, np.float32)
    if photo.alpha is not None:
        np.testing.assert_array_equal(again.alpha, photo.alpha)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("bits", [8, 16, 32])
def test_tiff_is_read_alike_by_other_programs(tmp_path: Path, order: str, bits: int) -> None:
    bare = small_exif(order)
    photo = replace(made.photo(16), bits=bits, metadata=Metadata(exif=bare))
    path = tmp_path / "a.tif"
    save(photo, path)
    assert path.read_bytes()[:2] == (b"II" if order == "<" else b"MM")
    scale = np.float32({8: 255, 16: 65535, 32: 1}[bits])
    expected = photo.pixels * scale if bits == 32 else np.rint(photo.pixels * scale)
    np.testing.assert_array_equal(tifffile.imread(path), expected)
    np.testing.assert_array_equal(imagecodecs.tiff_decode(path.read_bytes()), expected)
    if bits == 8:
        with Image.open(path) as image:
            np.testing.assert_array_equal(np.asarray(image), expected)


def small_exif(order: str) -> bytes:
    body = struct.pack(f"{order}HHHII", 1, 271, 2, 6, 26) + bytes(4) + b"Maker\0"
    return (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8) + body


def big_exif(order: str) -> bytes:
    """The same in BigTIFF, with an entry of a type that nothing else has."""
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HHHQ", 43, 8, 0, 16)
    maker = struct.pack(f"{order}HHQ", 271, 2, 6) + b"Maker\0\0\0"
    long = struct.pack(f"{order}HHQQ", 700, 16, 1, 5)
    return head + struct.pack(f"{order}Q", 2) + maker + long + bytes(8)


def test_tall_tiff_is_written_in_strips(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    photo = Photo(pixels=rng.random((3001, 211, 3), dtype=np.float32), bits=16)
    save(photo, tmp_path / "a.tif")
    with tifffile.TiffFile(tmp_path / "a.tif") as file:
        assert len(file.pages[0].dataoffsets) > 2
    np.testing.assert_array_equal(
        made.read_back(tmp_path / "a.tif"), np.rint(photo.pixels * np.float32(65535))
    )


def test_large_tiff_gets_long_offsets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.formats.tiff_writing._LARGEST_CLASSIC", 1000)
    photo = replace(made.photo(16), metadata=CARRIED, profile=Profile(srgb_icc()))
    save(photo, tmp_path / "a.tif")
    with tifffile.TiffFile(tmp_path / "a.tif") as file:
        assert file.is_bigtiff
    again = load(tmp_path / "a.tif")
    np.testing.assert_array_equal(again.pixels, photo.pixels)
    assert again.profile.icc == srgb_icc()
    assert made.gps_of(again.metadata.exif) == made.gps_of(CARRIED.exif)


def test_jpeg_keeps_colour_in_full_resolution(tmp_path: Path) -> None:
    save(made.photo(), tmp_path / "a.jpg")
    with Image.open(tmp_path / "a.jpg") as image:
        assert [layer[1:3] for layer in image.layer] == [(1, 1)] * 3
    assert np.abs(load(tmp_path / "a.jpg").pixels - made.photo().pixels).mean() < 0.02


def test_quality_is_obeyed(tmp_path: Path) -> None:
    for suffix in (".jpg", ".webp", ".avif"):
        sizes = []
        for quality in (30, 95):
            path = tmp_path / f"{quality}{suffix}"
            save(made.photo(), path, SaveOptions(jpeg_quality=quality))
            sizes.append(path.stat().st_size)
        assert sizes[0] < sizes[1]


@pytest.mark.parametrize("suffix", [".webp", ".avif"])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_webp_and_avif_keep_colours_and_alpha(tmp_path: Path, suffix: str, channels: int) -> None:
    photo = smooth(channels)
    save(photo, tmp_path / f"a{suffix}")
    again = load(tmp_path / f"a{suffix}")
    assert np.abs(again.pixels - photo.pixels).mean() < 0.02
    assert (again.alpha is None) == (photo.alpha is None)
    if photo.alpha is not None and again.alpha is not None:
        assert np.abs(again.alpha - photo.alpha).mean() < 0.01


def test_webp_of_quality_100_is_lossless(tmp_path: Path) -> None:
    save(made.photo(8, 4), tmp_path / "a.webp", SaveOptions(jpeg_quality=100))
    np.testing.assert_array_equal(made.read_back(tmp_path / "a.webp"), made.whole_numbers(8, 4))


def smooth(channels: int) -> Photo:
    ramp = np.linspace(0.1, 0.9, 64, dtype=np.float32)
    pixels = np.repeat(np.tile(ramp, (48, 1))[..., None], 3, axis=2)
    if channels > 2:
        pixels[..., 1] = 0.5
    alpha = np.tile(ramp[:, None], (1, 64))[:48] if channels in (2, 4) else None
    return Photo(pixels=pixels, alpha=alpha, gray=channels < 3)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_metadata_and_profile_travel(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    photo = replace(made.photo(), metadata=CARRIED, profile=Profile(made.p3_icc(), "P3"))
    notes = save(photo, path)
    again = load(path)
    assert again.profile.icc == made.p3_icc()
    assert made.gps_of(again.metadata.exif) == made.gps_of(CARRIED.exif)
    assert made.tag_of(again.metadata.exif, 271) == "Maker"
    assert made.tag_of(again.metadata.exif, 36867, 34665) == "2020:02:03 04:05:06"
    assert made.tag_of(again.metadata.exif, 37500, 34665) == b"maker note " * 9
    assert "Grüße &amp; more".encode() in again.metadata.xmp
    if suffix in (".webp", ".avif"):
        assert notes == (
            f"{'WebP' if suffix == '.webp' else 'AVIF'} has no place for IPTC data;"
            " they were left out.",
        )
        assert again.metadata.dpi == (240.0, 240.0)  # which EXIF says
    else:
        assert notes == ()
        assert again.metadata.iptc == made.IPTC
        assert again.metadata.dpi == (300.0, 150.0)


@pytest.mark.parametrize("dpi", [72.009, 6399.999999, 59999.123457])
def test_a_tiff_says_its_resolution_however_fine_it_is(tmp_path: Path, dpi: float) -> None:
    path = tmp_path / "a.tif"
    save(replace(made.photo(), metadata=Metadata(dpi=(dpi, 300.0))), path)
    assert load(path).metadata.dpi == pytest.approx((dpi, 300.0), rel=1e-8)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
def test_other_programs_find_the_metadata(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    save(replace(made.photo(), metadata=CARRIED, profile=Profile(made.p3_icc(), "P3")), path)
    with Image.open(path) as image:
        tags = image.getexif()
        assert tags[272] == "Model"
        assert tags.get(274, 1) == 1
        assert tags.get_ifd(34853)[1] == "N"
        assert image.info["icc_profile"] == made.p3_icc()
        xmp = tags[700] if suffix == ".tif" else image.info["xmp"]
        assert "Grüße &amp; more".encode() in xmp


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_sizes_in_the_metadata_are_those_of_the_picture(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    pixels = np.zeros((46, 74, 3), np.float32)
    save(Photo(pixels=pixels, metadata=CARRIED), path)
    carried = load(path).metadata
    assert made.tag_of(carried.exif, 40962, 34665) == 74
    assert made.tag_of(carried.exif, 40963, 34665) == 46
    assert b'tiff:ImageWidth="74"' in carried.xmp


def test_avif_takes_exif_as_it_is_but_for_the_orientation(tmp_path: Path) -> None:
    noted = exif_edits.with_texts(made.exif(1, 37, 23), {315: "Jürgen Weiß"})
    save(replace(made.photo(), metadata=Metadata(exif=noted)), tmp_path / "a.avif")
    data = (tmp_path / "a.avif").read_bytes()
    assert exif_edits.without_orientation(noted) in data
    assert "Jürgen Weiß".encode() in load(tmp_path / "a.avif").metadata.exif


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("number", [0, 85, 43])
def test_avif_takes_exif_whose_header_is_unusual(tmp_path: Path, number: int, order: str) -> None:
    bare = big_exif(order) if number == 43 else small_exif(order)
    if number != 43:
        bare = bare[:2] + struct.pack(f"{order}H", number) + bare[4:]
    save(replace(made.photo(), metadata=Metadata(exif=bare)), tmp_path / "a.avif")
    carried = load(tmp_path / "a.avif").metadata.exif
    assert made.tag_of(carried, 271) == "Maker"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_turned_photo_is_saved_upright(tmp_path: Path, suffix: str) -> None:
    source, target = tmp_path / "source.jpg", tmp_path / f"b{suffix}"
    stored = Image.fromarray(made.turned(made.four_corners(), 6))
    bare = made.exif(orientation=6, width=32, height=48, thumbnail=True)
    stored.save(source, exif=b"Exif\0\0" + bare, xmp=made.XMP, quality=100, subsampling=0)
    save(load(source), target)
    again = load(target)
    assert (again.width, again.height) == (48, 32)
    np.testing.assert_allclose(again.pixels[4, 4], (1, 0, 0), atol=0.1)
    np.testing.assert_allclose(again.pixels[-4, -4], (0, 0, 1), atol=0.1)
    assert made.tag_of(again.metadata.exif, 274) in (1, None)
    assert b'tiff:Orientation="1"' in again.metadata.xmp
    assert b"\xff\xd8\xff" not in again.metadata.exif


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("xmp", [b"", made.XMP], ids=["no XMP", "XMP"])
def test_the_recipe_is_found_again(tmp_path: Path, suffix: str, xmp: bytes) -> None:
    recipe = '{"version": 1, "preset": {"title": "Größe < 2 & \\"mehr\\""}}'
    path = tmp_path / f"a{suffix}"
    save(replace(made.photo(), metadata=Metadata(xmp=xmp)), path, SaveOptions(recipe=recipe))
    assert recipe_in(path) == recipe
    save(load(path), tmp_path / f"b{suffix}", SaveOptions(recipe="{}"))
    assert recipe_in(tmp_path / f"b{suffix}") == "{}"


def test_a_picture_without_a_recipe_has_none(tmp_path: Path) -> None:
    save(made.photo(), tmp_path / "a.png")
    assert recipe_in(tmp_path / "a.png") is None
    with pytest.raises(BadPhoto, match="does not exist"):
        recipe_in(tmp_path / "gone.png")


def test_long_metadata_fit_into_jpeg(tmp_path: Path) -> None:
    words = "".join(f"<dc:w{i}>{i * 7919}</dc:w{i}>" for i in range(9000)).encode()
    xmp = made.XMP.replace(b"<dc:title>", words + b"<dc:title>")
    icc = srgb_icc() + bytes(150_000)
    iptc = made.IPTC + b"\x1c\x02\x78" + struct.pack(">H", 30_000) + b"x" * 30_000
    carried = Metadata(xmp=xmp, iptc=iptc * 4)
    save(replace(made.photo(), metadata=carried, profile=Profile(icc, "long")), tmp_path / "a.jpg")
    again = load(tmp_path / "a.jpg")
    assert words in again.metadata.xmp
    assert b"HasExtendedXMP" not in again.metadata.xmp
    assert again.metadata.iptc == iptc * 4
    assert again.profile.icc == icc
    assert again.warnings == ()
    with Image.open(tmp_path / "a.jpg") as image:
        image.load()
        assert image.info["icc_profile"] == icc


def test_exif_too_long_for_jpeg_is_shortened_with_a_sentence(tmp_path: Path) -> None:
    made_exif = Image.Exif()
    made_exif[271] = "Maker"
    made_exif.get_ifd(34665)[37500] = b"n" * 100_000
    bare = made_exif.tobytes().removeprefix(b"Exif\0\0")
    photo = replace(made.photo(), metadata=Metadata(exif=bare))
    (note,) = save(photo, tmp_path / "a.jpg")
    assert "no room" in note
    assert made.tag_of(load(tmp_path / "a.jpg").metadata.exif, 271) == "Maker"
    for suffix in (".png", ".tif", ".webp"):
        assert save(photo, tmp_path / f"a{suffix}") == ()
        kept = load(tmp_path / f"a{suffix}").metadata.exif
        assert made.tag_of(kept, 37500, 34665) == b"n" * 100_000


def test_padded_exif_fits_into_jpeg_without_a_sentence(tmp_path: Path) -> None:
    silent = b"II*\0\x08\0\0\0" + bytes(70_000)
    for bare, maker in ((silent, None), (made.exif() + bytes(70_000), "Maker")):
        padded = replace(made.photo(), metadata=Metadata(exif=bare))
        assert save(padded, tmp_path / "a.jpg", SaveOptions(overwrite=True)) == ()
        carried = load(tmp_path / "a.jpg")
        assert carried.warnings == ()
        assert maker is None or made.tag_of(carried.metadata.exif, 271) == maker


def test_a_profile_too_long_for_jpeg_is_left_out_with_a_sentence(tmp_path: Path) -> None:
    photo = replace(made.photo(), profile=Profile(srgb_icc() + bytes(17_000_000), "huge"))
    (note,) = save(photo, tmp_path / "a.jpg")
    assert "colour profile" in note
    assert load(tmp_path / "a.jpg").profile.icc == b""


def test_transparency_is_left_out_of_jpeg_with_a_sentence(tmp_path: Path) -> None:
    notes = save(made.photo(8, 4), tmp_path / "a.jpg")
    assert notes == ("JPEG has no transparency; it was left out.",)
    assert load(tmp_path / "a.jpg").alpha is None


def test_a_gray_profile_is_not_put_into_a_colour_picture(tmp_path: Path) -> None:
    gray = Profile(imagecodecs.cms_profile("gray", gamma=2.2), "gray")
    (note,) = save(replace(made.photo(), profile=gray), tmp_path / "a.png")
    assert "gray" in note
    save(replace(made.photo(8, 1), profile=gray), tmp_path / "b.png")
    assert load(tmp_path / "b.png").profile.icc == gray.icc


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_gray_profile_means_the_same_tones_in_every_format(
    tmp_path: Path, suffix: str, channels: int
) -> None:
    gray = Profile(imagecodecs.cms_profile("gray", gamma=1.0), "gray")
    photo = replace(smooth(channels), profile=gray)
    path = tmp_path / f"a{suffix}"
    notes = save(photo, path)
    again, seen = load(path), to_srgb(photo.pixels, gray)
    assert np.abs(to_srgb(again.pixels, again.profile) - seen).max() < 5 / 255
    assert again.warnings == ()
    with Image.open(path) as image:
        is_gray, icc = image.mode in ("L", "LA"), image.info["icc_profile"]
    assert icc == (gray.icc if is_gray else srgb_icc())
    assert any("gray" in note for note in notes) == (not is_gray)


@pytest.mark.parametrize("channels", [1, 2])
def test_a_colour_profile_of_a_gray_photo_counts_in_png_too(tmp_path: Path, channels: int) -> None:
    # PNG 11.3.2.3: a gray picture has a profile for gray
    gray = replace(made.photo(16, channels), profile=Profile(made.p3_icc()))
    assert save(gray, tmp_path / "a.png") == ()
    again = load(tmp_path / "a.png")
    assert again.profile.icc == made.p3_icc()
    np.testing.assert_array_equal(again.pixels, gray.pixels)
    assert made.read_back(tmp_path / "a.png").shape[2] == (3 if channels == 1 else 4)


def test_a_gray_photo_in_srgb_stays_gray_in_png(tmp_path: Path) -> None:
    gray = replace(made.photo(8, 1), profile=Profile(srgb_icc()))
    assert save(gray, tmp_path / "a.png") == ()
    again = load(tmp_path / "a.png")
    assert again.gray
    assert again.profile.is_srgb
    np.testing.assert_array_equal(again.pixels, gray.pixels)


@pytest.mark.parametrize(
    ("suffix", "bits", "expected"),
    [
        (".jpg", 8, 8),
        (".jpg", 16, 8),
        (".webp", 16, 8),
        (".avif", 32, 8),
        (".png", 32, 16),
        (".png", 8, 8),
        (".tif", 32, 32),
    ],
)
def test_depth_is_kept_where_the_format_can(
    tmp_path: Path, suffix: str, bits: int, expected: int
) -> None:
    save(replace(made.photo(16), bits=bits), tmp_path / f"a{suffix}")
    assert load(tmp_path / f"a{suffix}").bits == expected


def test_depth_can_be_asked_for(tmp_path: Path) -> None:
    save(made.photo(8), tmp_path / "a.png", SaveOptions(bits=16))
    assert load(tmp_path / "a.png").bits == 16
    with pytest.raises(CannotSave, match="JPEG has no 16 bits"):
        save(made.photo(8), tmp_path / "a.jpg", SaveOptions(bits=16))


def test_sixteen_bits_are_rounded_to_eight(tmp_path: Path) -> None:
    values = np.array([[128, 129, 386, 65535 - 128]], np.uint16)
    (tmp_path / "a.png").write_bytes(imagecodecs.png_encode(values))
    save(load(tmp_path / "a.png"), tmp_path / "b.png", SaveOptions(bits=8))
    np.testing.assert_array_equal(made.read_back(tmp_path / "b.png"), [[0, 1, 2, 255]])


@pytest.mark.parametrize("wrong", [{"jpeg_quality": 0}, {"jpeg_quality": 101}, {"bits": 12}])
def test_wrong_options_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="not"):
        SaveOptions(**wrong)


def test_an_unknown_suffix_is_refused(tmp_path: Path) -> None:
    for name in ("a.bmp", "a", "a.jxl"):
        with pytest.raises(CannotSave, match="the formats are JPEG, PNG"):
            save(made.photo(), tmp_path / name)


def test_capital_suffixes_work(tmp_path: Path) -> None:
    save(made.photo(), tmp_path / "A.JPEG")
    save(made.photo(), tmp_path / "A.TIFF")
    assert load(tmp_path / "A.TIFF").width == 37


def test_too_wide_for_webp_is_refused(tmp_path: Path) -> None:
    wide = Photo(pixels=np.zeros((1, 16384, 3), np.float32))
    with pytest.raises(CannotSave, match="WebP ends at 16383 pixels"):
        save(wide, tmp_path / "a.webp")


@pytest.mark.parametrize(
    ("width", "height", "end"),
    [(32769, 1, "32768 pixels a side"), (1, 40000, "32768 pixels"), (16400, 16400, "268 megapix")],
)
def test_what_no_program_could_open_is_not_written_as_avif(
    tmp_path: Path, width: int, height: int, end: str
) -> None:
    one = np.zeros((1, 1, 3), np.float32)
    large = Photo(pixels=np.broadcast_to(one, (height, width, 3)))
    with pytest.raises(CannotSave, match=f"AVIF ends at {end}"):
        save(large, tmp_path / "a.avif")
    assert list(tmp_path.iterdir()) == []


def test_the_widest_avif_is_read_again(tmp_path: Path) -> None:
    save(Photo(pixels=np.zeros((1, 32768, 3), np.float32)), tmp_path / "a.avif")
    assert load(tmp_path / "a.avif").width == 32768


def test_a_size_that_will_not_fit_is_known_beforehand(tmp_path: Path) -> None:
    source = tmp_path / "a.png"
    save(Photo(pixels=np.zeros((1, 5000, 3), np.float32)), source)
    check_fits(source, tmp_path / "a.webp", 2)
    check_fits(source, tmp_path / "a.tif", 4)
    with pytest.raises(CannotSave, match="WebP ends at 16383 pixels"):
        check_fits(source, tmp_path / "a.webp", 4)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_place_can_be_left_out(tmp_path: Path, suffix: str) -> None:
    photo = replace(made.photo(), metadata=CARRIED)
    save(photo, tmp_path / f"a{suffix}", SaveOptions(metadata="no_gps"))
    again = load(tmp_path / f"a{suffix}").metadata
    assert made.gps_of(again.exif) == {}
    assert made.tag_of(again.exif, 271) == "Maker"
    assert b"Gr\xc3\xbc\xc3\x9fe" in again.xmp


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_all_that_is_said_can_be_left_out(tmp_path: Path, suffix: str) -> None:
    icc = made.p3_icc()  # once: a profile tells the second in which it was made
    photo = replace(made.photo(), metadata=CARRIED, profile=Profile(icc))
    save(photo, tmp_path / f"a{suffix}", SaveOptions(metadata="none"))
    written = (tmp_path / f"a{suffix}").read_bytes()
    assert not any(word in written for word in (b"Maker", b"2020:02:03", b"Gr\xc3\xbc", b"Title"))
    assert load(tmp_path / f"a{suffix}").profile.icc == icc


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_comment_goes_along(tmp_path: Path, encoding: str) -> None:
    words = "Grüße, Köln 1954"
    jpeg = made.with_segments(made.jpeg_bytes(made.four_corners()), (0xFE, words.encode(encoding)))
    (tmp_path / "a.jpg").write_bytes(jpeg)
    photo = load(tmp_path / "a.jpg")
    for name in ("b.jpg", "b.png"):
        save(photo, tmp_path / name)
        photo = load(tmp_path / name)
        assert photo.metadata.comment == words
        with Image.open(tmp_path / name) as picture:
            said = picture.info.get("comment", picture.info.get("Comment"))
        assert (said.decode() if isinstance(said, bytes) else said) == words
    save(photo, tmp_path / "c.png", SaveOptions(metadata="none"))
    assert load(tmp_path / "c.png").metadata.comment == ""


def test_the_photo_can_be_saved_in_srgb(tmp_path: Path) -> None:
    photo = replace(made.photo(16), profile=Profile(made.p3_icc()))
    save(photo, tmp_path / "a.png", SaveOptions(profile="srgb"))
    again = load(tmp_path / "a.png")
    assert again.profile.icc == srgb_icc()
    np.testing.assert_allclose(again.pixels, to_srgb(photo.pixels, photo.profile), atol=1e-5)


def test_a_photo_in_srgb_stays_as_it_is(tmp_path: Path) -> None:
    save(made.photo(), tmp_path / "a.png", SaveOptions(profile="srgb"))
    save(made.photo(), tmp_path / "b.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
