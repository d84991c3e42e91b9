"""How a restored picture compares with the true one, in the measures that the benches share."""

from __future__ import annotations

from dataclasses import dataclass

from engine.photo import FloatArray
from trainer import metrics
from trainer.texture_measures import sliced_distance, texture_share


@dataclass(frozen=True, slots=True)
class Compared:
    """PSNR in dB, SSIM, and the measures of texture (`trainer.texture_measures`)."""

    psnr: float
    ssim: float
    share: float
    distance: float


def compared(picture: FloatArray, clean: FloatArray) -> Compared:
    """Both (h, w, 3), sRGB-encoded, 0..1."""
    return Compared(
        metrics.psnr(picture, clean),
        metrics.ssim(picture, clean),
        texture_share(picture, clean),
        sliced_distance(picture, clean),
    )
