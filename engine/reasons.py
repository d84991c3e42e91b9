"""What a run tells a photographer about the photo: what was found in it, a sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.analysis import Analysis


class Reason(str):
    """A sentence in English that knows what it is made of, for those who say it in another
    language."""

    template: str
    """With places for the numbers as `str.format` has them."""
    numbers: tuple[float, ...]

    def __new__(cls, template: str, *numbers: float) -> Reason:
        sentence = super().__new__(cls, template.format(*numbers))
        sentence.template, sentence.numbers = template, numbers
        return sentence

    def __reduce__(self) -> tuple[type[Reason], tuple[str | float, ...]]:
        """So that it comes out of a child process as what it was."""
        return Reason, (self.template, *self.numbers)


NOTHING_FOUND = Reason("Nothing was found that needs restoring.")
TOO_SMALL = Reason("Too small to judge.")
MAYBE_A_PRINT = Reason("It may be an old print: if it is, choose “Old photo” yourself.")
NO_COMMON_BLUR = Reason(
    "No blur that lies over the whole photo could be read: it is sharpened as blurs usually are."
)


def about_size(width: int, height: int) -> Reason:
    return Reason("Very small: {} × {} pixels.", width, height)


def about_noise(analysis: Analysis) -> Reason:
    return Reason("Noise of about {:.0f} levels of 255.", analysis.noise.level)


def about_camera_noise(analysis: Analysis) -> Reason:
    assert analysis.method_noise is not None
    whole = max(round(analysis.method_noise.change), 1)
    if whole == 1:
        return Reason("Camera noise of about 1 level of 255.")
    return Reason("Camera noise of about {} levels of 255.", whole)


def about_compression(analysis: Analysis) -> Reason:
    if analysis.blocking.certainty >= 0.5:
        quality = analysis.blocking.quality
        return Reason("Strong JPEG compression, of quality {:.0f} or so.", quality)
    return Reason("The blocks of a strong JPEG compression show.")


def about_blur(analysis: Analysis) -> Reason:
    sharpness = analysis.sharpness
    if sharpness.motion > 0.25:
        template = "The camera moved: edges are softest at {:.0f}° to the horizontal."
        return Reason(template, sharpness.angle)
    return Reason("No edge is sharp: all are {:.1f} pixels wide or more.", 2 * sharpness.width)


def about_softness(analysis: Analysis) -> Reason:
    if analysis.sharpness.motion > 0.25:
        return about_blur(analysis)
    return Reason("Blurred: edges become clearer when the blur is taken out.")


def about_common_blur(reach: float) -> Reason:
    """For a blur whose root mean square distance from its middle is `reach` pixels."""
    # Of a straight path the whole length is 3.5 times that, of a disc the diameter 2.8 times.
    return Reason(
        "One blur lies over the whole photo, about {:.0f} pixels wide: it was read and taken out.",
        3 * reach,
    )


def about_light(analysis: Analysis) -> Reason:
    return Reason("Very dark: the mean brightness is {:.0%} of white.", analysis.tone.mean)


def about_underexposure(analysis: Analysis) -> Reason:
    return Reason("Underexposed: the mean brightness is {:.0%} of white.", analysis.tone.mean)


def about_haze(analysis: Analysis) -> Reason:
    floor = analysis.tone.dark_floor
    return Reason("Haze or fog: even the darkest places reach {:.0%} of white.", floor)


def about_veil(analysis: Analysis) -> Reason:
    del analysis  # an optical depth would tell a photographer little
    return Reason("Haze or mist: a veil lies over the picture and takes its contrast.")


def about_rain(analysis: Analysis) -> Reason:
    angle = analysis.marks.bright.angle
    return Reason("Bright streaks all over, at {:.0f}° to the horizontal.", angle)


def about_streaks(analysis: Analysis) -> Reason:
    del analysis  # they are too faint to be sure of the way they run
    return Reason("Rain: bright streaks lie over the picture.")


def about_snow(analysis: Analysis) -> Reason:
    del analysis  # a count of flakes would tell a photographer little
    return Reason("Bright flakes all over the picture.")


def about_marks(analysis: Analysis) -> Reason:
    cover = 0.0 if analysis.found_marks is None else analysis.found_marks.cover
    if cover < 0.01:
        return Reason("The marks of an old print: scratches, dust or cracks here and there.")
    return Reason("The marks of an old print: scratches, dust or cracks on {:.0%} of it.", cover)


def about_age(analysis: Analysis) -> Reason:
    span = analysis.tone.percentiles[6] - analysis.tone.percentiles[0]
    lines = max(analysis.marks.bright.straight, analysis.marks.bright.curve)
    if analysis.tone.fading > 0.2:
        return Reason("Faded: the tones fill only {:.0%} of the range.", span)
    if lines > 0.15:
        return Reason("Scratches: thin bright lines up to {:.0%} of the picture long.", lines)
    return Reason("The look of an old print: grain, faded tones or damage.")
