"""EXIF, XMP and IPTC: what stays, what is made true, what a recipe adds."""

from __future__ import annotations

import json
import struct

import pytest
from PIL import Image

from engine import exif, exif_edits, metadata
from engine.photo import Metadata
from tests.engine import made

RECIPE = json.dumps({"version": 1, "note": 'tags <b> & "quotes" – Umläute\r\n'})


def test_orientation_is_read_and_settled_to_one() -> None:
    before = made.exif(orientation=6)
    assert exif.orientation_of(before) == 6
    after = exif_edits.settled(before)
    assert exif.orientation_of(after) == 1
    assert made.tag_of(after, 274) == 1


@pytest.mark.parametrize(("kind", "code"), [(1, "B"), (3, "H"), (4, "I")])
def test_orientation_is_settled_in_whatever_type_it_is_stored(kind: int, code: str) -> None:
    value = struct.pack("<" + code, 6).ljust(4, b"\0")
    before = b"II*\0\x08\0\0\0" + struct.pack("<HHHI", 1, 274, kind, 1) + value + bytes(4)
    assert exif.orientation_of(before) == 6
    assert exif.orientation_of(exif_edits.settled(before)) == 1


def test_settling_changes_nothing_but_the_orientation() -> None:
    before = made.exif(orientation=8)
    after = exif_edits.settled(before)
    assert len(after) == len(before)
    assert sum(a != b for a, b in zip(after, before, strict=True)) == 1
    assert made.gps_of(after) == made.gps_of(before)


@pytest.mark.parametrize("value", [0, 9, 77])
def test_nonsense_orientation_means_upright(value: int) -> None:
    assert exif.orientation_of(made.exif(orientation=value)) == 1


def test_a_thumbnail_at_the_end_is_cut_off() -> None:
    bare = made.exif()
    after = exif_edits.settled(made.exif(thumbnail=True))
    assert b"\xff\xd8\xff" not in after
    assert len(after) <= len(bare) + 1
    assert made.gps_of(after) == made.gps_of(bare)


def test_a_thumbnail_in_the_middle_is_blanked() -> None:
    whole = made.exif(thumbnail=True) + b"a preview that a maker note points to"
    after = exif_edits.settled(whole)
    assert b"\xff\xd8\xff" not in after
    assert after.endswith(b"points to")
    assert made.gps_of(after) == made.gps_of(whole)


def test_sizes_are_corrected_where_they_are_given() -> None:
    after = exif_edits.resized(made.exif(), 4000, 70000)
    assert made.tag_of(after, 40962, 34665) == 4000
    assert made.tag_of(after, 37500, 34665) == b"maker note " * 9


@pytest.mark.parametrize("order", ["<", ">"])
def test_both_byte_orders_are_understood(order: str) -> None:
    entry = struct.pack(f"{order}HHIHH", 274, 3, 1, 6, 0)
    body = struct.pack(f"{order}H", 1) + entry + bytes(4)
    mark = b"II" if order == "<" else b"MM"
    bare = mark + struct.pack(f"{order}HI", 42, 8) + body
    assert exif.orientation_of(bare) == 6
    assert exif.orientation_of(exif_edits.settled(bare)) == 1


def test_too_long_exif_loses_its_longest_entries_first() -> None:
    long = made.Image.Exif()
    long[271] = "Maker"
    long.get_ifd(34665)[37500] = b"m" * 90_000
    long.get_ifd(34665)[36867] = "2020:02:03 04:05:06"
    fitted, whole = exif_edits.fitted(long.tobytes().removeprefix(b"Exif\0\0"), 60_000)
    assert len(fitted) < 1000
    assert not whole
    assert made.tag_of(fitted, 36867, 34665) == "2020:02:03 04:05:06"
    assert made.tag_of(fitted, 271) == "Maker"


@pytest.mark.parametrize("thumbnail", [False, True])
def test_what_no_entry_takes_up_leaves_too_long_exif_before_any_entry(thumbnail: bool) -> None:
    bare = made.exif()
    padded = (made.with_thumbnail(bare) if thumbnail else bare) + bytes(90_000)
    fitted, whole = exif_edits.fitted(padded, 60_000)
    assert whole
    assert thumbnail or fitted == bare
    assert made.tag_of(fitted, 37500, 34665) == b"maker note " * 9
    assert made.gps_of(fitted) == made.gps_of(bare)


def test_gaps_leave_too_long_exif_before_any_entry() -> None:
    gap = bytes(90_000)
    entry = struct.pack("<HHII", 271, 2, 6, 8 + 2 + 12 + 4 + len(gap))
    bare = b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + entry + bytes(4) + gap + b"Maker\0"
    fitted, whole = exif_edits.fitted(bare, 60_000)
    assert whole
    assert len(fitted) < 100
    assert made.tag_of(fitted, 271) == "Maker"


def test_a_single_entry_that_is_too_long_leaves_no_exif() -> None:
    entry = struct.pack("<HHII", 37500, 7, 90_000, 26)
    bare = b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + entry + bytes(4) + b"m" * 90_000
    assert exif_edits.fitted(bare, 60_000) == (b"", False)


def test_too_long_exif_that_says_nothing_becomes_none() -> None:
    assert exif_edits.fitted(b"II*\0\x08\0\0\0" + bytes(90_000), 60_000) == (b"", True)


@pytest.mark.parametrize("damaged", [b"II*\0", b"garbage", b"MM\0*" + b"\xff" * 40, b"\0" * 64])
def test_damaged_exif_is_left_out_with_a_sentence(damaged: bytes) -> None:
    carried, notes = metadata.settled(Metadata(exif=damaged))
    assert carried.exif == b""
    assert notes == ("Its EXIF data are damaged and were left out.",)


def test_exif_cut_short_is_survived() -> None:
    whole = made.exif(orientation=6, thumbnail=True)
    for length in range(len(whole)):
        metadata.settled(Metadata(exif=whole[:length]))
        metadata.orientation_in(whole[:length], b"")
        metadata.dpi_in(whole[:length])


def test_a_table_that_is_cut_short_is_survived() -> None:
    whole = b"II*\0\x08\0\0\0" + struct.pack("<HHHI4s", 9, 271, 2, 4, b"abc") + bytes(20)
    for length in range(len(whole)):
        assert metadata.exif_without_orientation(whole[:length]) in (b"", whole[:length])


@pytest.mark.parametrize("damaged", [b"II*\0", b"garbage", made.exif()[:9]])
def test_exif_that_is_damaged_when_it_is_saved_is_left_out(damaged: bytes) -> None:
    assert metadata.updated(Metadata(exif=damaged, iptc=made.IPTC), 8, 6) == Metadata(
        iptc=made.IPTC
    )


def test_resolution_is_read_in_dots_per_inch() -> None:
    assert exif.resolution_of(made.exif()) == (240.0, 240.0)


def test_xmp_is_settled_and_resized_but_kept_otherwise() -> None:
    carried, _ = metadata.settled(Metadata(xmp=made.XMP))
    after = metadata.updated(carried, 800, 600).xmp
    assert after == made.XMP.replace(b'Orientation="6"', b'Orientation="1"').replace(
        b'ImageWidth="40"', b'ImageWidth="800"'
    )


def test_xmp_turns_the_picture_only_where_there_is_no_exif() -> None:
    assert metadata.orientation_in(b"", made.XMP) == 6
    assert metadata.orientation_in(made.exif(orientation=3), made.XMP) == 3
    assert metadata.orientation_in(b"", b"<tiff:Orientation>8</tiff:Orientation>") == 8


@pytest.mark.parametrize("xmp", [b"", made.XMP, b"no xml", made.XMP[:300], b"<a><!DOCTYPE x></a>"])
def test_a_recipe_comes_back_as_it_was(xmp: bytes) -> None:
    assert metadata.recipe_of(metadata.with_recipe(xmp, RECIPE)) == RECIPE


@pytest.mark.parametrize("declared", [b"", b'<?xml version="1.0" encoding="iso-8859-1"?>\n'])
def test_a_recipe_comes_back_from_xmp_that_is_not_utf8(declared: bytes) -> None:
    xmp = declared + made.XMP[made.XMP.index(b"<x:xmpmeta") : made.XMP.index(b"<?xpacket end")]
    xmp = xmp.decode().replace("uuid:1", "uuid:ö").encode("iso-8859-1")
    after = metadata.with_recipe(xmp, '{"version": 1}')
    assert metadata.recipe_of(after) == '{"version": 1}'
    assert after.count(b'about="uuid:\xf6"') == 2


def test_a_recipe_takes_nothing_from_xmp_that_is_no_xml() -> None:
    xmp = made.XMP.replace(b"tiff:Orientation", b"drone:Pitch")
    xmp = xmp.replace(b'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" ', b"")
    twice = metadata.with_recipe(metadata.with_recipe(xmp, "first"), RECIPE)
    assert "Grüße &amp; more".encode() in twice
    assert metadata.recipe_of(twice) == RECIPE
    assert twice.count(b"<restorer:Recipe>") == 1


def test_a_recipe_keeps_other_xmp() -> None:
    after = metadata.with_recipe(made.XMP, RECIPE)
    assert "Grüße &amp; more".encode() in after
    assert after.count(b'rdf:about="uuid:1"') == 2


def test_a_second_recipe_replaces_the_first() -> None:
    once = metadata.with_recipe(made.XMP, RECIPE)
    twice = metadata.with_recipe(metadata.with_recipe(made.XMP, "first"), RECIPE)
    assert twice == once


def test_a_recipe_rewritten_as_an_attribute_is_still_found() -> None:
    text = (
        '<x xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description xmlns:r="{metadata.RECIPE_NAMESPACE}" r:Recipe="abc"/></x>'
    )
    assert metadata.recipe_of(text.encode()) == "abc"


def test_there_is_no_recipe_where_none_was_written() -> None:
    assert metadata.recipe_of(b"") is None
    assert metadata.recipe_of(made.XMP) is None


def test_iptc_goes_into_photoshop_resources_and_out_again() -> None:
    resources = b"8BIM\x03\xed\x03abc\0\0\0\x03xyz\0" + metadata.resources_of(made.IPTC)
    assert metadata.iptc_in(resources) == made.IPTC
    for length in range(len(resources)):
        metadata.iptc_in(resources[:length])


@pytest.mark.parametrize("thumbnail", [False, True])
def test_without_gps_nothing_of_the_place_is_left_and_all_else_is(thumbnail: bool) -> None:
    before = made.exif(thumbnail=thumbnail)
    after = exif_edits.without_gps(before)
    assert len(after) == len(before)
    assert made.gps_of(before)
    assert made.gps_of(after) == {}
    assert made.tag_of(after, 34853) is None
    for tag, directory in ((271, 0), (272, 0), (282, 0), (36867, 34665), (37500, 34665)):
        assert made.tag_of(after, tag, directory) == made.tag_of(before, tag, directory)
    numbers = struct.pack(f"{'<' if before[:2] == b'II' else '>'}II", 52, 1)
    assert numbers in before
    assert numbers not in after
    assert exif_edits.without_gps(after) == after


@pytest.mark.parametrize("thumbnail", [False, True])
def test_without_orientation_no_value_moves(thumbnail: bool) -> None:
    before = made.exif(6, thumbnail=thumbnail)
    after = exif_edits.without_orientation(before)
    assert len(after) == len(before)
    assert (made.tag_of(after, 274), exif.orientation_of(after)) == (None, 1)
    for tag, directory in ((271, 0), (272, 0), (282, 0), (36867, 34665), (37500, 34665)):
        assert made.tag_of(after, tag, directory) == made.tag_of(before, tag, directory)
    assert made.gps_of(after) == made.gps_of(before)
    assert after.find(b"maker note") == before.find(b"maker note")
    assert exif_edits.without_orientation(after) == after


def test_exif_that_says_nothing_but_the_orientation_is_none_without() -> None:
    alone = Image.Exif()
    alone[274] = 1
    assert exif_edits.without_orientation(alone.tobytes().removeprefix(b"Exif\0\0")) == b""


def test_coordinates_go_from_xmp_in_both_spellings_and_the_rest_stays() -> None:
    xmp = made.XMP.replace(
        b'tiff:Orientation="6"',
        b'exif:GPSLatitude="52,31.2N" exif:GPSLongitude=\'13,24E\' tiff:Orientation="6"',
    ).replace(
        b"<dc:title>",
        b"<exif:GPSAltitude>34/1</exif:GPSAltitude><exif:GPSTimeStamp/><dc:title>",
    )
    kept = metadata.without_place(Metadata(xmp=xmp, iptc=made.IPTC))
    assert kept.xmp == made.XMP
    assert kept.iptc == made.IPTC
    assert metadata.without_place(Metadata(exif=b"damaged")).exif == b""


def test_coordinates_go_from_xmp_in_whatever_namespace() -> None:
    names = b' xmlns:gps="http://gps.test/" xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/"'
    base = made.XMP.replace(b' tiff:Orientation="6"', names + b' tiff:Orientation="6"')
    xmp = base.replace(
        b"tiff:Orientation",
        b'drone-dji:GpsLatitude="+52.5" drone-dji:GpsLongtitude="+13.4" drone-dji:GpsLongitude="13"'
        b" Camera:latitude = \"52.5\" gps:HomeLongitude='13.4' tiff:Orientation",
    ).replace(
        b"<dc:title>",
        b"<drone-dji:GpsLatitude>+52.5</drone-dji:GpsLatitude><my-1:Longitude/>"
        b"<drone-dji:GPSLongtitude\n>+13.4</drone-dji:GPSLongtitude ><dc:title>",
    )
    assert metadata.without_place(Metadata(xmp=xmp)).xmp == base
    assert base != made.XMP


def test_what_stands_between_two_coordinates_stays() -> None:
    place, between = b"<exif:GPSAltitude/>", b"<dc:title>kept</dc:title>"
    xmp = place + between + b"<exif:GPSAltitude>34/1</exif:GPSAltitude>"
    assert metadata.without_place(Metadata(xmp=xmp)).xmp == between
