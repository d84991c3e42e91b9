"""Light estimators: small networks that see a whole photo as a thumbnail and say how its light is
to be changed, everywhere and at any size.

What a crop cannot tell, a thumbnail can: how dark the photo is as a whole, where its sky is, how
far its colours reach. The network never paints; it gives settings for the few steps of
`light_chain`, as Gharbi et al. ("Deep Bilateral Learning", 2017) let a network at low resolution
choose transforms for the full one. For haze it gives the airlight and a map of transmission
instead, for shadows a map of how much they are to be lifted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.diffusion.specialists.light_chain import (
    SETTINGS,
    Tone,
    brightness,
    coloured,
    curved,
    guided,
    held,
    least_share,
    lift,
    lifted,
    mixed,
    seen_through,
    tone_of,
    unveiled,
)
from engine.relight import LEAST_TRANSMISSION, MOST_LIFTED

THUMBNAIL = 192
"""Longest side, in pixels, of what the network is shown."""
MULTIPLE = 16
"""Height and width of it are whole multiples of this."""
_SHARES = (0.001, 0.005, 0.02, 0.08, 0.2, 0.35, 0.5, 0.65, 0.8, 0.92, 0.98, 0.995, 0.999)
"""Quantiles by which the network knows how a photo's values are spread."""
_END = 1
"""Which quantile, from either end, automatic contrast would take as black and white."""
_KINDS = 6
"""Values whose quantiles are taken: red, green, blue, brightness, least and largest colour."""
_PATCH = 9
"""Pixels of the half thumbnail in which something dark is expected."""
_PEAK = 150.0
"""How sharply the airlight is looked for where the dark channel is brightest."""
_FALL, _MIDDLE = 8.0, 0.35
"""How fast shadows are lifted less the brighter it is, per unit; where they are at their common."""
_LIT = 0.25, 0.5
"""Brightness around a place up to which shadows are lifted in full, and from which they aren't: a
blue sky is no shadow, though an estimator that is uncertain lifts it, too."""
Layer = TypeVar("Layer", nn.Linear, nn.Conv2d)


@dataclass(frozen=True, slots=True)
class LightSizes:
    """Channels at a half, a quarter, an eighth and a sixteenth of the thumbnail; of the settings'
    layers; and whether there is a veil to take away, or whether there are shadows to be lifted.
    Where there is either the tones stay."""

    widths: tuple[int, int, int, int] = (16, 32, 48, 64)
    hidden: int = 96
    veil: bool = False
    shade: bool = False

    def __post_init__(self) -> None:
        if len(self.widths) != 4 or min(*self.widths, self.hidden) < 1:
            raise ValueError(f"an estimator has four levels of channels, not {self}")
        if self.veil and self.shade:
            raise ValueError("an estimator gives a veil or a shade")


@dataclass(frozen=True, slots=True)
class VeilMaps:
    """The haze over a batch of pictures."""

    airlight: Tensor
    """(b, 3, h, w), smooth"""
    slope: Tensor
    offset: Tensor
    """(b, 1, h, w); see `light_chain.guided`. All are half as large as the thumbnail."""

    def transmission(self, thumb: Tensor, *, leak: bool = False) -> Tensor:
        """(b, 1, h, w) of thumbnails (b, 3, h, w); with `leak` as a training wants it."""
        slope, offset = (_sized(field, thumb) for field in (self.slope, self.offset))
        return seen_through(slope, offset, thumb, leak=leak)

    def air(self, thumb: Tensor) -> Tensor:
        """The airlight (b, 3, h, w) of thumbnails (b, 3, h, w)."""
        return _sized(self.airlight, thumb)


@dataclass(frozen=True, slots=True)
class ShadeMaps:
    """The shadows of a batch of pictures, half as large as the thumbnail."""

    slope: Tensor
    offset: Tensor
    """(b, 1, h, w); see `light_chain.guided`"""

    def lift(self, thumb: Tensor, *, leak: bool = False) -> Tensor:
        """(b, 1, h, w) of thumbnails (b, 3, h, w); with `leak` as a training wants it."""
        slope, offset = (_sized(field, thumb) for field in (self.slope, self.offset))
        return lift(slope, offset, thumb, leak=leak)


@dataclass(frozen=True, slots=True)
class Light:
    """What is to be done to a batch of pictures."""

    tone: Tone | None = None
    veil: VeilMaps | None = None
    shade: ShadeMaps | None = None

    def apply(self, thumb: Tensor, *, leak: bool = False) -> Tensor:
        """Thumbnails (b, 3, h, w) in their new light; with `leak` as a training wants it."""
        if self.veil is not None:
            share = self.veil.transmission(thumb, leak=leak)
            thumb = unveiled(thumb, self.veil.air(thumb), share, leak=leak)
        if self.tone is not None:
            lit = mixed(curved(thumb, self.tone, leak=leak), self.tone.mix)
            thumb = held(lit, 0, 1, leak=leak)
        if self.shade is not None:
            thumb = lifted(thumb, self.shade.lift(thumb, leak=leak))
        return thumb


class LightNetwork(nn.Module):
    """Thumbnails (b, 3, h, w), sides multiples of 16, to what is to be done to them."""

    def __init__(self, sizes: LightSizes) -> None:
        super().__init__()
        self.sizes = sizes
        a, b, c, d = sizes.widths
        self.down = nn.ModuleList(
            nn.Conv2d(i, o, 3, 2, 1) for i, o in ((6 + sizes.veil, a), (a, b), (b, c), (c, d))
        )
        self.deep = nn.ModuleList(nn.Conv2d(d, d, 3, 1, 1) for _ in range(2))
        known = 2 * _KINDS * len(_SHARES)
        self.first = nn.Linear(2 * d + known, sizes.hidden)
        self.second = nn.Linear(sizes.hidden, sizes.hidden)
        if sizes.veil or sizes.shade:
            self.told = nn.Linear(sizes.hidden, d)
            self.up = nn.ModuleList(nn.Conv2d(i, o, 1) for i, o in ((d, c), (c, b), (b, a)))
            self.level = nn.ModuleList(nn.Conv2d(w, w, 3, 1, 1) for w in (c, b, a))
            self.map = _zeroed(nn.Conv2d(a, 1 + sizes.veil, 3, 1, 1))
        else:
            self.settings = _zeroed(nn.Linear(sizes.hidden, SETTINGS))
            self.direct = _zeroed(nn.Linear(known, SETTINGS, bias=False))
        if sizes.shade:
            self.fall = _zeroed(nn.Linear(sizes.hidden, 2))
            self.spread = _zeroed(nn.Linear(known, 2, bias=False))
        if sizes.veil:
            self.air = _zeroed(nn.Linear(sizes.hidden, 3 + 1))
            self.glow = _zeroed(nn.Conv2d(d, 1, 3, 1, 1))

    def forward(self, thumb: Tensor) -> Light:
        """What is to be done to thumbnails (b, 3, h, w), sRGB-encoded, 0..1."""
        spread = quantiles(thumb)
        ends = torch.stack((spread[:, :3, _END], spread[:, :3, -1 - _END]), 1)
        low, high = ends[:, 0, :, None, None], ends[:, 1, :, None, None]
        stretched = (thumb - low) / (high - low).clamp_min(0.02)
        seen = [thumb, stretched.clamp(0, 1)]
        half = F.avg_pool2d(thumb, 2)
        if self.sizes.veil:
            seen.append(F.interpolate(dark_channel(half), scale_factor=2.0, mode="nearest"))
        x = torch.cat(seen, 1) - 0.5
        levels = []
        for convolution in self.down:
            x = F.relu(convolution(x))
            levels.append(x)
        x = x + self.deep[1](F.relu(self.deep[0](x)))
        known = _told(spread)
        alone = x[0, 0].numel() == 1  # one place alone has no spread
        spreads = x.float().std((2, 3), correction=0 if alone else 1)
        pooled = torch.cat((x.float().mean((2, 3)), spreads, known), 1)
        hidden = F.relu(self.first(pooled))
        hidden = hidden + F.relu(self.second(hidden))
        if not (self.sizes.veil or self.sizes.shade):
            raw = self.settings(hidden).float() + self.direct(known).float()
            return Light(tone_of(raw, ends))
        deep = x + self.told(hidden)[..., None, None]
        if self.sizes.shade:
            fall = (self.fall(hidden) + self.spread(known)).float()
            return Light(shade=_shade(half, self._maps(deep, levels), fall))
        glow = torch.exp(torch.tanh(self.glow(F.relu(deep)).float()))
        veil = self._veil(half, self._maps(deep, levels), glow, self.air(hidden).float())
        return Light(veil=veil)

    def _maps(self, x: Tensor, levels: list[Tensor]) -> Tensor:
        """Optical depth and where it is haziest (b, 2, h, w), or how much shadows are to be lifted
        (b, 1, h, w), half as large as the thumbnail."""
        for up, level, skip in zip(self.up, self.level, levels[-2::-1], strict=True):
            x = F.interpolate(up(F.relu(x)), scale_factor=2.0, mode="nearest") + skip
            x = x + F.relu(level(F.relu(x)))
        maps: Tensor = self.map(F.relu(x)).float()
        return maps

    def _veil(self, half: Tensor, maps: Tensor, glow: Tensor, raw: Tensor) -> VeilMaps:
        """Airlight and transmission: those of the dark channel prior, and what the network makes
        of them."""
        depth, haziest = torch.split(maps, 1, 1)
        weight = torch.softmax((_PEAK * dark_channel(half) + 4 * haziest).flatten(2), 2)
        airlight = (half.flatten(2) * weight).sum(2) + 0.4 * torch.tanh(raw[:, :3])
        airlight = airlight.clamp(0.2, 1)
        least = -math.log(LEAST_TRANSMISSION)
        air = airlight[..., None, None] * _sized(glow, half)
        veiled = dark_channel(half / air.detach()).clamp(0, 0.9)
        depth = depth - torch.log(1 - veiled) * raw[:, 3:, None, None]
        share = torch.exp(-held(depth, 0, least, leak=self.training))
        share = torch.maximum(share, least_share(half.float(), air.detach()))
        return VeilMaps(coloured(air, half.float(), share), *guided(share, half))


def _shade(half: Tensor, maps: Tensor, fall: Tensor) -> ShadeMaps:
    """How much shadows are lifted: what a slider for them does, which goes by how dark it is around
    a place, with its two settings in `fall` (b, 2), and what the network makes of each place."""
    common, steep = (part[..., None, None] for part in torch.split(fall, 1, 1))
    around = F.avg_pool2d(brightness(half), 5, 1, 2, count_include_pad=False)
    logits = 2 * maps + common + _FALL * steep * (_MIDDLE - around) - 2
    slope, offset = guided(MOST_LIFTED * torch.sigmoid(logits), half)
    full, none = _LIT
    share = ((none - around) / (none - full)).clamp(0, 1)
    share = share * share * (3 - 2 * share)
    return ShadeMaps(share * slope, share * offset)


def dark_channel(picture: Tensor) -> Tensor:
    """Least value of any colour around each pixel, (b, 1, h, w): near 0 where there is no haze
    (He, Sun and Tang 2009)."""
    return -F.max_pool2d(-picture.amin(1, keepdim=True), _PATCH, 1, _PATCH // 2)


def _sized(field: Tensor, picture: Tensor) -> Tensor:
    """The field, enlarged linearly to the picture's size."""
    if field.shape[2:] == picture.shape[2:]:
        return field
    return F.interpolate(field, picture.shape[2:], mode="bilinear")


def quantiles(thumb: Tensor) -> Tensor:
    """(b, kinds, shares) of pictures (b, 3, h, w), from every third row and column."""
    few = thumb[..., ::3, ::3]
    least, most = few.amin(1, keepdim=True), few.amax(1, keepdim=True)
    values = torch.cat((few, brightness(few), least, most), 1).flatten(2)
    ordered = values.sort(2).values
    places = [round(share * (ordered.shape[2] - 1)) for share in _SHARES]
    return ordered[..., places]


def _told(spread: Tensor) -> Tensor:
    """Quantiles as the linear layers see them: as values and as light."""
    return torch.cat((2 * spread - 1, torch.log2(spread + 0.01) / 3 + 1), 1).flatten(1)


def _zeroed(layer: Layer) -> Layer:
    """The layer, giving nothing at first."""
    nn.init.zeros_(layer.weight)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer
