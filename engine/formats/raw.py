"""Reading the RAW files of cameras, developed plainly: nothing sharpened, nothing smoothed, but for
pixels that are wrong (`hot_pixels`).

LibRaw knows the cameras: their levels and colours, and the camera's white balance. Light is linear
in Display P3, which holds nearly all that cameras see and has the curve of sRGB; how bright it is
shown is a matter of `raw_tone`. Where the sensor is of the usual kind, colours are made of its
mosaic by `engine.mosaic`; where it is not, by LibRaw.
"""

from __future__ import annotations

import io
import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.colour import profile_of_primaries
from engine.formats.pillow import opened
from engine.formats.raster import Channels, Header, Raster, Unreadable
from engine.formats.raw_metadata import described, of_preview
from engine.formats.raw_mosaic import mend_pixels, mosaic_of, proven, white_of
from engine.formats.raw_tone import tone_like
from engine.ifd import layout_of, numbers, read_directory
from engine.mosaic import Mosaic
from engine.tone import Tone

if TYPE_CHECKING:
    from rawpy import RawPy

# fmt: off
SUFFIXES = frozenset((
    ".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf", ".fff", ".gpr", ".iiq", ".kdc",
    ".mef", ".mos", ".mrw", ".nef", ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2", ".rwl", ".sr2",
    ".srf", ".srw", ".x3f",
))
# fmt: on
_CR2 = b"II*\0\x10\0\0\0CR\2"
"""Whole, for a TIFF may have its first pixels where the letters stand."""
_STARTS = (*(_CR2, b"FUJIFILMCCD-RAW", b"IIU\0", b"IIRO", b"IIRS", b"MMOR", b"FOVb", b"\0MRM"),)
_DISPLAY_P3, _SRGB_CURVE = 12, 13
"""Numbers of ITU-T H.273."""
_ORIENTATIONS = (1, 2, 4, 3, 5, 8, 6, 7)
"""EXIF's numbers for those of LibRaw, 0 to 7."""
_DNG_VERSION, _BELOW, _PHOTOMETRIC = 50706, 330, 262
_STRIPS, _TILES = (273, 279), (324, 325)
"""Tags of where they stand and how large they are."""
_MOSAIC, _LINEAR = (32803,), (34892,)
_LEAST_BITS = 0.25
"""Bits of the file for each of its pixels; what has fewer has lost its picture."""
_LEAST_WHITE = 0.75
"""Share of what LibRaw takes for white at which sensors may be full."""
_SAMPLES = 250_000
_GLANCE = 512
"""Pixels along a side of the camera's picture that are enough to see how bright it is."""


def matches(start: bytes) -> bool:
    """Whether a file is RAW by its first bytes; most look like TIFF and are known by their name or
    their tags."""
    return start.startswith(_STARTS) or start[4:11] == b"ftypcrx"


def survey(path: Path) -> Header:
    profile = profile_of_primaries(_DISPLAY_P3, _SRGB_CURVE)
    assert profile is not None
    with _opened(path) as raw:
        size, is_gray, orientation = raw.sizes, raw.num_colors == 1, _orientation(raw)
        carried = described(path) or of_preview(_preview(raw))
    return Header(
        width=size.iwidth,
        height=size.iheight,
        orientation=orientation,
        bits=16,
        icc=b"" if is_gray else profile.icc,
        metadata=carried,
        is_light=not is_gray,
    )


def decode(path: Path) -> Raster:
    with _opened(path) as raw:
        _check_complete(raw, path)
        mend_pixels(raw)
        shown, white = _glance(raw), white_of(raw)
        mosaic = _proven_mosaic(raw, shown, white)
        if mosaic is None:
            return _by_libraw(raw, shown, white)
    return Raster(  # when what LibRaw holds is given back
        samples=mosaic.developed(),
        channels=Channels.RGB,
        full_scale=65535,
        bits=16,
        mosaic=mosaic,
        tone=mosaic.tone,
    )


def preview_in(path: Path) -> tuple[bytes, int] | None:
    """The JPEG that the camera made of the photo, and its EXIF orientation; None where the file
    has none. Raises what `survey` does."""
    with _opened(path) as raw:
        data = _preview(raw)
        return None if data is None else (data, _orientation(raw))


@contextmanager
def _opened(path: Path) -> Iterator[RawPy]:
    # here: it loads libraries that a photo of another kind does not need
    import rawpy

    try:
        with _named(path) as name, rawpy.imread(name) as raw:
            yield raw
    except (rawpy.LibRawFileUnsupportedError, rawpy.NotSupportedError) as error:
        raise Unreadable(
            "is a RAW file of a kind that this program does not know",
            "Open it in a RAW developer, and export it as a 16-bit TIFF.",
        ) from error
    except (rawpy.LibRawUnsufficientMemoryError, rawpy.LibRawTooBigError) as error:
        raise MemoryError from error
    except rawpy.LibRawError as error:
        raise Unreadable("is a RAW file, and damaged or cut short") from error


@contextmanager
def _named(path: Path) -> Iterator[str]:
    """A name of the file for `rawpy`, which takes none but those that are text."""
    try:
        name = str(path).encode().decode()
    except UnicodeEncodeError:
        with path.open("rb") as file:
            yield f"/dev/fd/{file.fileno()}"
    else:
        yield name


def _orientation(raw: RawPy) -> int:
    flip = raw.sizes.flip
    return _ORIENTATIONS[flip] if flip in range(8) else 1


def _light(raw: RawPy, *, half_size: bool = False) -> NDArray[np.uint16]:
    """Linear light in Display P3, (h, w, 3), or of a gray file (h, w), as the file stores it, not
    upright. With `half_size` a pixel for each square of four, the means of their colours."""
    import rawpy

    light = np.asarray(
        raw.postprocess(
            half_size=half_size,
            use_camera_wb=True,
            output_color=rawpy.ColorSpace.P3D65,
            output_bps=16,
            gamma=(1, 1),
            no_auto_bright=True,
            user_flip=0,
        ),
        np.uint16,
    )
    return light.reshape(light.shape[:2]) if light.ndim == 2 or light.shape[2] == 1 else light


def _proven_mosaic(raw: RawPy, shown: NDArray[np.uint8] | None, white: float) -> Mosaic | None:
    """The mosaic, if it leads to the colours of LibRaw, as bright as the camera's picture."""
    mosaic = mosaic_of(raw, white)
    if mosaic is None:
        return None
    half = _light(raw, half_size=True)
    return proven(mosaic, half, _tone(half, shown, white))


def _by_libraw(raw: RawPy, shown: NDArray[np.uint8] | None, white: float) -> Raster:
    """The photo as LibRaw develops it, as bright as the camera's picture."""
    light = _light(raw)
    tone, is_gray = _tone(light, shown, white), light.ndim == 2
    return Raster(
        samples=tone.table()[light],
        channels=Channels.GRAY if is_gray else Channels.RGB,
        full_scale=65535,
        bits=16,
        tone=None if is_gray else tone,
    )


def _tone(light: NDArray[np.uint16], shown: NDArray[np.uint8] | None, white: float) -> Tone:
    """How bright light is shown, by the camera's picture where there is one; `white` as in
    `Tone`."""
    step = max(1, round((light.shape[0] * light.shape[1] / _SAMPLES) ** 0.5))
    found = Tone() if shown is None else tone_like(_three(light[::step, ::step]), shown)
    return replace(found, white=white)


def _check_complete(raw: RawPy, path: Path) -> None:
    """LibRaw fills what is missing from a file with one value, mostly 0."""
    sizes = raw.sizes
    is_told_whole = _has_all_strips(path)
    last = raw.raw_image_visible[-2:]
    value = int(last.flat[0]) if last.size and np.ptp(last) == 0 else raw.white_level
    is_small = path.stat().st_size * 8 < _LEAST_BITS * sizes.width * sizes.height
    if is_told_whole is None:
        is_whole = value >= _LEAST_WHITE * raw.white_level
    else:  # a picture may well be black below
        is_whole = is_told_whole and value >= min(raw.black_level_per_channel)
    if is_small or not is_whole:
        raise Unreadable("is a RAW file, and damaged or cut short")


def _has_all_strips(path: Path) -> bool | None:
    """Whether a DNG holds all strips or tiles of its main pictures; None for any other file, whose
    makers need not tell the truth about them."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            layout, first = layout_of(data)
            main = read_directory(data, first, layout)
            if _DNG_VERSION not in main.entries:
                return None
            places = numbers(main, _BELOW, layout)
            below = [read_directory(data, place, layout) for place in places]
        except ValueError:
            return None
        found = [
            zip(numbers(part, places, layout), numbers(part, sizes, layout), strict=False)
            for part in (main, *below)
            if numbers(part, _PHOTOMETRIC, layout) in (_MOSAIC, _LINEAR)
            for places, sizes in (_STRIPS, _TILES)
        ]
        ends = [place + size for strips in found for place, size in strips]
        return max(ends) <= len(data) if ends else None


def _preview(raw: RawPy) -> bytes | None:
    """The JPEG that the camera made."""
    found = _small_picture(raw)
    return found if isinstance(found, bytes) else None


def _small_picture(raw: RawPy) -> bytes | NDArray[np.generic] | None:
    """The camera's own picture: a JPEG, or pixels, which telephones write and old cameras did."""
    import rawpy

    try:
        return raw.extract_thumb().data
    except (rawpy.LibRawError, NotImplementedError, OSError):
        return None  # of these the second stands for JPEG XL and HEVC


def _glance(raw: RawPy) -> NDArray[np.uint8] | None:
    """The camera's picture, small; None where there is none that can be read."""
    found = _small_picture(raw)
    if found is None:
        return None
    if not isinstance(found, bytes):
        is_told = found.dtype == np.uint8 and found.ndim == 3 and found.shape[2] == 3
        return np.array(found, np.uint8) if is_told else None  # a copy: the memory is LibRaw's
    try:
        with opened(io.BytesIO(found), ("JPEG",)) as image:
            image.draft("RGB", (_GLANCE, _GLANCE))
            return np.asarray(image.convert("RGB"))
    except (OSError, ValueError, SyntaxError):
        return None


def _three(light: NDArray[np.uint16]) -> NDArray[np.uint16]:
    return np.repeat(light[..., None], 3, 2) if light.ndim == 2 else light
