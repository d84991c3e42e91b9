"""What `auto` proposes for a photo: look, and where nothing was found look again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.analysis import Analysis, Restore, analyse, look_again
from engine.metadata import exposure_in
from engine.proposal import Proposal, propose, propose_again, second_looks, sure_again

if TYPE_CHECKING:
    from engine.diagnosis import Judge
    from engine.photo import FloatArray, Photo
    from engine.preset import Preset


def choosable(presets: Mapping[str, Preset], photo: Photo) -> dict[str, Preset]:
    """Those of `presets`, by id, that the autopilot may choose for a photo: what a camera exposed
    is no print, however much the wires in it look like scratches."""
    by_camera = photo.mosaic is not None or exposure_in(photo.metadata.exif)
    return {
        id: preset
        for id, preset in presets.items()
        if preset.automatic and not (preset.repairs and by_camera)
    }


def advise(
    srgb: FloatArray,
    presets: Mapping[str, Preset],
    restorers: Mapping[str, Restore],
    judges: tuple[Judge, ...] = (),
) -> tuple[Analysis, Proposal]:
    """Measure a photo (`engine.analysis.analyse`) and choose among `presets`, by id.

    Where the first look finds nothing to do, those of `restorers`, by task, that could find
    something (`engine.damage.LOOKS`) are asked until one is sure. Where it finds something they are
    asked whether there is what counts more besides, haze behind compression or darkness behind
    noise, and how much would change by what it proposes; each for 0.8 megapixels at most. What they
    raise passes through. They have to be the shipped ones, which the judges of the second look were
    fitted on; without them there is no second look. `judges` of the first look are the shipped ones
    unless given.
    """
    analysis = analyse(srgb)
    first = propose(analysis, presets, judges)
    for task in second_looks(first, analysis, presets):
        if task in restorers:
            analysis = look_again(analysis, srgb, task, restorers[task])
            if sure_again(task, analysis):
                break
    return analysis, propose_again(first, analysis, presets)
