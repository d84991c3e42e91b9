"""The draft: what the predictor makes of a picture, written into a file piece by piece."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engine.diffusion.predictor import Predictor, Read, Write
from engine.photo import Box, FloatArray
from engine.preset import Preset
from engine.progress import Progress
from engine.request import RestoreRequest
from engine.transfer import light_transfer
from engine.views import View

NOTHING = "nothing"
"""The task that the autopilot gives a photo which is fine as it is."""

_STRIP = 512
"""Rows that are copied at a time."""


def draft(
    predictor: Predictor,
    view: View,
    preset: Preset,
    request: RestoreRequest,
    target: Path,
    progress: Progress,
) -> Read:
    """Write the full-strength prediction of what `view` shows to `target`, a new uint16 `.npy`.

    Gives the degraded picture in the light of the draft. `request.adapter` is one for the
    predictor, or None.
    """
    torch.manual_seed(request.seed)
    width, height = view.size
    write = writer(np.lib.format.open_memmap(target, "w+", np.uint16, (height, width, 3)))
    if preset.task == NOTHING:
        for top in range(0, height, _STRIP):
            write(top, view.pixels(Box(0, top, width, min(top + _STRIP, height))))
        return view.pixels
    read: Read = view.pixels
    task = preset.task
    if preset.working_side and max(width, height) > preset.working_side:
        read = _relit(predictor, view, preset, request)
        task = "denoise"  # the small copy was cleaned; what the light amplified here was not
    predictor.predict(
        (width, height),
        read,
        write,
        task,
        read_mask=None if view.mask is None else view.holes,
        repairs=preset.repairs,
        adapter=request.adapter if task == preset.task else None,
        progress=progress,
    )
    return read


def writer(out: NDArray[np.uint16]) -> Write:
    """Puts rows (n, width, 3), 0..1, into an array (height, width, 3) of 0..65535."""

    def write(top: int, rows: FloatArray) -> None:
        out[top : top + len(rows)] = np.rint(rows * 65535).astype(np.uint16)

    return write


def _relit(predictor: Predictor, view: View, preset: Preset, request: RestoreRequest) -> Read:
    """Reads `view` in the light that the predictor gives to a small copy of it."""
    small = view.small(preset.working_side)
    restored = predictor.restore(small, preset.task, adapter=request.adapter)
    transfer = light_transfer(small, restored, view.size)
    return lambda box: transfer(view.pixels(box), box)
