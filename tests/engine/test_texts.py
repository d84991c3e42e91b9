"""Texts of PNG files: carried along, and put into EXIF where a format has no place for them."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo, iTXt

from engine.exif_edits import with_texts
from engine.files import load
from engine.fitting import SaveOptions
from engine.photo import KeyedText, Metadata
from engine.saving import save
from tests.engine import made

LONG = "a cat, steps: 20, seed: 7\n" * 2000
AUTHOR, COPYRIGHT, DESCRIPTION = 315, 33432, 270
OTHERS = [".jpg", ".tif", ".webp", ".avif"]


def _noted(*texts: tuple[str, str]) -> Metadata:
    return Metadata(texts=tuple(KeyedText(keyword=word, text=text) for word, text in texts))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Written by another program, with a text of every kind."""
    info = PngInfo()
    info.add_text("Author", "Maria Musterfrau")
    info.add_text("Title", "Am Fluss", zip=True)
    info.add_itxt("Description", "Grüße aus Köln", "de", "Beschreibung", zip=True)
    info.add_itxt("Description", "Greetings from Köln", "en")
    info.add_text("parameters", LONG, zip=True)
    info.add_text("Software", "Another program")
    info.add_text("Software", "Another program")
    info.add_text("Comment", "said once")
    info.add_itxt("XML:com.adobe.xmp", made.XMP.decode())
    path = tmp_path / "a.png"
    Image.fromarray(made.four_corners()).save(path, pnginfo=info)
    return path


def test_texts_go_along_as_they_are(source: Path, tmp_path: Path) -> None:
    found = load(source).metadata
    assert [(one.keyword, one.text, one.language, one.translated) for one in found.texts] == [
        ("Author", "Maria Musterfrau", "", ""),
        ("Title", "Am Fluss", "", ""),
        ("Description", "Grüße aus Köln", "de", "Beschreibung"),
        ("Description", "Greetings from Köln", "en", ""),
        ("parameters", LONG, "", ""),
        ("Software", "Another program", "", ""),
    ]
    save(load(source), tmp_path / "b.png")
    save(load(tmp_path / "b.png"), tmp_path / "c.png")
    again = load(tmp_path / "c.png").metadata
    assert again.texts == found.texts
    assert again.comment == "said once"
    assert (tmp_path / "c.png").read_bytes().count(b"XML:com.adobe.xmp") == 1


def test_another_program_reads_them(source: Path, tmp_path: Path) -> None:
    save(load(source), tmp_path / "b.png")
    with Image.open(tmp_path / "b.png") as picture:
        picture.load()
        said = picture.info
    assert (said["Author"], said["Title"], said["parameters"]) == (
        "Maria Musterfrau",
        "Am Fluss",
        LONG,
    )
    described = said["Description"]
    assert isinstance(described, iTXt)
    assert (described, described.lang) == ("Greetings from Köln", "en")


@pytest.mark.parametrize("suffix", OTHERS)
def test_other_formats_say_in_exif_what_it_has_a_tag_for(tmp_path: Path, suffix: str) -> None:
    texts = (("author", "Maria"), ("Copyright", "© 1954 Müller"), ("Description", "Fluss"))
    carried = replace(_noted(*texts, ("Title", "no tag")), exif=made.exif(6, 23, 37))
    save(replace(made.photo(), metadata=carried), tmp_path / f"a{suffix}")
    exif = load(tmp_path / f"a{suffix}").metadata.exif
    assert made.tag_of(exif, AUTHOR) == "Maria"
    assert made.tag_of(exif, DESCRIPTION) == "Fluss"
    assert "© 1954 Müller".encode() in exif
    assert "1954" in str(made.tag_of(exif, COPYRIGHT))
    assert made.tag_of(exif, 271) == "Maker"  # and all that was there
    assert made.tag_of(exif, 37500, 34665) == b"maker note " * 9
    assert made.gps_of(exif)[1] == "N"


@pytest.mark.parametrize("suffix", OTHERS)
def test_exif_is_begun_for_them(tmp_path: Path, suffix: str) -> None:
    save(replace(made.photo(), metadata=_noted(("Author", "Maria"))), tmp_path / f"a{suffix}")
    assert made.tag_of(load(tmp_path / f"a{suffix}").metadata.exif, AUTHOR) == "Maria"


def test_what_exif_says_already_stands() -> None:
    first = with_texts(made.exif(), {AUTHOR: "Maria", DESCRIPTION: "  "})
    second = with_texts(first, {AUTHOR: "Another", DESCRIPTION: "Fluss"})
    assert made.tag_of(second, AUTHOR) == "Maria"
    assert made.tag_of(second, DESCRIPTION) == "Fluss"
    assert with_texts(second, {AUTHOR: "Another"}) == second


@pytest.mark.parametrize("thumbnail", [False, True])
def test_no_value_of_exif_moves(thumbnail: bool) -> None:
    before = made.exif(thumbnail=thumbnail)
    after = with_texts(before, {COPYRIGHT: "1954"})
    assert after[:4] == before[:4]
    assert after[8 : len(before)] == before[8:]
    assert made.tag_of(after, COPYRIGHT) == "1954"


def test_a_text_too_long_for_exif_stays_out(tmp_path: Path) -> None:
    save(replace(made.photo(), metadata=_noted(("Description", LONG))), tmp_path / "a.jpg")
    assert load(tmp_path / "a.jpg").metadata.exif == b""


def test_damaged_exif_does_not_keep_the_texts_out(tmp_path: Path) -> None:
    carried = replace(_noted(("Author", "Maria")), exif=b"no EXIF at all")
    save(replace(made.photo(), metadata=carried), tmp_path / "a.jpg")
    assert made.tag_of(load(tmp_path / "a.jpg").metadata.exif, AUTHOR) == "Maria"


def test_texts_without_end_are_left_out_and_said_to_be(tmp_path: Path) -> None:
    endless = zlib.compress(b"a" * (5 << 20))
    chunks = ((b"zTXt", b"endless\0\0" + endless), (b"tEXt", b"Title\0short"))
    (tmp_path / "a.png").write_bytes(made.png_with(made.whole_numbers(8), *chunks))
    photo = load(tmp_path / "a.png")
    assert [one.keyword for one in photo.metadata.texts] == ["Title"]
    assert photo.warnings == ("Some of its texts are too long and were left out.",)


def test_texts_that_are_none_do_no_harm(tmp_path: Path) -> None:
    bodies = [b"", b"\0", b"Title", b"a" * 80 + b"\0long keyword", b"Title\0", b"Title\0a\0b\0"]
    chunks = [(kind, body) for kind in (b"tEXt", b"zTXt", b"iTXt") for body in bodies]
    (tmp_path / "a.png").write_bytes(made.png_with(made.whole_numbers(8), *chunks))
    photo = load(tmp_path / "a.png")
    assert [one.text for one in photo.metadata.texts] == ["ab"]
    save(photo, tmp_path / "b.png")
    assert load(tmp_path / "b.png").metadata.texts == photo.metadata.texts


def test_texts_are_left_out_where_that_was_asked_for(tmp_path: Path) -> None:
    carried = _noted(("Author", "Maria"), ("exif:GPSLatitude", "52/1"))
    photo = replace(made.photo(), metadata=carried)
    save(photo, tmp_path / "a.png", SaveOptions(metadata="no_gps"))
    assert load(tmp_path / "a.png").metadata.texts == carried.texts[:1]
    for suffix in (".png", *OTHERS):
        save(photo, tmp_path / f"b{suffix}", SaveOptions(metadata="none"))
        assert b"Maria" not in (tmp_path / f"b{suffix}").read_bytes()


def test_old_raw_profiles_are_no_texts(tmp_path: Path) -> None:
    text = f"\niptc\n{len(made.IPTC):8}\n{made.IPTC.hex()}\n".encode()
    chunk = b"Raw profile type iptc\0\0" + zlib.compress(text)
    (tmp_path / "a.png").write_bytes(made.png_with(made.whole_numbers(8), (b"zTXt", chunk)))
    found = load(tmp_path / "a.png").metadata
    assert (found.texts, found.iptc) == ((), made.IPTC)
