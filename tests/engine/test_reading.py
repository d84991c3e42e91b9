"""Reading: every kind of file, upright, and one clear sentence for every file that is none."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

from engine.colour import cmyk_profile, to_srgb
from engine.errors import BadPhoto
from engine.files import depth_of, load
from engine.icc import srgb_icc
from engine.photo import Photo
from engine.saving import save
from tests.engine import made
from tests.engine.made import close


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("suffix", [".jxl", ".jp2", ".ppm", ".png", ".tif"])
def test_the_depth_is_known_as_it_is_read(tmp_path: Path, bits: int, suffix: str) -> None:
    values, path = made.whole_numbers(bits), tmp_path / f"a{suffix}"
    match suffix:
        case ".jxl":
            path.write_bytes(imagecodecs.jpegxl_encode(values, lossless=True))
        case ".jp2":
            path.write_bytes(imagecodecs.jpeg2k_encode(values, level=0, codecformat="jp2"))
        case ".ppm":
            head = b"P6 %d %d %d\n" % (values.shape[1], values.shape[0], 2**bits - 1)
            path.write_bytes(head + values.astype("u1" if bits == 8 else ">u2").tobytes())
        case _:
            save(Photo(pixels=np.ones((3, 3, 3), np.float32), bits=bits), path)
    assert depth_of(path) == load(path).bits == bits


@pytest.mark.parametrize("suffix", [".jxl", ".jp2", ".ppm", ".jpg"])
def test_to_know_the_depth_decodes_nothing(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    values, path = made.whole_numbers(8), tmp_path / f"a{suffix}"
    match suffix:
        case ".jxl":
            path.write_bytes(imagecodecs.jpegxl_encode(values))
        case ".jp2":
            path.write_bytes(imagecodecs.jpeg2k_encode(values))
        case _:
            Image.fromarray(values).save(path)
    monkeypatch.setattr("engine.files.developed", None)
    assert depth_of(path) == 8


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_integers_are_read_exactly(tmp_path: Path, bits: int, channels: int, suffix: str) -> None:
    values, path = made.whole_numbers(bits, channels), tmp_path / f"a{suffix}"
    if suffix == ".png":
        path.write_bytes(imagecodecs.png_encode(values))
    else:
        extra = {"extrasamples": (2,)} if channels in (2, 4) else {}
        kind = "minisblack" if channels < 3 else "rgb"
        tifffile.imwrite(path, values, photometric=kind, planarconfig="contig", **extra)
    photo = load(path)
    colours = values if channels == 1 else values[..., : 1 if channels == 2 else 3]
    close(photo, colours if channels != 2 else colours[..., 0], 2**bits - 1)
    assert photo.bits == bits
    assert photo.gray == (channels < 3)
    assert (photo.alpha is not None) == (channels in (2, 4))
    if photo.alpha is not None:
        np.testing.assert_array_equal(photo.alpha * np.float32(2**bits - 1), values[..., -1])
    assert photo.warnings == ()
    assert photo.source == path


def test_jpeg_is_read_like_other_programs_read_it(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(made.jpeg_bytes(made.four_corners()))
    close(load(path), made.read_back(path), 255)


@pytest.mark.parametrize(
    ("suffix", "options"),
    [(".webp", {"lossless": True}), (".bmp", {}), (".gif", {}), (".ppm", {}), (".tif", {})],
)
def test_other_formats_are_read(tmp_path: Path, suffix: str, options: dict[str, bool]) -> None:
    path = tmp_path / f"a{suffix}"
    Image.fromarray(made.four_corners()).save(path, **options)
    close(load(path), made.four_corners(), 255)


@pytest.mark.parametrize("bits", [8, 16])
def test_jpeg_xl_is_read_in_its_depth(tmp_path: Path, bits: int) -> None:
    values, path = made.whole_numbers(bits), tmp_path / "a.jxl"
    path.write_bytes(imagecodecs.jpegxl_encode(values, lossless=True))
    photo = load(path)
    close(photo, values, 2**bits - 1)
    assert photo.bits == bits


def test_jpeg_inside_jpeg_xl_keeps_its_profile(tmp_path: Path) -> None:
    jpeg = made.with_segments(
        made.jpeg_bytes(made.four_corners()), (0xE2, b"ICC_PROFILE\0\1\1" + made.p3_icc())
    )
    path = tmp_path / "a.jxl"
    path.write_bytes(imagecodecs.jpegxl_encode_jpeg(jpeg, numthreads=1))
    photo = load(path)
    assert photo.profile.icc == made.p3_icc()
    close(photo, imagecodecs.jpeg8_decode(jpeg), 255)


def test_jpeg_2000_is_read_in_its_depth(tmp_path: Path) -> None:
    values, path = made.whole_numbers(16), tmp_path / "a.jp2"
    path.write_bytes(imagecodecs.jpeg2k_encode(values, level=0, codecformat="jp2"))
    photo = load(path)
    close(photo, values, 65535)
    assert photo.bits == 16


def test_what_exif_says_of_a_jpeg_2000_holds(tmp_path: Path) -> None:
    stored, exif = made.turned(made.four_corners(), 6), made.exif(orientation=6)
    identity = bytes.fromhex("4a706754694666457869662d3e4a5032")
    box = (24 + len(exif)).to_bytes(4, "big") + b"uuid" + identity + exif
    jp2 = bytes(imagecodecs.jpeg2k_encode(stored, level=0, codecformat="jp2"))
    (tmp_path / "a.jp2").write_bytes(jp2 + box)
    photo = load(tmp_path / "a.jp2")
    close(photo, made.four_corners(), 255)
    assert photo.metadata.dpi == (240, 240)
    assert made.tag_of(photo.metadata.exif, 274) == 1


def test_the_resolution_in_a_jpeg_xl_is_read(tmp_path: Path) -> None:
    exif = bytes(4) + made.exif()
    jxl = bytes(imagecodecs.jpegxl_encode(made.four_corners(), lossless=True, usecontainer=True))
    (tmp_path / "a.jxl").write_bytes(jxl + (8 + len(exif)).to_bytes(4, "big") + b"Exif" + exif)
    assert load(tmp_path / "a.jxl").metadata.dpi == (240, 240)


def test_avif_is_read_in_full_depth(tmp_path: Path) -> None:
    values = np.full((16, 16, 3), (1000, 300, 20), np.uint16)
    path = tmp_path / "a.avif"
    path.write_bytes(imagecodecs.avif_encode(values, level=100, bitspersample=10))
    photo = load(path)
    close(photo, values, 1023, tolerance=2 / 1023)
    assert photo.bits == 16


@pytest.mark.parametrize("brand", [b"mif1", b"msf1"])
def test_avif_is_known_by_any_of_its_brands(tmp_path: Path, brand: bytes) -> None:
    avif = bytes(imagecodecs.avif_encode(made.four_corners(), level=100))
    assert avif[4:12] == b"ftypavif"
    (tmp_path / "a.avif").write_bytes(avif[:8] + brand + avif[12:])
    close(load(tmp_path / "a.avif"), made.four_corners(), 255, tolerance=0.02)


def test_twelve_bits_fill_the_scale(tmp_path: Path) -> None:
    values = (made.whole_numbers(16) // 16).astype(np.uint16)
    jpeg = imagecodecs.jpeg8_encode(values, level=100, subsampling="444", bitspersample=12)
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg)
    photo = load(path)
    assert photo.bits == 16
    close(photo, imagecodecs.jpeg8_decode(jpeg), 4095)
    assert photo.pixels.max() > 0.98


@pytest.mark.parametrize("nonsense", [0, 9, 77])
def test_a_tiff_turned_by_nonsense_is_upright(tmp_path: Path, nonsense: int) -> None:
    path = tmp_path / "a.tif"
    Image.fromarray(made.four_corners()).save(path, tiffinfo={274: nonsense})
    made.close(load(path), made.four_corners(), 255)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
def test_pictures_come_upright_once(tmp_path: Path, orientation: int, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    stored = Image.fromarray(made.turned(made.four_corners(), orientation))
    tags = Image.Exif()
    tags[274] = orientation
    if suffix == ".tif":
        stored.save(path, tiffinfo={274: orientation})
    else:
        lossless = {"lossless": True} if suffix == ".webp" else {}
        stored.save(path, exif=tags, quality=100, subsampling=0, **lossless)
    photo = load(path)
    assert (photo.width, photo.height) == (48, 32)
    close(photo, made.four_corners(), 255, tolerance=0.03 if suffix == ".jpg" else 0)
    assert photo.metadata.exif == b"" or made.tag_of(photo.metadata.exif, 274) in (1, None)
    assert photo.pixels.flags.c_contiguous


def test_resolution_turns_with_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    tags = Image.Exif()
    tags[274] = 6
    Image.fromarray(made.four_corners()).save(path, exif=tags, dpi=(100, 200))
    assert load(path).metadata.dpi == (200, 100)


def test_a_palette_becomes_colours(tmp_path: Path) -> None:
    picture = Image.fromarray(made.four_corners()).quantize(5)
    for suffix in (".png", ".gif", ".tif"):
        path = tmp_path / f"a{suffix}"
        picture.save(path)
        close(load(path), made.four_corners(), 255)


def test_a_transparent_palette_has_alpha(tmp_path: Path) -> None:
    picture = Image.fromarray(np.array([[0, 1]], np.uint8), mode="L").convert("P")
    picture.putpalette([255, 0, 0, 0, 0, 255])
    picture.save(tmp_path / "a.png", transparency=0)
    photo = load(tmp_path / "a.png")
    assert photo.alpha is not None
    np.testing.assert_array_equal(photo.alpha, [[0, 1]])


def test_white_is_zero_is_turned_over(tmp_path: Path) -> None:
    values = made.whole_numbers(8, 1)
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="miniswhite")
    close(load(tmp_path / "a.tif"), 255 - values, 255)


def test_one_bit_is_black_and_white(tmp_path: Path) -> None:
    values = made.whole_numbers(8, 1) > 127
    Image.fromarray(values).save(tmp_path / "a.tif", compression="group4")
    Image.fromarray(values).save(tmp_path / "a.png")
    for name in ("a.tif", "a.png"):
        close(load(tmp_path / name), values, 1)
        assert load(tmp_path / name).gray


def test_planes_are_put_together(tmp_path: Path) -> None:
    values = made.whole_numbers(16)
    tifffile.imwrite(
        tmp_path / "a.tif", np.moveaxis(values, 2, 0), photometric="rgb", planarconfig="separate"
    )
    close(load(tmp_path / "a.tif"), values, 65535)


@pytest.mark.parametrize("compression", ["lzw", "deflate", "packbits", "zstd"])
def test_compressed_tiff_is_read(tmp_path: Path, compression: str) -> None:
    values = made.four_corners()
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="rgb", compression=compression)
    close(load(tmp_path / "a.tif"), values, 255)


def test_jpeg_inside_tiff_is_read(tmp_path: Path) -> None:
    Image.fromarray(made.four_corners()).save(tmp_path / "a.tif", compression="jpeg", quality=95)
    close(load(tmp_path / "a.tif"), made.read_back(tmp_path / "a.tif"), 255)


def test_uncompressed_luminance_and_chroma_are_read(tmp_path: Path) -> None:
    picture = Image.fromarray(made.four_corners()).convert("YCbCr")
    picture.save(tmp_path / "a.tif")
    close(load(tmp_path / "a.tif"), made.four_corners(), 255, tolerance=0.01)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("white", [255, 1023, 65535])
@pytest.mark.parametrize("written_out", [False, True])
def test_netpbm_keeps_its_depth(
    tmp_path: Path, channels: int, white: int, written_out: bool
) -> None:
    values = np.random.default_rng(0).integers(0, white + 1, (5, 7, channels), dtype=np.uint16)
    kind = (b"P2" if channels == 1 else b"P3") if written_out else b"P5"
    kind = b"P6" if channels == 3 and not written_out else kind
    head = kind + b" # a comment 12\n#another\n7\t5\n%d\n" % white
    body = values.astype("u1" if white < 256 else ">u2").tobytes()
    if written_out:
        body = b"\n".join(b"%d" % value for value in values.ravel())
    (tmp_path / "a.pnm").write_bytes(head + body)
    photo = load(tmp_path / "a.pnm")
    close(photo, values[..., 0] if channels == 1 else values, white)
    assert (photo.bits, photo.gray) == (8 if white == 255 else 16, channels == 1)
    (tmp_path / "b.pnm").write_bytes((head + body)[:-8])
    with pytest.raises(BadPhoto, match=r"cut short: part of the picture is missing"):
        load(tmp_path / "b.pnm")


@pytest.mark.parametrize("picture", [b"P1\n10 2\n0101010101#\n1 1 1 1 1 00000", None])
def test_bitmaps_are_black_where_they_are_1(tmp_path: Path, picture: bytes | None) -> None:
    rows = np.array([[0, 1] * 5, [1] * 5 + [0] * 5], np.uint8)
    bits = np.packbits(rows, axis=1).tobytes()
    (tmp_path / "a.pbm").write_bytes(picture or b"P4 10 2\n" + bits)
    close(load(tmp_path / "a.pbm"), 1 - rows, 1)


@pytest.mark.parametrize("head", [b"P6\n7 x", b"P6\n7 5\n0\n", b"P5\n7 5\n70000\n", b"P6\n7"])
def test_netpbm_without_its_numbers_is_refused(tmp_path: Path, head: bytes) -> None:
    (tmp_path / "a.ppm").write_bytes(head + bytes(400))
    with pytest.raises(BadPhoto, match="damaged"):
        load(tmp_path / "a.ppm")


def test_float_tiff_is_clipped_with_a_sentence(tmp_path: Path) -> None:
    values = made.whole_numbers(16).astype(np.float32) / 50000
    values[3, 3] = np.nan
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="rgb")
    photo = load(tmp_path / "a.tif")
    assert photo.bits == 32
    assert "Values outside black to white were clipped." in photo.warnings
    np.testing.assert_array_equal(photo.pixels, np.clip(np.nan_to_num(values), 0, 1))


def test_float_tiff_in_the_range_of_integers_is_scaled(tmp_path: Path) -> None:
    values = made.whole_numbers(16)
    tifffile.imwrite(tmp_path / "a.tif", values.astype(np.float32), photometric="rgb")
    photo = load(tmp_path / "a.tif")
    close(photo, values, 65535)
    assert photo.warnings == ("Its values reach 65535 instead of 1 and were scaled down.",)


def test_what_is_no_number_becomes_black_with_a_sentence(tmp_path: Path) -> None:
    values = np.full((8, 8, 3), 0.5, np.float32)
    values[2, 2] = np.nan
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="rgb")
    photo = load(tmp_path / "a.tif")
    assert photo.pixels[2, 2].max() == 0
    assert photo.warnings == ("Values outside black to white were clipped.",)


@pytest.mark.parametrize("brightest", [2.0, 30.0, 9000.0])
def test_measured_light_does_not_turn_black(tmp_path: Path, brightest: float) -> None:
    values = np.linspace(0.4, 1, 40 * 40 * 3).reshape(40, 40, 3).astype(np.float32) * brightest
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="rgb")
    photo = load(tmp_path / "a.tif")
    assert photo.pixels.max() == 1
    assert 0.35 < photo.pixels.min() < 0.45
    reached = {2.0: "2.0", 30.0: "30", 9000.0: "9000"}[brightest]
    assert f"Its values reach {reached} instead of 1 and were scaled down." in photo.warnings


def test_fractions_in_the_range_of_integers_are_scaled_by_it(tmp_path: Path) -> None:
    values = np.linspace(0.3, 199.7, 300).reshape(10, 10, 3).astype(np.float32)
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="rgb")
    close(load(tmp_path / "a.tif"), values, 255)


@pytest.mark.parametrize(
    ("kind", "photometric"), [(np.float32, "cielab"), (np.complex64, "minisblack")]
)
def test_numbers_that_mean_no_known_colour_are_refused(
    tmp_path: Path, kind: type[np.number], photometric: str
) -> None:
    shape = (8, 8, 3) if photometric == "cielab" else (8, 8)
    tifffile.imwrite(tmp_path / "a.tif", np.full(shape, 50, kind), photometric=photometric)
    with pytest.raises(BadPhoto, match="unusual way"):
        load(tmp_path / "a.tif")


def test_premultiplied_colours_are_divided_again(tmp_path: Path) -> None:
    values = np.full((8, 8, 4), (30, 20, 10, 51), np.uint8)
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="rgb", extrasamples=(1,))
    np.testing.assert_allclose(
        load(tmp_path / "a.tif").pixels[0, 0], np.array([150, 100, 50]) / 255, atol=1e-6
    )


def test_a_channel_without_meaning_is_left_out(tmp_path: Path) -> None:
    values = made.whole_numbers(16, 4)
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="rgb", extrasamples=(0,))
    photo = load(tmp_path / "a.tif")
    assert photo.alpha is None
    close(photo, values[..., :3], 65535)
    assert "infrared" in photo.warnings[0]


def test_lab_tiff_is_converted(tmp_path: Path) -> None:
    lab = np.zeros((8, 8, 3), np.uint8)
    lab[:4] = (255, 0, 0)
    lab[4:] = (138, 81, 70)  # L 54, a 81, b 70: red
    tifffile.imwrite(tmp_path / "a.tif", lab, photometric="cielab")
    photo = load(tmp_path / "a.tif")
    np.testing.assert_allclose(photo.pixels[0, 0], 1, atol=1e-3)
    np.testing.assert_allclose(photo.pixels[7, 7], (1, 0, 0), atol=0.03)
    assert photo.profile.icc == b""


def cmyk(height: int = 16, width: int = 16) -> Image.Image:
    inks = np.zeros((height, width, 4), np.uint8)
    inks[: height // 2] = (0, 230, 230, 0)
    return Image.fromarray(inks, mode="CMYK")


@pytest.mark.parametrize("suffix", [".jpg", ".tif"])
@pytest.mark.parametrize("icc", [b"", cmyk_profile(b"")[0]], ids=["bare", "with profile"])
def test_inks_become_srgb(tmp_path: Path, suffix: str, icc: bytes) -> None:
    path = tmp_path / f"a{suffix}"
    cmyk().save(path, icc_profile=icc, quality=95)
    photo = load(path)
    red, paper = photo.pixels[2, 2], photo.pixels[-2, 2]
    assert red[0] > 0.8
    assert red[1:].max() < 0.3
    np.testing.assert_allclose(paper, 1, atol=0.02)
    assert photo.profile.icc == b""
    (note,) = photo.warnings
    assert "its own profile" in note if icc else "SWOP" in note


def test_inks_without_adobe_marker_are_not_inverted(tmp_path: Path) -> None:
    out = io.BytesIO()
    cmyk().save(out, "JPEG", quality=95)
    jpeg = out.getvalue()
    place = jpeg.find(b"\xff\xee")
    length = int.from_bytes(jpeg[place + 2 : place + 4], "big")
    (tmp_path / "a.jpg").write_bytes(jpeg[:place] + jpeg[place + 2 + length :])
    photo = load(tmp_path / "a.jpg")
    assert photo.pixels[-2, 2].max() < 0.1  # what Adobe stores as no ink is all inks otherwise


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
def test_profiles_are_kept_byte_for_byte(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    Image.fromarray(made.four_corners()).save(path, icc_profile=made.p3_icc())
    photo = load(path)
    assert photo.profile.icc == made.p3_icc()
    assert photo.profile.name == "RGB built-in"
    assert photo.warnings == ()


def test_a_profile_over_several_segments_is_put_together(tmp_path: Path) -> None:
    icc = srgb_icc() + bytes(200_000)
    Image.fromarray(made.four_corners()).save(tmp_path / "a.jpg", icc_profile=icc)
    assert load(tmp_path / "a.jpg").profile.icc == icc


def test_gray_keeps_its_gray_profile(tmp_path: Path) -> None:
    icc = imagecodecs.cms_profile("gray", gamma=1.8)
    Image.fromarray(made.whole_numbers(8, 1)).save(tmp_path / "a.png", icc_profile=icc)
    photo = load(tmp_path / "a.png")
    assert photo.gray
    assert photo.profile.icc == icc
    assert photo.warnings == ()


def test_a_profile_of_another_kind_is_left_out(tmp_path: Path) -> None:
    icc = imagecodecs.cms_profile("gray", gamma=1.8)
    Image.fromarray(made.four_corners()).save(tmp_path / "a.png", icc_profile=icc)
    photo = load(tmp_path / "a.png")
    assert photo.profile.icc == b""
    assert "another kind of picture" in photo.warnings[0]


SRGB_POINTS = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
ADOBE_POINTS = (31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000)


@pytest.mark.parametrize("gray", [False, True])
def test_a_png_of_linear_light_is_seen_as_that(tmp_path: Path, gray: bool) -> None:
    values = np.full((4, 4) if gray else (4, 4, 3), 51, np.uint8)
    chunks = ((b"gAMA", (100_000).to_bytes(4, "big")), (b"cHRM", struct.pack(">8I", *SRGB_POINTS)))
    (tmp_path / "a.png").write_bytes(made.png_with(values, *chunks))
    photo = load(tmp_path / "a.png")
    close(photo, values, 255)
    np.testing.assert_allclose(to_srgb(photo.pixels, photo.profile), 0.4845, atol=1e-3)
    save(photo, tmp_path / "b.png")
    again = load(tmp_path / "b.png")
    np.testing.assert_allclose(to_srgb(again.pixels, again.profile), 0.4845, atol=1e-3)


@pytest.mark.parametrize(
    ("gamma", "points", "more", "is_srgb"),
    [
        (45455, SRGB_POINTS, (), True),
        (45455, ADOBE_POINTS, (), False),
        (100_000, SRGB_POINTS, ((b"sRGB", b"\0"),), True),
        (0, SRGB_POINTS, (), True),
        (100_000, (0,) * 8, (), True),
        (100_000, None, (), True),
    ],
)
def test_the_colours_of_an_old_png(
    tmp_path: Path,
    gamma: int,
    points: tuple[int, ...] | None,
    more: tuple[tuple[bytes, bytes], ...],
    is_srgb: bool,
) -> None:
    chunks = [(b"gAMA", gamma.to_bytes(4, "big")), *more]
    chunks += [(b"cHRM", struct.pack(">8I", *points))] if points else []
    (tmp_path / "a.png").write_bytes(made.png_with(made.four_corners(), *chunks))
    assert load(tmp_path / "a.png").profile.is_srgb == is_srgb


def test_a_profile_that_cannot_be_unpacked_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(made.png_with(made.four_corners(), (b"iCCP", b"x\0\0no")))
    photo = load(tmp_path / "a.png")
    assert photo.profile.icc == b""
    assert photo.warnings == ("Its colour profile is damaged; its colours are taken as sRGB.",)


def test_a_damaged_profile_is_kept_with_a_sentence(tmp_path: Path) -> None:
    Image.fromarray(made.four_corners()).save(tmp_path / "a.tif", icc_profile=b"damaged")
    photo = load(tmp_path / "a.tif")
    assert photo.profile.icc == b"damaged"
    assert photo.warnings == ("Its colour profile is damaged; its colours are taken as sRGB.",)


def test_adobe_rgb_named_by_the_camera_becomes_a_profile(tmp_path: Path) -> None:
    tags = Image.Exif()
    tags[271] = "Maker"
    tags.get_ifd(34665)[40961] = 65535
    tags.get_ifd(34665)[40965] = {1: "R03"}
    Image.fromarray(made.four_corners()).save(tmp_path / "a.jpg", exif=tags)
    photo = load(tmp_path / "a.jpg")
    assert photo.profile.name == "Adobe RGB compatible"
    assert photo.warnings == ("It names Adobe RGB without a profile; one was added.",)


def test_numbered_colours_of_png_become_a_profile(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(
        made.png_with(made.four_corners(), (b"cICP", bytes((12, 13, 0, 1))))
    )
    assert load(tmp_path / "a.png").profile.icc[36:40] == b"acsp"


@pytest.mark.parametrize("suffix", [".gif", ".png", ".webp"])
def test_the_first_picture_of_an_animation_is_read(tmp_path: Path, suffix: str) -> None:
    first, path = made.four_corners(), tmp_path / f"a{suffix}"
    frames = [Image.fromarray(first[::-1].copy()), Image.fromarray(first[:, ::-1].copy())]
    lossless = {"lossless": True} if suffix == ".webp" else {}
    Image.fromarray(first).save(path, save_all=True, append_images=frames, **lossless)
    photo = load(path)
    close(photo, first, 255)
    assert photo.warnings == ("It is an animation; only its first picture was read.",)


def test_the_first_page_is_read_and_thumbnails_do_not_count(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "a.tif") as out:
        out.write(made.four_corners()[::4, ::4], photometric="rgb", subfiletype=1)
        out.write(made.four_corners(), photometric="rgb")
    photo = load(tmp_path / "a.tif")
    assert photo.width == 48
    assert photo.warnings == ()
    with tifffile.TiffWriter(tmp_path / "b.tif") as out:
        out.write(made.four_corners(), photometric="rgb")
        out.write(made.four_corners(), photometric="rgb")
    assert load(tmp_path / "b.tif").warnings == ("It holds 2 pages; only the first was read.",)


def test_a_gain_map_is_missed_aloud(tmp_path: Path) -> None:
    jpeg = made.jpeg_bytes(made.four_corners())
    second = made.with_segments(jpeg, (0xE1, b'http://ns.adobe.com/xap/1.0/\0hdrgm:Version="1.0"'))
    (tmp_path / "a.jpg").write_bytes(jpeg + second)
    assert "gain map" in load(tmp_path / "a.jpg").warnings[0]


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(made.jpeg_bytes(made.four_corners()))
    assert load(tmp_path / "a.tif").width == 48


@pytest.mark.parametrize(
    ("start", "remedy"),
    [(b"II*\0\x10\0\0\0CR\2", "RAW developer"), (b"8BPS", "TIFF"), (b"%PDF", "intact")],
)
def test_what_has_to_be_exported_first_is_not_called_damaged(
    tmp_path: Path, start: bytes, remedy: str
) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(start + bytes(100))
    with pytest.raises(BadPhoto) as caught:
        load(file)
    assert remedy in caught.value.remedy
