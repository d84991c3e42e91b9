"""The colours of a RAW photo, made of its mosaic by the network, which takes out the noise in the
same pass (as Gharbi et al., "Deep Joint Demosaicking and Denoising", 2016, have it)."""

from __future__ import annotations

from engine.colour import to_srgb
from engine.diffusion.predictor import TILING
from engine.diffusion.tiled import Work, Write, in_tiles
from engine.filter_array import BAYER, X_TRANS
from engine.mosaic import Mosaic
from engine.photo import FloatArray, Profile
from engine.progress import Progress

TASKS = {BAYER.name: "raw", X_TRANS.name: "raw-xtrans"}
"""The task adapters that do it. They know a camera's colours and are asked for a mosaic alone."""


def task_for(mosaic: Mosaic) -> str:
    """The one for such a sensor."""
    return TASKS[mosaic.array.name]


def demosaic(
    mosaic: Mosaic, profile: Profile, network: Work, write: Write, progress: Progress
) -> None:
    """Write the photo (h, w, 3), sRGB-encoded, 0..1, that a mosaic shows.

    `profile` is the photo's, into whose colours the mosaic's `matrix` leads; `network` makes clean
    tones of noisy ones, in the colours of the camera.
    """
    above, before = mosaic.before

    def work(tones: FloatArray) -> FloatArray:
        return to_srgb(mosaic.colours(network(tones)), profile)

    def written(top: int, rows: FloatArray) -> None:
        first = max(0, above - top)
        if first < len(rows):
            write(top + first - above, rows[first:, before:])

    in_tiles(mosaic.size, mosaic.tones, written, work, tiling=TILING, progress=progress)
