"""A face drawn with a few ellipses, for tests that must not carry anyone's portrait."""

from __future__ import annotations

import cv2
import numpy as np

from engine.photo import FloatArray


def drawn_face(side: int) -> FloatArray:
    """(side, side, 3), sRGB-encoded, 0..1: a face from ear to ear in the middle of a gray wall."""
    big = np.full((400, 400, 3), (0.55, 0.6, 0.62), np.float32)

    def spot(x: int, y: int, wide: int, high: int, colour: tuple[float, float, float]) -> None:
        cv2.ellipse(big, (x, y), (wide, high), 0, 0, 360, colour, -1, cv2.LINE_AA)

    skin, shade, hair = (0.86, 0.68, 0.58), (0.7, 0.5, 0.42), (0.22, 0.15, 0.1)
    cv2.rectangle(big, (165, 270), (235, 400), shade, -1)
    spot(200, 170, 112, 140, hair)
    spot(200, 205, 92, 125, skin)
    spot(200, 95, 95, 45, hair)
    for x in (163, 237):
        spot(x, 168, 24, 5, hair)
        spot(x, 190, 21, 10, (0.95, 0.94, 0.93))
        spot(x, 190, 9, 9, (0.2, 0.14, 0.1))
        cv2.ellipse(big, (x, 190), (22, 12), 0, 180, 360, hair, 3, cv2.LINE_AA)
    spot(200, 215, 9, 30, (0.9, 0.74, 0.64))
    spot(188, 244, 7, 4, shade)
    spot(212, 244, 7, 4, shade)
    spot(200, 281, 36, 11, (0.72, 0.36, 0.34))
    cv2.line(big, (166, 280), (234, 280), (0.4, 0.16, 0.16), 3, cv2.LINE_AA)
    soft = cv2.GaussianBlur(big, (0, 0), 4)
    return np.clip(cv2.resize(soft, (side, side), interpolation=cv2.INTER_AREA), 0, 1)
