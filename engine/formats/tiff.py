"""Reading TIFF files."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np
from tifffile import COMPRESSION, PHOTOMETRIC, TIFF, TiffFile, TiffPage

from engine import exif, metadata
from engine.formats import raw
from engine.formats.pillow import opened
from engine.formats.raster import (
    DECODER_ERRORS,
    Channels,
    Header,
    Raster,
    Samples,
    Unreadable,
)
from engine.ifd import Directory, Layout, layout_of, read_directory
from engine.photo import Metadata

XMP, IPTC, PHOTOSHOP, ICC = 700, 33723, 34377, 34675
_SUBFILE, _DNG_VERSION, _INK_SET = 254, 50706, 332
_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_LEAST_OF_RANGE = 0.25
"""Share of the range of integers that the largest of fractional values exceeds if they have it."""
_BUT_THE_BRIGHTEST = 99.5
"""Per cent of measured light that is not brighter than white."""
_RAW_PHOTOMETRICS = (PHOTOMETRIC.CFA, PHOTOMETRIC.LINEAR_RAW)
_BASE = {
    PHOTOMETRIC.MINISWHITE: (Channels.GRAY, Channels.GRAY_ALPHA),
    PHOTOMETRIC.MINISBLACK: (Channels.GRAY, Channels.GRAY_ALPHA),
    PHOTOMETRIC.RGB: (Channels.RGB, Channels.RGBA),
    PHOTOMETRIC.YCBCR: (Channels.RGB, Channels.RGBA),
    PHOTOMETRIC.SEPARATED: (Channels.CMYK, Channels.CMYKA),
    PHOTOMETRIC.CIELAB: (Channels.LAB, Channels.LAB),
    PHOTOMETRIC.ICCLAB: (Channels.LAB, Channels.LAB),
}
"""Meaning of the samples without and with alpha."""


def matches(start: bytes) -> bool:
    return start[:4] in _STARTS


def is_plain(path: Path) -> bool:
    """Whether a file that is called RAW is a colour TIFF, as scanners' `.fff` and `.nef` are: its
    first picture is most of it, no small copy of a mosaic."""
    try:
        with _pages(path) as pages:
            page = pages[0]
            size = sum(page.databytecounts)
            return page.photometric == PHOTOMETRIC.RGB and size > path.stat().st_size / 2
    except (*DECODER_ERRORS, Unreadable):
        return False


def survey(path: Path) -> Header:
    with (
        _pages(path) as pages,
        path.open("rb") as file,
        mmap(file.fileno(), 0, access=ACCESS_READ) as data,
    ):
        if _is_raw(pages):
            return raw.survey(path)
        page = _main(pages)
        layout, _ = layout_of(data)
        directory = read_directory(data, page.offset, layout)
        others = sum(not _is_reduced(p) for p in pages) - 1
        note = f"It holds {others + 1} pages; only the first was read."
        return Header(
            width=page.imagewidth,
            height=page.imagelength,
            orientation=exif.orientation_in(directory, layout),
            icc=_bytes(directory, ICC),
            metadata=_metadata(directory, layout),
            warnings=(note,) if others > 0 else (),
        )


def decode(path: Path) -> Raster:
    with _pages(path) as pages:
        if _is_raw(pages):
            return raw.decode(path)
        page = _main(pages)
        _check_packing(page)
        _check_complete(page, path.stat().st_size)
        if page.photometric == PHOTOMETRIC.YCBCR and page.compression != COMPRESSION.JPEG:
            return _decoded_by_pillow(path)
        samples = page.asarray(maxworkers=2)
        if page.axes.startswith("S"):
            samples = np.moveaxis(samples, 0, -1)
        if page.photometric == PHOTOMETRIC.PALETTE:
            return _from_palette(samples, page)
        return _raster(samples, page)


def _is_raw(pages: list[TiffPage]) -> bool:
    """Whether these are of a camera's file under the name of a TIFF."""
    return any(p.photometric in _RAW_PHOTOMETRICS or _DNG_VERSION in p.tags for p in pages)


@contextmanager
def _pages(path: Path) -> Iterator[list[TiffPage]]:
    """The pages of the file, while tifffile keeps its remarks on odd tags to itself."""
    log = logging.getLogger("tifffile")
    was, log.disabled = log.disabled, True
    try:
        with TiffFile(path) as file:
            pages = [page for page in file.pages if isinstance(page, TiffPage)]
            if not pages:
                raise Unreadable("holds no picture")
            yield pages
    finally:
        log.disabled = was


def _main(pages: list[TiffPage]) -> TiffPage:
    """The first page that is not a small copy of another."""
    return next((page for page in pages if not _is_reduced(page)), pages[0])


def _is_reduced(page: TiffPage) -> bool:
    tag = page.tags.get(_SUBFILE)
    return tag is not None and isinstance(tag.value, int) and bool(tag.value & 1)


def _metadata(directory: Directory, layout: Layout) -> Metadata:
    return Metadata(
        exif=exif.exif_from(directory, layout),
        xmp=_bytes(directory, XMP),
        iptc=_bytes(directory, IPTC) or metadata.iptc_in(_bytes(directory, PHOTOSHOP)),
        dpi=exif.resolution_in(directory, layout),
    )


def _bytes(directory: Directory, tag: int) -> bytes:
    entry = directory.entries.get(tag)
    return b"" if entry is None else entry.value


def _check_packing(page: TiffPage) -> None:
    try:
        TIFF.DECOMPRESSORS[page.compression]
    except KeyError as error:
        raise Unreadable(
            "is packed in a rare way that this program does not know: "
            "save it anew in another program, without compression or with LZW"
        ) from error


def _check_complete(page: TiffPage, size: int) -> None:
    """tifffile leaves parts black that are missing from the file."""
    parts = list(zip(page.dataoffsets, page.databytecounts, strict=False))
    if page.compression == COMPRESSION.NONE:
        # Counted together, because some programs round the size of the last strip up.
        missing = sum(max(0, min(count, size - place)) for place, count in parts) < page.nbytes
        if page.bitspersample % 8 == 0 and missing:
            raise Unreadable("is cut short: part of the picture is missing")
    elif any(place + count > size for place, count in parts):
        raise Unreadable("is cut short: part of the picture is missing")


def _raster(samples: Samples, page: TiffPage) -> Raster:
    if page.photometric not in _BASE or samples.ndim not in (2, 3) or samples.dtype.kind == "c":
        raise Unreadable("stores its colours in an unusual way")
    opaque, with_alpha = _BASE[PHOTOMETRIC(page.photometric)]
    ink_set = page.tags.get(_INK_SET)
    count = 1 if samples.ndim == 2 else samples.shape[2]
    other_inks = opaque is Channels.CMYK and ink_set and ink_set.value != 1
    unknown_lab = opaque is Channels.LAB and samples.dtype.kind == "f"  # TIFF 6 has none
    if count < opaque.count or other_inks or unknown_lab:
        raise Unreadable("stores its colours in an unusual way")
    extra = int(page.extrasamples[0]) if page.extrasamples and count > opaque.count else 0
    # Of an extra channel without a meaning (0), a scanner's infrared as a rule, no alpha is made.
    channels = with_alpha if extra in (1, 2) else opaque
    lost = count > channels.count
    if lost:
        samples = samples[..., : channels.count]
    if channels is Channels.LAB:
        return Raster(
            samples=_lab(samples, page), channels=channels, full_scale=1, bits=_bits(samples)
        )
    scale, notes = _full_scale(samples, page)
    if lost:
        notes += ("An extra channel (infrared or a saved selection) was left out.",)
    return Raster(
        samples=samples.reshape(samples.shape[:2]) if count == 1 else samples,
        channels=channels,
        full_scale=scale,
        bits=_bits(samples),
        inverted=page.photometric == PHOTOMETRIC.MINISWHITE,
        premultiplied=extra == 1,
        warnings=notes,
    )


def _bits(samples: Samples) -> int:
    if samples.dtype.kind == "f" or samples.dtype.itemsize > 2:
        return 32
    return 8 if samples.dtype.itemsize == 1 else 16


def _full_scale(samples: Samples, page: TiffPage) -> tuple[float, tuple[str, ...]]:
    if samples.dtype.kind == "f":
        return _float_scale(samples)
    if samples.dtype.kind == "i":
        return float(2 ** (page.bitspersample - 1) - 1), ()
    return float(2**page.bitspersample - 1), ()


def _float_scale(samples: Samples) -> tuple[float, tuple[str, ...]]:
    """1, unless most values lie above it: then that of the integers whose range they plainly have,
    or, for measured light, which knows no white, what all but the brightest few reach."""
    glance = samples[:: max(1, samples.shape[0] // 500), :: max(1, samples.shape[1] // 500)]
    finite = glance[np.isfinite(glance)].astype(np.float64)
    if finite.size == 0 or np.median(finite) <= 1:
        return 1.0, ()
    largest = float(np.max(np.where(np.isfinite(samples), samples, 0)))
    are_whole = bool(np.all(finite == np.rint(finite)))
    ranges = [s for s in (255.0, 65535.0) if s * _LEAST_OF_RANGE < largest <= s or are_whole]
    scale = next((s for s in ranges if largest <= s), 0.0)
    if not scale:
        scale = largest if are_whole else float(np.percentile(finite, _BUT_THE_BRIGHTEST))
    reached = f"{largest:.0f}" if largest >= 10 else f"{largest:.1f}"
    return scale, (f"Its values reach {reached} instead of 1 and were scaled down.",)


def _lab(samples: Samples, page: TiffPage) -> Samples:
    """L 0 to 100, a and b around 0 (TIFF 6 section 23; ICC variant: TIFF technical note 4)."""
    full = float(2 ** (8 * samples.dtype.itemsize) - 1)
    unit = (full + 1) / 256
    lab = samples.astype(np.float32)
    lab[..., 0] *= 100 / full
    differences = lab[..., 1:]
    if page.photometric == PHOTOMETRIC.ICCLAB:
        differences -= 128 * unit
    else:
        differences[differences > full / 2] -= full + 1  # two's complement in unsigned samples
    differences /= unit
    return lab


def _from_palette(samples: Samples, page: TiffPage) -> Raster:
    colours = np.asarray(page.colormap).T.astype(np.uint16)
    if int(samples.max(initial=0)) >= len(colours):
        raise Unreadable("is damaged: it uses colours that are not in its palette")
    # Palettes have 16 bits, but most were made from 8: times 257, times 256, or never scaled up.
    if colours.max(initial=0) <= 255:
        colours = colours * 256
    is_deep = bool(np.any(colours % 257)) and bool(np.any(colours % 256))
    table = colours if is_deep else (colours >> 8).astype(np.uint8)
    return Raster(
        samples=table[samples],
        channels=Channels.RGB,
        full_scale=65535 if is_deep else 255,
        bits=16 if is_deep else 8,
    )


def _decoded_by_pillow(path: Path) -> Raster:
    with opened(path, ("TIFF",)) as image:
        return Raster(samples=np.asarray(image.convert("RGB")), channels=Channels.RGB)
