"""The steps by which a light estimator changes a picture, as functions that gradients pass.

Pictures are (b, 3, h, w), sRGB-encoded, 0 to 1. Every step has bounds, and settings of zero change
nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.photo import LUMA
from engine.relight import LEAST_TRANSMISSION, MOST_LIFTED

DARKEST, BRIGHTEST = -1.5, 6.0
"""Stops by which light may be changed."""
_STEEPEST = 1.3
"""Largest logarithm of the exponent of a tone curve."""
BENDS = 3
"""Sines by which a curve may bend besides."""
_TOE = 0.01
"""Added under a power, so that it has a slope at black and noise there stays small."""
_REACH = 4
"""Pixels of the half thumbnail over which the transmission follows the brightness."""
_FLATNESS = 1e-3
"""Variance of the brightness below which it says nothing about the transmission."""
_BLANK = 0.3
"""Least transmission of haze in which nothing is to be seen."""
_KEPT = 0.8
"""Of its brightness a place in which nothing is to be seen keeps at least."""
_DETAIL = 0.007
"""Deviation of the brightness from its surroundings' below which there is nothing to be seen."""
_LEAK = 0.05
"""Slope of `held` outside its bounds, in training only: what went too far can still come back."""


@dataclass(frozen=True, slots=True)
class Tone:
    """Settings for a batch of pictures, (b, 3) where nothing else is said."""

    low: Tensor
    """What becomes black."""
    high: Tensor
    """What becomes white."""
    power: Tensor
    """Exponent on encoded values."""
    stops: Tensor
    """Gain in linear light, as its logarithm to base 2."""
    bend: Tensor
    """(b, 3, BENDS): parts of sines added to the curve."""
    mix: Tensor
    """(b, 3, 3) with rows that sum to 1: grays stay as they are."""


def held(x: Tensor, low: float, high: float, *, leak: bool) -> Tensor:
    """`x` between `low` and `high`; with `leak` it goes on beyond them, much slower."""
    inside = x.clamp(low, high)
    return inside + _LEAK * (x - inside) if leak else inside


def curved(x: Tensor, tone: Tone, *, leak: bool = False) -> Tensor:
    """Levels, power, gain and bend of each colour (b, 3, h, w)."""
    low, high, power, stops = (
        value[..., None, None] for value in (tone.low, tone.high, tone.power, tone.stops)
    )
    x = held((x - low) / (high - low), 0, 1.5, leak=leak).clamp_min(0)
    floor = _TOE**power
    x = ((x + _TOE) ** power - floor) / ((1 + _TOE) ** power - floor)
    x = held(gained(x, stops), 0, 1, leak=leak)
    for k in range(BENDS):
        x = x + tone.bend[..., k, None, None] * torch.sin((k + 1) * math.pi * x.clamp(0, 1))
    return x


def gained(x: Tensor, stops: Tensor) -> Tensor:
    """Encoded values (b, 3, h, w), 0 or more, under 2 ** `stops` times the light."""
    linear = torch.where(x <= 0.04045, x / 12.92, ((x.clamp_min(0.04) + 0.055) / 1.055) ** 2.4)
    linear = linear * 2**stops
    bright = 1.055 * linear.clamp_min(0.003) ** (1 / 2.4) - 0.055
    return torch.where(linear <= 0.0031308, linear * 12.92, bright)


def mixed(x: Tensor, mix: Tensor) -> Tensor:
    """Colours (b, 3, h, w) by matrices (b, 3, 3)."""
    return torch.einsum("bij,bjhw->bihw", mix, x)


def unveiled(x: Tensor, airlight: Tensor, transmission: Tensor, *, leak: bool = False) -> Tensor:
    """Koschmieder's law backwards: airlight (b, 3, h, w), transmission (b, 1, h, w)."""
    return held((x - airlight) / transmission + airlight, 0, 1, leak=leak)


def guided(transmission: Tensor, picture: Tensor) -> tuple[Tensor, Tensor]:
    """Slope and offset (b, 1, h, w) by which the transmission follows the picture's brightness.

    The guided filter (He, Sun and Tang 2010), `transmission` (b, 1, h, w).
    """
    guide = brightness(picture)
    mean_g, mean_t = _mean(guide), _mean(transmission)
    covariance = _mean(guide * transmission) - mean_g * mean_t
    slope = covariance / (_mean(guide * guide) - mean_g * mean_g + _FLATNESS)
    return _mean(slope), _mean(mean_t - slope * mean_g)


def least_share(picture: Tensor, airlight: Tensor) -> Tensor:
    """The transmission (b, 1, h, w) that is at least assumed, by what is to be seen in `picture`.

    A smooth place in dense haze shows nothing that could come out: divided by a small transmission
    it gives a dark sky, noise and the blocks of a JPEG. There some haze stays, so much that under
    an `airlight` (b, 3, h, w) brighter than itself the place keeps `_KEPT` of its brightness.
    """
    light, edges = brightness(picture), (_REACH,) * 4
    # turned about its edge, so that a gradient goes on beyond it and is no detail
    beyond = 2 * F.pad(light, edges, "replicate") - F.pad(light, edges, "reflect")
    around = F.avg_pool2d(beyond, 2 * _REACH + 1, 1)
    detail = _mean((light - around).square())
    blank = torch.exp(-detail / _DETAIL**2)
    air = brightness(airlight)
    kept = (air - around).clamp_min(0) / (air - _KEPT * around).clamp_min(0.02)
    least = kept.clamp(_BLANK, 1)
    return LEAST_TRANSMISSION + (least - LEAST_TRANSMISSION) * blank


def coloured(airlight: Tensor, picture: Tensor, transmission: Tensor) -> Tensor:
    """An airlight (b, 3, h, w) that takes half of its colour from the picture, where haze is dense.

    All that dense haze lets one see is lit haze: where the sun or a lamp colours it the picture has
    the colour of its airlight, which a single colour for all of it would turn into a cast.
    """
    around = _mean(_mean(picture))
    own = around * (brightness(airlight) / brightness(around).clamp_min(0.05))
    return airlight + 0.5 * (1 - transmission) * (own - airlight)


def seen_through(slope: Tensor, offset: Tensor, picture: Tensor, *, leak: bool = False) -> Tensor:
    """The transmission (b, 1, h, w) of `guided` at the picture's own size."""
    share = slope * brightness(picture) + offset
    return held(share, LEAST_TRANSMISSION, 1, leak=leak).clamp_min(0.5 * LEAST_TRANSMISSION)


def lift(slope: Tensor, offset: Tensor, picture: Tensor, *, leak: bool = False) -> Tensor:
    """The logarithm (b, 1, h, w) of how much shadows are lifted, `guided` at the picture's size."""
    return held(slope * brightness(picture) + offset, 0, MOST_LIFTED, leak=leak)


def lifted(x: Tensor, logarithm: Tensor) -> Tensor:
    """Pictures (b, 3, h, w), 0..1, with shadows lifted, see `engine.relight`."""
    more = logarithm.exp()
    return x * more / (1 + (more - 1) * x.amax(1, keepdim=True)).clamp_min(0.05)


def brightness(picture: Tensor) -> Tensor:
    """(b, 3, h, w) to (b, 1, h, w), as `engine.relight` sees it."""
    return (picture * torch.from_numpy(LUMA).to(picture)[:, None, None]).sum(1, keepdim=True)


def _mean(x: Tensor) -> Tensor:
    side = 2 * _REACH + 1
    rows = F.avg_pool2d(x, (1, side), 1, (0, _REACH), count_include_pad=False)
    return F.avg_pool2d(rows, (side, 1), 1, (_REACH, 0), count_include_pad=False)


def tone_of(raw: Tensor, ends: Tensor) -> Tone:
    """Settings from a network's numbers (b, `SETTINGS`); zeros change nothing.

    `ends` (b, 2, 3) are the darkest and the brightest values of each colour: levels are given as a
    share of the way to them, which is what automatic contrast would do.
    """
    parts = torch.split(raw, _PARTS, 1)
    dark, light, stops, all_stops, power, all_power, bend, mix = parts
    low = 1.2 * torch.tanh(dark) * ends[:, 0]
    high = 1 - 1.2 * torch.tanh(light) * (1 - ends[:, 1])
    exponent = held(0.7 * all_power + 0.4 * power, -_STEEPEST, _STEEPEST, leak=False)
    gain = held(1.5 * all_stops + 0.5 * stops, DARKEST, BRIGHTEST, leak=False)
    order = torch.arange(1, BENDS + 1).to(raw)
    sines = torch.tanh(bend).view(-1, 3, BENDS) * (0.25 / (math.pi * order))
    share = 0.6 * torch.tanh(mix).view(-1, 3, 3)
    share = torch.eye(3).to(raw) + share - share.mean(2, keepdim=True)
    return Tone(low, torch.maximum(high, low + 0.1), exponent.exp(), gain, sines, share)


_PARTS = [3, 3, 3, 1, 3, 1, 3 * BENDS, 9]
SETTINGS = sum(_PARTS)
"""Numbers that say what is done to the tones."""
