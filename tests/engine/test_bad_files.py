"""Files that are no photos, or only half of one: one clear sentence for each."""

from __future__ import annotations

import io
import os
import struct
import sys
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

from engine import files
from engine.errors import BadPhoto
from engine.files import load
from tests.engine import made
from tests.engine.made import close


@pytest.mark.parametrize(
    "name", ["Grüße aus Köln.png", "写真 1.png", "with space.png", "a" * 200 + ".png"]
)
def test_odd_names_work(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(imagecodecs.png_encode(made.four_corners()))
    assert load(tmp_path / name).width == 48


def test_deep_folders_work(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["a long name of a folder" * 3] * 8)
    folder.mkdir(parents=True)
    (folder / "a.png").write_bytes(imagecodecs.png_encode(made.four_corners()))
    assert load(folder / "a.png").width == 48


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_a_name_that_is_no_text_can_be_shown(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.png"))
    path.write_bytes(b"nothing")
    with pytest.raises(BadPhoto) as caught:
        load(path)
    str(caught.value).encode()


PNG = bytes(imagecodecs.png_encode(made.whole_numbers(8, 3, 200, 200)))
JPEG = made.jpeg_bytes(made.whole_numbers(8, 3, 200, 200))


def tiff_bytes(compression: str | None) -> bytes:
    out = io.BytesIO()
    values = made.whole_numbers(8, 3, 200, 200)
    tifffile.imwrite(out, values, photometric="rgb", compression=compression, rowsperstrip=20)
    return out.getvalue()


def webp_bytes() -> bytes:
    out = io.BytesIO()
    Image.fromarray(made.whole_numbers(8, 3, 200, 200)).save(out, "WEBP")
    return out.getvalue()


BAD = {
    "empty.jpg": (b"", "is empty"),
    "text.jpg": (b"This is a letter and not a picture.", "not a picture in a format"),
    "cut.jpg": (JPEG[: len(JPEG) // 2], "is cut short"),
    "header.jpg": (JPEG[:30], "is damaged"),
    "cut.png": (PNG[: len(PNG) // 2], "is damaged or cut short"),
    "cut.webp": (webp_bytes()[:3000], "is damaged or cut short"),
    "cut.tif": (tiff_bytes(None)[:-4000], "is cut short"),
    "cut-lzw.tif": (tiff_bytes("lzw")[:-4000], "is cut short"),
    "header.tif": (tiff_bytes(None)[:9], "is damaged or cut short"),
    "cut.jxl": (
        bytes(imagecodecs.jpegxl_encode(made.whole_numbers(8)))[:900],
        "is damaged or cut short",
    ),
    "cut.jp2": (
        bytes(imagecodecs.jpeg2k_encode(made.whole_numbers(8), codecformat="jp2"))[:90],
        "is damaged or cut short",
    ),
    "cut.gif": (b"GIF89a" + struct.pack("<HHBBB", 9, 9, 0, 0, 0), "is damaged or cut short"),
    "photo.heic": (b"\0\0\0\x18ftypheic" + bytes(90), "is damaged or cut short"),
    "photo.cr3": (b"\0\0\0\x18ftypcrx " + bytes(90), "is a RAW file"),
    "photo.cr2": (b"II*\0\x10\0\0\0CR" + bytes(90), "is a RAW file"),
    "photo.raf": (b"FUJIFILMCCD-RAW 0201", "is a RAW file"),
    "photo.nef": (b"II*\0\x08\0\0\0" + bytes(90), "is a RAW file"),
    "photo.psd": (b"8BPS\0\1" + bytes(90), "is a Photoshop document"),
    "photo.pdf": (b"%PDF-1.7" + bytes(90), "is a PDF document"),
    "wide.png": (
        made.png_with(made.four_corners())[:16] + b"\0\1\0\0\0\1\0\0" + PNG[24:],
        "too large",
    ),
    "nothing.bmp": (b"BM" + bytes(60), "is damaged or cut short"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_fails_with_one_sentence(tmp_path: Path, name: str) -> None:
    content, reason = BAD[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadPhoto, match=reason) as caught:
        load(tmp_path / name)
    message = str(caught.value)
    assert message.startswith(f"“{name}” ")
    assert message.endswith(".")
    assert caught.value.remedy
    assert "Error" not in message


@pytest.mark.parametrize("packing", [34661, 9999])
def test_an_unknown_packing_is_not_called_damage(tmp_path: Path, packing: int) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, made.four_corners())
    with tifffile.TiffFile(path, mode="r+") as file:
        file.pages[0].tags[259].overwrite(packing)
    with pytest.raises(BadPhoto, match="packed in a rare way") as refused:
        load(path)
    assert "damaged" not in refused.value.message


def test_a_canon_raw_file_is_known_under_any_name(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(b"II*\0\x10\0\0\0CR\2\0" + bytes(90))
    with pytest.raises(BadPhoto, match="is a RAW file"):
        load(tmp_path / "a.tif")


def test_a_tiff_whose_first_pixels_spell_a_raw_file_is_none(tmp_path: Path) -> None:
    values = np.full((4, 5, 3), (ord("C"), ord("R"), 2), np.uint8)
    tags = [(256, 3, 5), (257, 3, 4), (258, 3, 8), (262, 3, 2), (273, 4, 8), (277, 3, 3)]
    tags += [(278, 3, 4), (279, 4, values.size)]
    table = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    head = b"II*\0" + struct.pack("<I", 8 + values.size) + values.tobytes()
    path = tmp_path / "a.tif"
    path.write_bytes(head + struct.pack("<H", len(tags)) + table + bytes(4))
    made.close(load(path), values, 255)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadPhoto, match=r"“gone\.jpg” does not exist\."):
        load(tmp_path / "gone.jpg")
    with pytest.raises(BadPhoto, match="is a folder"):
        load(tmp_path)


@pytest.mark.skipif(
    sys.platform == "win32" or getattr(os, "geteuid", int)() == 0, reason="root may read everything"
)
def test_a_file_without_the_right_to_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(PNG)
    path.chmod(0)
    with pytest.raises(BadPhoto, match="may not be read"):
        load(path)


def test_a_refused_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    (tmp_path / "a.png").write_bytes(PNG)
    monkeypatch.setattr(files, "_reader", refuse)
    with pytest.raises(BadPhoto, match=r"“a\.png” may not be read by you\."):
        load(tmp_path / "a.png")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes among files")
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(BadPhoto, match="is no file"):
        load(tmp_path / "pipe.jpg")


@pytest.mark.parametrize("whole", [JPEG, PNG, tiff_bytes(None), tiff_bytes("lzw"), webp_bytes()])
def test_flipped_bytes_never_raise_anything_else(tmp_path: Path, whole: bytes) -> None:
    rng = np.random.default_rng(0)
    path = tmp_path / "a.bin"
    for _ in range(60):
        damaged = bytearray(whole)
        for place in rng.integers(0, min(len(whole), 2000), 6):
            damaged[place] = rng.integers(256)
        path.write_bytes(damaged)
        try:
            photo = load(path)
        except BadPhoto:
            continue
        assert np.isfinite(photo.pixels).all()
        assert photo.pixels.min() >= 0
        assert photo.pixels.max() <= 1


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_cut_anywhere_is_never_half_gray(tmp_path: Path, progressive: bool) -> None:
    out = io.BytesIO()
    Image.fromarray(made.four_corners()).save(out, "JPEG", progressive=progressive)
    path, whole = tmp_path / "a.jpg", out.getvalue()
    path.write_bytes(whole)
    full = load(path).pixels
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        try:
            photo = load(path)
        except BadPhoto:
            continue
        np.testing.assert_array_equal(photo.pixels, full)


def test_a_jpeg_without_its_last_bytes_is_whole(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(JPEG[:-2])
    photo = load(tmp_path / "a.jpg")
    close(photo, imagecodecs.jpeg8_decode(JPEG), 255)
    assert "last bytes are missing" in photo.warnings[0]
