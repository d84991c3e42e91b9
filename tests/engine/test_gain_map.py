"""HDR gain maps of phones: where they go with a photo, and what is said where they do not.

`imagecodecs` brings the reference implementation of Ultra HDR (libultrahdr), which makes and reads
the files here.
"""

from __future__ import annotations

import re
import struct
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.blend import Blend
from engine.compose import compose
from engine.files import load
from engine.fitting import SaveOptions
from engine.formats.gain_map import gain_map_in
from engine.metadata import without_appended
from engine.photo import Box, Photo
from engine.saving import save
from tests.engine import made

XMP = b"http://ns.adobe.com/xap/1.0/\0"
GOOGLE = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:GCamera="http://ns.google.com/photos/1.0/camera/"'
    b' xmlns:Container="http://ns.google.com/photos/1.0/container/"'
    b' xmlns:Item="http://ns.google.com/photos/1.0/container/item/"'
    b' xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" xmlns:dc="http://purl.org/dc/"'
    b' hdrgm:Version="1.0" GCamera:MotionPhoto="1" GCamera:MicroVideoOffset="77" dc:kept="yes">'
    b"<Container:Directory><rdf:Seq>"
    b'<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="Primary"/></rdf:li>'
    b'<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="MotionPhoto"'
    b' Item:Mime="video/mp4" Item:Length="77"/></rdf:li></rdf:Seq></Container:Directory>'
    b"</rdf:Description></rdf:RDF></x:xmpmeta>"
)
HEIGHT, WIDTH = 96, 144


@cache
def lit() -> NDArray[np.float16]:
    """A scene in linear light with a lamp of four times the white of a plain screen."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    scene = np.ones((HEIGHT, WIDTH, 4), np.float16)
    lamp = 4 * np.exp(-((x - 110) ** 2 + (y - 25) ** 2) / 300)
    scene[..., :3] = (0.05 + lamp + 0.3 * x / WIDTH)[..., None]
    return scene


@cache
def ultra_hdr() -> bytes:
    """The scene as a phone saves it, by ISO 21496-1."""
    return bytes(imagecodecs.ultrahdr_encode(lit(), level=95))


def hdr(path: Path) -> NDArray[np.float16]:
    """What an HDR screen shows of a file, in linear light."""
    shown: NDArray[np.float16] = imagecodecs.ultrahdr_decode(path.read_bytes())
    return shown[..., :3]


def brighter(photo: Photo) -> Photo:
    """A restoration that changed something, and left all of it where it was."""
    return compose(photo, np.clip(photo.pixels + np.float32(0.02), 0, 1), Blend())


def intact(photo: Photo) -> Photo:
    return compose(photo, photo.pixels, Blend(strength=0))


@pytest.mark.parametrize("made_of", [intact, brighter])
def test_a_screen_shows_it_as_bright_as_before(tmp_path: Path, made_of: Any) -> None:
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    source.write_bytes(ultra_hdr())
    assert save(made_of(load(source)), target, SaveOptions(recipe='{"version": 1}')) == ()
    before, after = hdr(source), hdr(target)
    assert before.max() > 3.5
    assert np.abs(after - before).max() < (0.4 if made_of is brighter else 1e-6)
    found = gain_map_in(target.read_bytes())
    assert found is not None
    assert found == gain_map_in(source.read_bytes())
    with Image.open(target) as picture:  # which goes by the index
        assert picture.format == "MPO"
        picture.seek(1)
        with Image.open(BytesIO(found.picture)) as second:
            assert np.array_equal(np.asarray(picture), np.asarray(second))


@pytest.mark.parametrize("made_of", [intact, brighter])
@pytest.mark.parametrize("orientation", [2, 3, 5, 6, 8])
def test_it_lies_as_the_picture_does(tmp_path: Path, made_of: Any, orientation: int) -> None:
    exif = b"Exif\0\0" + made.exif(orientation, WIDTH, HEIGHT)
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    source.write_bytes(made.with_segments(ultra_hdr(), (0xE1, exif)))
    photo = load(source)
    assert save(made_of(photo), target) == ()
    with Image.open(target) as picture:
        assert picture.getexif()[274] == orientation
        assert picture.size == (WIDTH, HEIGHT)
    assert np.abs(load(target).pixels - made_of(photo).pixels).mean() < 0.01
    plain = tmp_path / "plain.jpg"
    plain.write_bytes(ultra_hdr())
    assert np.abs(hdr(target) - hdr(plain)).mean() < 0.05


def test_it_goes_with_an_enlarged_picture(tmp_path: Path) -> None:
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    source.write_bytes(ultra_hdr())
    photo = load(source)
    large = compose(photo, photo.pixels.repeat(2, 0).repeat(2, 1), Blend())
    assert save(large, target) == ()
    assert np.abs(hdr(target)[::2, ::2] - hdr(source)).mean() < 0.05


def test_the_index_tells_where_it_lies(tmp_path: Path) -> None:
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    source.write_bytes(made.with_segments(ultra_hdr(), (0xE1, XMP + GOOGLE)))
    save(brighter(load(source)), target)
    data, found = target.read_bytes(), gain_map_in(source.read_bytes())
    assert found is not None
    start = data.index(b"MPF\0") + 4
    entries = struct.unpack_from(">IIIHHIIIHH", data, start + 50)
    assert entries[1] == len(data) - len(found.picture)
    assert data[start + entries[7] :] == found.picture
    assert entries[6] == len(found.picture)
    xmp = load(target).metadata.xmp
    assert b'Item:Semantic="GainMap"' in xmp
    assert b'Item:Length="%d"' % len(found.picture) in xmp
    assert xmp.count(b"Container:Directory>") == 2


def test_films_that_are_not_there_any_more_are_not_told_of(tmp_path: Path) -> None:
    source = tmp_path / "a.jpg"
    jpeg = made.with_segments(made.jpeg_bytes(made.four_corners()), (0xE1, XMP + GOOGLE))
    source.write_bytes(jpeg + b"\0\0\0\x18ftypmp42" + bytes(65))
    photo = load(source)
    for made_of in (intact, brighter):
        for name in ("b.jpg", "b.png", "b.tif"):
            save(made_of(photo), tmp_path / name, SaveOptions(overwrite=True))
            xmp = load(tmp_path / name).metadata.xmp
            for word in (b"MotionPhoto=", b"MicroVideo", b"hdrgm:Version", b"Directory"):
                assert word not in xmp
            assert b'dc:kept="yes"' in xmp
            assert b"ftypmp42" not in (tmp_path / name).read_bytes()


@pytest.mark.parametrize("wish", ["none", "no_gps"])
def test_who_wants_nothing_told_gets_no_second_picture_that_tells(
    tmp_path: Path, wish: Literal["none", "no_gps"]
) -> None:
    found = gain_map_in(ultra_hdr())
    assert found is not None
    telling = made.with_segments(found.picture, (0xE1, b"Exif\0\0" + made.exif()))
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    if wish == "no_gps":
        drone = XMP + GOOGLE.replace(b"dc:kept", b"drone:Latitude")
        telling = made.with_segments(found.picture, (0xE1, drone))
    source.write_bytes(ultra_hdr()[: -len(found.picture)] + telling)
    notes = save(intact(load(source)), target, SaveOptions(metadata=wish))
    assert notes == ("Its HDR gain map was left out.",)
    assert gain_map_in(target.read_bytes()) is None
    source.write_bytes(ultra_hdr())
    save(intact(load(source)), target, SaveOptions(metadata=wish, overwrite=True))
    assert (gain_map_in(target.read_bytes()) is None) == (wish == "none")


def test_it_stays_behind_where_it_does_not_fit(tmp_path: Path) -> None:
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    source.write_bytes(ultra_hdr())
    photo = load(source)
    assert photo.warnings == (
        "It has an HDR gain map, which only a JPEG keeps; the photo is its standard picture.",
    )
    part = photo.cropped(Box(0, 0, WIDTH // 2, HEIGHT // 2))
    for made_of, options in (
        (part, SaveOptions(overwrite=True)),
        (brighter(photo), SaveOptions(overwrite=True, profile="srgb")),
    ):
        assert save(made_of, target, options) == ("Its HDR gain map was left out.",)
        assert gain_map_in(target.read_bytes()) is None
    save(brighter(photo), tmp_path / "b.png")
    source.write_bytes(ultra_hdr() + b"another")
    save(brighter(photo), target, SaveOptions(overwrite=True))
    assert gain_map_in(target.read_bytes()) is None


def test_the_content_of_the_source_counts_and_not_its_name(tmp_path: Path) -> None:
    source, target = tmp_path / "a.png", tmp_path / "b.jpg"
    source.write_bytes(ultra_hdr())
    for made_of in (intact, brighter):
        save(made_of(load(source)), target, SaveOptions(overwrite=True))
        assert gain_map_in(target.read_bytes()) == gain_map_in(ultra_hdr())


def test_long_xmp_is_not_in_its_way(tmp_path: Path) -> None:
    source, target, again = (tmp_path / f"{name}.jpg" for name in "abc")
    about = GOOGLE.replace(b'about=""', b'about="uuid:1"')
    long = about.replace(b'dc:kept="yes"', b'dc:kept="yes" dc:long="%s"' % (b"long " * 12500))
    source.write_bytes(made.with_segments(ultra_hdr(), (0xE1, XMP + long)))
    save(brighter(load(source)), target, SaveOptions(recipe='{"version": "' + "9" * 4000 + '"}'))
    main = target.read_bytes().split(XMP)[1][:60000].split(b"</x:xmpmeta>")[0]
    assert b"HasExtendedXMP" in main
    assert b'hdrgm:Version="1.0"' in main
    assert b'Item:Semantic="GainMap"' in main
    save(brighter(load(target)), again)
    xmp = load(again).metadata.xmp
    assert xmp.count(b"Container:Directory>") == 2
    assert b'dc:kept="yes"' in xmp


def test_a_description_is_about_what_the_others_are(tmp_path: Path) -> None:
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    about = GOOGLE.replace(b'about=""', b'about="uuid:1"')
    source.write_bytes(made.with_segments(ultra_hdr(), (0xE1, XMP + about)))
    save(brighter(load(source)), target, SaveOptions(recipe='{"version": 1}'))
    assert re.findall(rb'about="([^"]*)"', load(target).metadata.xmp) == [b"uuid:1"] * 3


def test_the_resolution_lies_as_the_picture_does(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[274], exif[282], exif[283], exif[296] = 6, 300.0, 150.0, 2
    bare = exif.tobytes().removeprefix(b"Exif\0\0")
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    turned = made.with_segments(ultra_hdr(), (0xE1, b"Exif\0\0" + bare))
    source.write_bytes(turned.replace(b"JFIF\0\1\1\0\0\1\0\1", b"JFIF\0\1\1\1\1\x2c\0\x96"))
    photo = load(source)
    assert photo.metadata.dpi == (150, 300)
    save(brighter(photo), target)
    assert load(target).metadata.dpi == (150, 300)


def test_what_is_found_in_long_xmp_is_found_soon() -> None:
    xmp = GOOGLE.replace(b"</rdf:RDF>", b" " * 1_000_000 + b"</rdf:RDF>")
    assert b"MotionPhoto=" not in without_appended(xmp)  # it took hours once


@pytest.mark.parametrize("cut", [1, 40, 2000])
def test_half_a_gain_map_is_none(cut: int) -> None:
    found = gain_map_in(ultra_hdr())
    assert found is not None
    assert gain_map_in(ultra_hdr()[:-cut]) is None
    assert gain_map_in(ultra_hdr()[: -len(found.picture)]) is None
    assert gain_map_in(b"\xff\xd8\xff" + bytes(cut)) is None
    assert gain_map_in(ultra_hdr() + bytes(cut)) == found
