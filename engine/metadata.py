"""What travels with the pixels: EXIF, XMP and IPTC made true for the picture they are saved with.

The recipe of a restoration is written into XMP as a text property of a namespace of its own, so
any program that keeps XMP keeps it. XMP is edited as text: what is not understood stays as it was.
"""

from __future__ import annotations

import re
import struct
import warnings
from dataclasses import replace
from html import escape, unescape
from xml.etree import ElementTree

from PIL import Image

from engine import exif_edits
from engine.exif import ORIENTATION, capture_time_of, orientation_of, resolution_of, tells_exposure
from engine.photo import Metadata

RECIPE_NAMESPACE = "urn:restorer:recipe:1/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RECIPE = re.compile(
    rb"<rdf:Description[^<>]*?" + re.escape(RECIPE_NAMESPACE.encode()) + rb"[^<>]*>"
    rb"\s*<restorer:Recipe>[^<]*</restorer:Recipe>\s*</rdf:Description>\n?"
)
_RECIPE_TEXT = re.compile(rb"<restorer:Recipe>([^<]*)</restorer:Recipe>")
_PLACE = rb"(?!xmlns:)[\w.-]+:(?:GPS\w*|\w*(?:Latitude|Longt?itude)\w*)"
"""Names of coordinates: those of EXIF, and what makers of drones call theirs (DJI misspells)."""
_BEHIND = rb"(?:hdrgm:\w+|G?Camera:(?:MicroVideo|MotionPhoto)\w*|G?Container:Directory)"
"""What phones say of pictures and films that they append, under the prefixes that all use."""
_COORDINATES = re.compile(
    rb"(?<!\s)\s+" + _PLACE + rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')"
    rb"|<(" + _PLACE + rb")(?=[\s/>])[^<>]*(?:(?<=/)>|(?<!/)>.*?</\1\s*>)\s*",
    re.DOTALL | re.IGNORECASE,
)
_DEVELOPED = re.compile(
    rb"(?<!\s)\s+crs:[\w.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*')"
    rb"|<crs:[\w.-]+(?:\s[^<>]*)?/>|<(crs:[\w.-]+)(?:\s[^<>]*)?>.*?</\1\s*>",
    re.DOTALL,
)
"""Attributes and elements of Adobe's camera-raw-settings, under the prefix that all use."""
_APPENDED = re.compile(
    rb"(?<!\s)\s+" + _BEHIND + rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')"
    rb"|<(" + _BEHIND + rb")(?=[\s/>])[^<>]*(?:(?<=/)>|(?<!/)>.*?</\1\s*>)\s*",
    re.DOTALL,
)
_PLACE_WORD = re.compile("GPS|Latitude|Longt?itude", re.IGNORECASE)
_TAGS = {"author": 315, "copyright": 33432, "description": 270}
"""Tags of EXIF that mean what a keyword of PNG means."""
_LONGEST = 4096
"""Characters of a text that is put into EXIF, which shares 64 KiB in a JPEG file."""
_EMPTY_PACKET = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
    b'<rdf:RDF xmlns:rdf="' + _RDF.encode() + b'">\n'
    b"%s</rdf:RDF>\n</x:xmpmeta>\n"
    b'<?xpacket end="w"?>'
)
_IPTC_RESOURCE = 0x0404


def settled(metadata: Metadata) -> tuple[Metadata, tuple[str, ...]]:
    """The metadata of the upright picture, and sentences about what had to be left out."""
    warnings = []
    exif = metadata.exif
    try:
        exif = exif_edits.settled(exif) if exif else b""
    except ValueError:
        exif = b""
        warnings.append("Its EXIF data are damaged and were left out.")
    xmp = _with_property(metadata.xmp, "tiff:Orientation", 1)
    return replace(metadata, exif=exif, xmp=xmp), tuple(warnings)


def updated(metadata: Metadata, width: int, height: int, recipe: str = "") -> Metadata:
    """The metadata of a picture to be saved in that size, made by `recipe` if there is one.

    EXIF that is damaged is left out.
    """
    exif, xmp = metadata.exif, metadata.xmp
    try:
        exif = exif_edits.resized(exif, width, height) if exif else b""
    except ValueError:
        exif = b""
    for name, value in (("Width", width), ("Length", height)):
        xmp = _with_property(xmp, f"tiff:Image{name}", value)
    for name, value in (("X", width), ("Y", height)):
        xmp = _with_property(xmp, f"exif:Pixel{name}Dimension", value)
    return replace(metadata, exif=exif, xmp=with_recipe(xmp, recipe) if recipe else xmp)


def turned(metadata: Metadata, orientation: int) -> Metadata:
    """The metadata of a picture that is stored so, 1 (upright) to 8, wherever they tell of that.

    EXIF that is damaged is left out.
    """
    exif = metadata.exif
    try:
        exif = exif_edits.turned(exif, orientation) if exif else b""
    except ValueError:
        exif = b""
    xmp = _with_property(metadata.xmp, "tiff:Orientation", orientation)
    return replace(metadata, exif=exif, xmp=xmp)


def without_place(metadata: Metadata) -> Metadata:
    """The metadata without coordinates: no GPS directory in EXIF, and in XMP and among the texts
    nothing that is called GPS, latitude or longitude, in whatever namespace and spelling of
    capitals.

    Names of places that somebody wrote (city, country) stay. EXIF that is damaged is left out.
    """
    exif = metadata.exif
    try:
        exif = exif_edits.without_gps(exif) if exif else b""
    except ValueError:
        exif = b""
    texts = tuple(one for one in metadata.texts if not _PLACE_WORD.search(one.keyword))
    return replace(metadata, exif=exif, xmp=_COORDINATES.sub(b"", metadata.xmp), texts=texts)


def without_developing(xmp: bytes) -> bytes:
    """XMP without what Camera Raw and Lightroom did to a RAW file: of what was made from that they
    would do it once more."""
    kept = _DEVELOPED.sub(b"", xmp)
    return xmp if _parsed(kept) is None else kept


def without_appended(xmp: bytes) -> bytes:
    """XMP that tells of no pictures and films behind the picture, where none are appended."""
    kept = _APPENDED.sub(b"", xmp)
    return xmp if _parsed(kept) is None else kept


def with_gain_map(xmp: bytes, length: int) -> bytes:
    """XMP that tells of a gain map of `length` bytes behind the picture (Ultra HDR, version 1).

    What is no XML stays as it was: it may tell of one already.
    """
    container = "http://ns.google.com/photos/1.0/container/"
    semantics = (("Primary", 'Item:Length="0"'), ("GainMap", f'Item:Length="{length}"'))
    items = "".join(
        '<rdf:li rdf:parseType="Resource"><Container:Item '
        f'Item:Semantic="{semantic}" Item:Mime="image/jpeg" {size}/></rdf:li>'
        for semantic, size in semantics
    )
    told = (
        f'" xmlns:rdf="{_RDF}" xmlns:Container="{container}" xmlns:Item="{container}item/" '
        'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0">'
        f"<Container:Directory><rdf:Seq>{items}</rdf:Seq></Container:Directory>"
        "</rdf:Description>\n"
    ).encode()
    if not xmp:
        return _EMPTY_PACKET % (b'<rdf:Description rdf:about="' + told)
    return _with_element(xmp, b'<rdf:Description rdf:about="' + _about(xmp) + told) or xmp


def tells_place(xmp: bytes) -> bool:
    """Whether there are coordinates in it, or may be in what is no XMP."""
    return _COORDINATES.search(xmp) is not None


def exif_without_orientation(exif: bytes) -> bytes:
    """EXIF for a format that turns pictures by itself, and whose programs are strict about the
    header; EXIF that is damaged is left out."""
    try:
        return exif_edits.without_orientation(exif_edits.plain(exif)) if exif else b""
    except ValueError:
        return b""


def with_texts_in_exif(metadata: Metadata) -> Metadata:
    """For formats that have no texts by keyword: those that EXIF knows are put there, unless it
    says something else already. EXIF that is damaged stays as it is."""
    found: dict[int, str] = {}
    for one in metadata.texts:
        tag = _TAGS.get(one.keyword.lower())
        if tag and one.text.strip() and len(one.text) <= _LONGEST:
            found.setdefault(tag, one.text)
    try:
        return replace(metadata, exif=exif_edits.with_texts(metadata.exif, found))
    except ValueError:
        return metadata


def with_recipe(xmp: bytes, recipe: str) -> bytes:
    """The XMP with `recipe` in it, in place of an earlier one.

    What is no XML stays as it was all the same; only where no description ends XMP is begun anew.
    """
    text = escape(recipe, quote=False).replace("\r", "&#13;")
    kept = _RECIPE.sub(b"", xmp)
    element = _recipe_element(_about(kept), text)
    return _inserted(kept, element) or _EMPTY_PACKET % _recipe_element(b"", text)


def recipe_of(xmp: bytes) -> str | None:
    """The recipe in the XMP, or None where there is none."""
    root = _parsed(xmp)
    if root is None:
        written = _RECIPE_TEXT.findall(xmp)
        return unescape(written[-1].decode("utf-8", "replace")) if written else None
    name = f"{{{RECIPE_NAMESPACE}}}Recipe"
    # Programs that rewrite XMP may turn the element into an attribute.
    found = [e.get(name) for e in root.iter() if name in e.attrib]
    found += [e.text or "" for e in root.iter(name)]
    return found[-1] if found else None


def orientation_in(exif: bytes, xmp: bytes) -> int:
    """How the stored pixels are turned, 1 (upright) to 8; 1 where nothing or nonsense is said.

    EXIF decides where there is any: programs that turn pixels often forget the copy in XMP.
    """
    if not exif:
        return _orientation_in_xmp(xmp)
    try:
        return orientation_of(exif)
    except ValueError:
        return 1


def tells_orientation(exif: bytes, orientation: int) -> bool:
    """Whether programs that are strict about EXIF, as Pillow is, take a picture to be turned so."""
    found = Image.Exif()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found.load(exif)
            return bool(found.get(ORIENTATION, 1) == orientation)
    except (SyntaxError, OSError, ValueError, struct.error):
        return orientation == 1


def dpi_in(exif: bytes) -> tuple[float, float] | None:
    """Dots per inch, horizontal and vertical, or None where EXIF is missing, damaged or silent."""
    try:
        return resolution_of(exif) if exif else None
    except ValueError:
        return None


def capture_time_in(exif: bytes) -> str:
    """When the picture was taken; empty where EXIF is missing, damaged or silent."""
    try:
        return capture_time_of(exif) if exif else ""
    except ValueError:
        return ""


def exposure_in(exif: bytes) -> bool:
    """Whether it tells an exposure; not where EXIF is missing, damaged or silent."""
    try:
        return bool(exif) and tells_exposure(exif)
    except ValueError:
        return False


def comment_of(text: bytes) -> str:
    """A comment, whose encoding no file tells, as text: UTF-8, or else Latin-1."""
    text = text.rstrip(b"\0")
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1")


def joined_xmp(main: bytes, extension: bytes) -> bytes:
    """One XMP of the two that a JPEG file holds when it is too long for one segment.

    An extension that does not fit in is left out.
    """
    inner = re.search(rb"<(?:[\w.-]+:)?RDF\b[^>]*>(.*)</(?:[\w.-]+:)?RDF>", extension, re.DOTALL)
    kept = re.sub(rb"\s*xmpNote:HasExtendedXMP\s*=\s*[\"'][^\"']*[\"']", b"", main)
    return (_with_element(kept, inner.group(1)) if inner else None) or main


def xmp_pointing_to(guid: str) -> bytes:
    """The short XMP that tells where the extension is (XMP specification part 3, 1.1.3.1)."""
    element = (
        '<rdf:Description rdf:about="" xmlns:xmpNote="http://ns.adobe.com/xmp/note/" '
        f'xmpNote:HasExtendedXMP="{guid}"/>\n'
    )
    return _EMPTY_PACKET % element.encode()


def iptc_in(resources: bytes) -> bytes:
    """The IPTC part of Photoshop image resources, or nothing."""
    place = 0
    while place + 12 <= len(resources) and resources[place : place + 4] == b"8BIM":
        (name,) = struct.unpack_from(">H", resources, place + 4)
        place += 6 + (resources[place + 6] + 2) // 2 * 2
        if place + 4 > len(resources):
            break
        (size,) = struct.unpack_from(">I", resources, place)
        if name == _IPTC_RESOURCE:
            return resources[place + 4 : place + 4 + size]
        place += 4 + size + size % 2
    return b""


def resources_of(iptc: bytes) -> bytes:
    """Photoshop image resources that hold nothing but this IPTC."""
    head = b"8BIM" + struct.pack(">HHI", _IPTC_RESOURCE, 0, len(iptc))
    return head + iptc + bytes(len(iptc) % 2)


def _about(xmp: bytes) -> bytes:
    """What the XMP says it is about, which all of its descriptions have to repeat; as bytes, for
    its encoding need not be UTF-8."""
    found = re.search(rb"\babout\s*=\s*[\"']([^\"'<>]*)[\"']", xmp)
    return found.group(1) if found else b""


def _recipe_element(about: bytes, text: str) -> bytes:
    start = f'xmlns:rdf="{_RDF}" xmlns:restorer="{RECIPE_NAMESPACE}"><restorer:Recipe>{text}'
    return (
        b'<rdf:Description rdf:about="%s" ' % about
        + start.encode("utf-8", "replace")
        + b"</restorer:Recipe></rdf:Description>\n"
    )


def _orientation_in_xmp(xmp: bytes) -> int:
    found = re.search(rb"tiff:Orientation(?:\s*=\s*[\"']|>)\s*(\d)\s*[\"'<]", xmp)
    value = int(found.group(1)) if found else 1
    return value if value in range(1, 9) else 1


def _with_element(xmp: bytes, element: bytes) -> bytes | None:
    """The XMP with `element` as the last of its description, or None where it is damaged."""
    changed = _inserted(xmp, element)
    return None if changed is None or _parsed(changed) is None else changed


def _inserted(xmp: bytes, element: bytes) -> bytes | None:
    """The same whether or not that is XML; None where no description ends."""
    ends = list(re.finditer(rb"</(?:[\w.-]+:)?RDF\s*>", xmp))
    return xmp[: ends[-1].start()] + element + xmp[ends[-1].start() :] if ends else None


def _with_property(xmp: bytes, name: str, value: int) -> bytes:
    """The XMP with a whole number changed wherever it is said; not added where it is not."""
    tag = re.escape(name.encode())
    for pattern in (rb"(\b%s\s*=\s*[\"']\s*)\d+" % tag, rb"(<%s>\s*)\d+" % tag):
        xmp = re.sub(pattern, lambda m: m.group(1) + str(value).encode(), xmp)
    return xmp


def _parsed(xmp: bytes) -> ElementTree.Element | None:
    if b"<!DOCTYPE" in xmp:  # XMP never has one, and an entity in it could grow without end
        return None
    try:
        return ElementTree.fromstring(xmp.strip(b"\0 \r\n\t\xef\xbb\xbf"))
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
