"""Where the faces of a photo are, so that they can be protected.

A cascade of three networks (MTCNN): the first looks everywhere at every size, the next two look
again at what is left.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.colour import to_srgb
from engine.photo import Box, FloatArray, Photo, floats
from engine.resize import reduced

_SIDE = 1000
"""Longest side in pixels at which faces are looked for."""
_SMALLEST = 24
"""Height in pixels, at that size, of the smallest faces that are reported."""
_WINDOW = 12
"""What the first network sees at a time."""
_FINER = 0.709
"""From one size to the next: half as many pixels."""
_LIKELY = (0.6, 0.7, 0.9)
"""How sure each network must be to pass a place on."""
_MOST = 1000
"""Places that the second network looks at."""

_Places = NDArray[np.float32]
"""(n, 5): left, top, right, bottom, score."""


def faces_of(photo: Photo) -> tuple[Box, ...]:
    """The faces of `photo`, in its own pixels, largest first."""
    shrink = min(1.0, _SIDE / max(photo.width, photo.height))
    width, height = max(1, round(photo.width * shrink)), max(1, round(photo.height * shrink))
    # Shrunk before it is converted, to need little memory.
    small = reduced(photo.pixels, width, height) if shrink < 1 else photo.pixels
    found = find_faces(to_srgb(small, photo.profile))
    return _in_size(found, photo.width / width, photo.height / height, photo.width, photo.height)


def find_faces(srgb: FloatArray) -> tuple[Box, ...]:
    """Boxes around the faces in (h, w, 3), sRGB-encoded, 0..1, largest first, inside the picture.

    Looks at a copy whose longest side is at most 1000 pixels, for upright faces at least 24 pixels
    high there. Raises `MissingWeights`.
    """
    height, width = srgb.shape[:2]
    shrink = min(1.0, _SIDE / max(width, height))
    small = srgb
    if shrink < 1:
        small = reduced(srgb, max(1, round(width * shrink)), max(1, round(height * shrink)))
    boxes = _inside(_cascade(floats(small * 2 - 1)), small.shape[1], small.shape[0])
    return _in_size(boxes, width / small.shape[1], height / small.shape[0], width, height)


def _cascade(image: FloatArray) -> _Places:
    """The faces in a picture of values -1 to 1."""
    from engine.face_networks import judged, refined

    places = _squared(_proposed(image))
    for side, network, likely in ((24, refined, _LIKELY[1]), (48, judged, _LIKELY[2])):
        if not len(places):
            return places
        verdict = network(_crops(image, places, side))
        places = _moved(places, verdict.shift, verdict.score)[verdict.score > likely]
        if side == 24:
            places = _squared(_distinct(places, 0.7))
    places = _distinct(places, 0.5, of_smaller=True)
    return places[(places[:, 3] - places[:, 1]) >= _SMALLEST]


def _proposed(image: FloatArray) -> _Places:
    """Places that the first network takes for faces, at all sizes."""
    from engine.face_networks import proposals

    found = [np.empty((0, 5), np.float32)]
    scale = _WINDOW / _SMALLEST
    while min(image.shape[:2]) * scale >= _WINDOW:
        height, width = (round(n * scale) for n in image.shape[:2])
        verdict = proposals(reduced(image, width, height))
        y, x = np.nonzero(verdict.score > _LIKELY[0])
        corners = np.stack((x, y, x, y), 1) * 2 + np.array([0, 0, _WINDOW, _WINDOW])
        windows = np.concatenate((corners / scale, np.zeros((len(x), 1))), 1)
        found.append(
            _distinct(_moved(floats(windows), verdict.shift[y, x], verdict.score[y, x]), 0.5)
        )
        scale *= _FINER
    return _distinct(np.concatenate(found), 0.7)[:_MOST]


def _moved(places: _Places, shift: FloatArray, score: FloatArray) -> _Places:
    """`places` with their sides moved, and with new scores."""
    size = (places[:, 2:4] - places[:, 0:2])[:, [0, 1, 0, 1]]
    return np.concatenate((places[:, :4] + shift * size, score[:, None]), 1)


def _squared(places: _Places) -> _Places:
    """The same centres, with all sides as long as the longer one."""
    centre = (places[:, 0:2] + places[:, 2:4]) / 2
    half = (places[:, 2:4] - places[:, 0:2]).max(1, keepdims=True) / 2
    return np.concatenate((centre - half, centre + half, places[:, 4:]), 1)


def _distinct(places: _Places, overlap: float, *, of_smaller: bool = False) -> _Places:
    """Best first, without those that overlap a better one by more than a share: of both
    together, or of the smaller."""
    left = places[np.argsort(-places[:, 4], kind="stable")]
    kept = []
    while len(left):
        best, left = left[0], left[1:]
        kept.append(best)
        sides = np.minimum(left[:, 2:4], best[2:4]) - np.maximum(left[:, 0:2], best[0:2])
        shared = np.maximum(sides, 0).prod(1)
        own, others = (best[2:4] - best[0:2]).prod(), (left[:, 2:4] - left[:, 0:2]).prod(1)
        whole = np.minimum(own, others) if of_smaller else own + others - shared
        left = left[shared <= overlap * whole]
    return np.array(kept, np.float32).reshape(-1, 5)


def _crops(image: FloatArray, places: _Places, side: int) -> FloatArray:
    """The places as (n, side, side, 3); gray where they reach over the edges."""
    out = np.zeros((len(places), side, side, 3), np.float32)
    height, width = image.shape[:2]
    for crop, place in zip(out, places, strict=True):
        left, top = (int(v) for v in np.floor(place[:2]))
        across, down = (max(1, int(v)) for v in np.ceil(place[2:4] - place[:2]))
        x0, y0, x1, y1 = (
            max(left, 0),
            max(top, 0),
            min(left + across, width),
            min(top + down, height),
        )
        if x1 <= x0 or y1 <= y0:
            continue
        part = np.zeros((down, across, 3), np.float32)
        part[y0 - top : y1 - top, x0 - left : x1 - left] = image[y0:y1, x0:x1]
        way = cv2.INTER_AREA if across > side else cv2.INTER_LINEAR
        crop[:] = cv2.resize(part, (side, side), interpolation=way)
    return out


def _inside(places: _Places, width: int, height: int) -> tuple[Box, ...]:
    """Whole boxes, cut at the edges of the picture, largest first."""
    boxes = []
    for left, top, right, bottom in np.rint(places[:, :4]).astype(int).tolist():
        left, top = max(left, 0), max(top, 0)
        right, bottom = min(right, width), min(bottom, height)
        if right > left and bottom > top:
            boxes.append(Box(left, top, right, bottom))
    return tuple(sorted(boxes, key=lambda box: -box.width * box.height))


def _in_size(
    boxes: tuple[Box, ...], across: float, down: float, width: int, height: int
) -> tuple[Box, ...]:
    """The boxes in a picture `across` times as wide and `down` times as high."""
    return tuple(
        Box(
            int(box.left * across),
            int(box.top * down),
            min(width, int(np.ceil(box.right * across))),
            min(height, int(np.ceil(box.bottom * down))),
        )
        for box in boxes
    )
