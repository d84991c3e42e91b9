"""What the autopilot does with a photo: look, and where nothing was found look again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.analysis import Analysis, Denoise, analyse, look_again
from engine.proposal import Proposal, propose, propose_again, worth_another_look

if TYPE_CHECKING:
    from engine.diagnosis import Judge
    from engine.photo import FloatArray
    from engine.preset import Preset


def advise(
    srgb: FloatArray,
    presets: Mapping[str, Preset],
    denoise: Denoise | None,
    judges: tuple[Judge, ...] = (),
) -> tuple[Analysis, Proposal]:
    """Measure a photo (`engine.analysis.analyse`) and choose among `presets`, by id.

    Where the first look finds nothing to do, `denoise` is asked, for 0.8 megapixels at most; what
    it raises passes through. It has to be the shipped one, which the judge of the second look was
    fitted on; without one there is none. `judges` of the first look are the shipped ones unless
    given.
    """
    analysis = analyse(srgb)
    first = propose(analysis, presets, judges)
    if denoise is None or not worth_another_look(first, analysis, presets):
        return analysis, first
    analysis = look_again(analysis, srgb, denoise)
    return analysis, propose_again(first, analysis, presets)
