"""What the autopilot tells a photographer about the damage that it found, a sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.analysis import Analysis


def about_noise(analysis: Analysis) -> str:
    return f"Noise of about {analysis.noise.level:.0f} levels of 255."


def about_camera_noise(analysis: Analysis) -> str:
    assert analysis.method_noise is not None
    whole = max(round(analysis.method_noise.change), 1)
    return f"Camera noise of about {whole} level{'s' if whole > 1 else ''} of 255."


def about_compression(analysis: Analysis) -> str:
    if analysis.blocking.certainty >= 0.5:
        return f"Strong JPEG compression, of quality {analysis.blocking.quality:.0f} or so."
    return "The blocks of a strong JPEG compression show."


def about_blur(analysis: Analysis) -> str:
    sharpness = analysis.sharpness
    if sharpness.motion > 0.25:
        return f"The camera moved: edges are softest at {sharpness.angle:.0f}° to the horizontal."
    return f"No edge is sharp: all are {2 * sharpness.width:.1f} pixels wide or more."


def about_softness(analysis: Analysis) -> str:
    if analysis.sharpness.motion > 0.25:
        return about_blur(analysis)
    return "Blurred: edges become clearer when the blur is taken out."


def about_light(analysis: Analysis) -> str:
    return f"Very dark: the mean brightness is {analysis.tone.mean:.0%} of white."


def about_haze(analysis: Analysis) -> str:
    floor = analysis.tone.dark_floor
    return f"Haze or fog: even the darkest places reach {floor:.0%} of white."


def about_veil(analysis: Analysis) -> str:
    del analysis  # an optical depth would tell a photographer little
    return "Haze or mist: a veil lies over the picture and takes its contrast."


def about_rain(analysis: Analysis) -> str:
    return f"Bright streaks all over, at {analysis.marks.bright.angle:.0f}° to the horizontal."


def about_snow(analysis: Analysis) -> str:
    del analysis  # a count of flakes would tell a photographer little
    return "Bright flakes all over the picture."


def about_age(analysis: Analysis) -> str:
    span = analysis.tone.percentiles[6] - analysis.tone.percentiles[0]
    lines = max(analysis.marks.bright.straight, analysis.marks.bright.curve)
    if analysis.tone.fading > 0.2:
        return f"Faded: the tones fill only {span:.0%} of the range."
    if lines > 0.15:
        return f"Scratches: thin bright lines up to {lines:.0%} of the picture long."
    return "The look of an old print: grain, faded tones or damage."
