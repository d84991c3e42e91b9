"""A picture's edges without its texture: what the blur of a photo is measured on."""

from __future__ import annotations

import torch
from torch import Tensor

_GROWTH = 2.0
"""Of the coupling between the picture and its edges, from one round to the next."""
_LAST = 1e4
"""Coupling at which both are the same."""


@torch.inference_mode()
def edges_alone(gray: Tensor, weight: float) -> Tensor:
    """Flat areas with sharp steps between them, (h, w), for a gray picture (h, w), encoded, 0..1.

    The picture with the fewest pixels of any gradient at a mean square distance that `weight`
    balances: L0 gradient minimisation by half-quadratic splitting (Xu, Lu, Xu and Jia 2011, "Image
    smoothing via L0 gradient minimization"). Borders are joined with those opposite.
    """
    height, width = gray.shape
    laplacian = _power((1, -1), 0, gray) + _power((1, -1), 1, gray)
    given = torch.fft.rfft2(gray)
    smooth, coupling = gray.clone(), 2 * weight
    while coupling < _LAST:
        right, down = torch.roll(smooth, -1, 1) - smooth, torch.roll(smooth, -1, 0) - smooth
        steps = right**2 + down**2 >= weight / coupling
        right, down = right * steps, down * steps
        divergence = torch.roll(right, 1, 1) - right + torch.roll(down, 1, 0) - down
        mixed = given + coupling * torch.fft.rfft2(divergence)
        smooth = torch.fft.irfft2(mixed / (1 + coupling * laplacian), s=(height, width))
        coupling *= _GROWTH
    return smooth.clamp_(0, 1)


def _power(taps: tuple[float, ...], axis: int, like: Tensor) -> Tensor:
    """The power spectrum of a filter along one axis, as large as the transform of `like`."""
    filter_ = torch.zeros_like(like)
    for index, tap in enumerate(taps):
        filter_[(index, 0) if axis == 0 else (0, index)] = tap
    power: Tensor = torch.fft.rfft2(filter_).abs() ** 2
    return power
