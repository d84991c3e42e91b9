"""IRBridge: restoration bridges travelled with a flow network (arXiv 2505.24406, ICML 2025).

A bridge leads from the degraded latent y to the clean one: x_i = f_i clean + (1 - f_i) y + sig_i e.
Its states and those of a flow describe the same clean latent, so each can be turned into the other
without knowing it. At the critical time sig / (f + sig) no noise is needed for that, y cancels, and
the bridge is Euler on the grid of critical times from the noised degraded latent. `trajectory`
says it in those terms, for the ordinary sampling loop; `forward` and `reverse` are the method as
published, which the tests hold against it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from engine.schedule import Schedule
from engine.trajectory import Trajectory, clean_at, far_at

_ROUNDING = 1e-12
"""A variance this little below zero, right above the critical time, is zero."""


@dataclass(frozen=True, slots=True)
class Bridge:
    """The coefficients of a bridge at its indices 0 (clean) to `last` (degraded)."""

    kept: tuple[float, ...]
    """f: share of the clean latent, falling from 1."""
    spread: tuple[float, ...]
    """sig: standard deviation of the noise, 0 at index 0."""

    def __post_init__(self) -> None:
        if len(self.kept) != len(self.spread) or len(self.kept) < 2:
            raise ValueError("a bridge has as many shares as spreads, two or more")
        if self.kept[0] != 1 or self.spread[0] != 0:
            raise ValueError("a bridge ends at the clean latent: kept 1, spread 0")
        if min(self.kept) <= 0 or min(self.spread[1:]) <= 0:
            raise ValueError("indices without clean latent or noise are left out")

    @property
    def last(self) -> int:
        """The index nearest to the degraded latent."""
        return len(self.kept) - 1

    def critical(self, index: int) -> float:
        """The flow's sigma with the same ratio of noise to clean latent as this index."""
        return self.spread[index] / (self.kept[index] + self.spread[index])

    def first(self, index: int, degraded: Tensor, noise: Tensor) -> Tensor:
        """The bridge's state where it starts: the degraded latent with the index's noise."""
        return degraded + self.spread[index] * noise

    def forward(
        self, x: Tensor, index: int, degraded: Tensor, sigma: float, noise: Tensor
    ) -> Tensor:
        """The flow state at `sigma` for the bridge state `x`; all of one shape.

        Raises `ValueError` below the critical time, where noise would have to be taken away.
        """
        f, sig = self.kept[index], self.spread[index]
        without = x - (1 - f) * degraded
        if sigma == self.critical(index):
            return without / (f + sig)
        missing = sigma**2 - ((1 - sigma) * sig / f) ** 2
        if not sigma <= 1 or missing < -_ROUNDING:
            raise ValueError(f"sigma {sigma} is not in {self.critical(index)} to 1")
        return (1 - sigma) / f * without + math.sqrt(max(missing, 0.0)) * noise

    def reverse(
        self, z: Tensor, sigma: float, velocity: Tensor, index: int, degraded: Tensor
    ) -> Tensor:
        """The bridge state at `index` for a flow state `z` at `sigma` and its velocity."""
        f, sig = self.kept[index], self.spread[index]
        clean, far = clean_at(z, velocity, sigma), far_at(z, velocity, sigma)
        return f * clean + (1 - f) * degraded + sig * far

    def trajectory(
        self, steps: int | None = None, first: int | None = None, renoise: float = 0.0
    ) -> Trajectory:
        """This bridge for the sampling loop, from index `first` (the last one) down to 0.

        `steps` indices are taken, evenly spaced; all of them if not given. `renoise` above 0
        queries the network above the critical time, as `Trajectory.renoise` says.
        """
        top = self.last if first is None else first
        count = top if steps is None else steps
        if not 1 <= count <= top <= self.last:
            raise ValueError(f"from index {top} there are 1 to {top} steps, not {count}")
        indices = [round(top * (count - i) / count) for i in range(count + 1)]
        times = tuple(self.critical(index) for index in indices)
        return Trajectory(start="degraded", schedule=Schedule(listed=times), renoise=renoise)


def goub(steps: int = 100, noise: float = 30 / 255, rest: float = 0.005) -> Bridge:
    """Generalised Ornstein-Uhlenbeck bridge (Yue et al. 2024) with its cosine drift.

    noise: lambda, in units of what is restored (30/255 is for pixels in 0..1). rest: share of the
    clean picture left in the unbridged process at its end. The end itself, where the state is the
    degraded latent and nothing else, is left out.
    """
    drift = _drift(steps, rest)
    whole = _gained(drift[-1])

    def share(done: float) -> float:
        return math.exp(-done) * _gained(drift[-1] - done) / whole

    def deviation(done: float) -> float:
        return noise * math.sqrt(_gained(done) * _gained(drift[-1] - done) / whole)

    return _bridge(drift[:-1], share, deviation)


def ir_sde(steps: int = 100, noise: float = 30 / 255, rest: float = 0.005) -> Bridge:
    """Mean-reverting diffusion (IR-SDE, Luo et al. 2023); arguments as for `goub`."""
    return _bridge(
        _drift(steps, rest),
        lambda done: math.exp(-done),
        lambda done: noise * math.sqrt(_gained(done)),
    )


def _bridge(
    drift: list[float], share: Callable[[float], float], deviation: Callable[[float], float]
) -> Bridge:
    inner = drift[1:]
    return Bridge(
        (1.0, *(share(done) for done in inner)), (0.0, *(deviation(done) for done in inner))
    )


def _gained(done: float) -> float:
    """1 - e^(-2 done), the variance gained after that much drift, in units of lambda squared."""
    return -math.expm1(-2 * done)


def _drift(steps: int, rest: float) -> list[float]:
    """Drift summed up to each index 0..steps, 0 to -ln(rest); its rate rises with a cosine."""
    if steps < 2 or not 0 < rest < 1:
        raise ValueError("a bridge has 2 steps or more, and rest is between 0 and 1")
    offset, span = 0.008, steps + 2

    def rate(place: int) -> float:
        level = math.cos((place / span + offset) / (1 + offset) * math.pi / 2) ** 2
        return 1 - level / math.cos(offset / (1 + offset) * math.pi / 2) ** 2

    sums = [0.0]
    for index in range(1, steps + 1):
        sums.append(sums[-1] + rate(index + 1))
    return [-math.log(rest) * done / sums[-1] for done in sums]


BRIDGES: dict[str, Callable[[], Bridge]] = {
    "goub": goub,
    "ir-sde": ir_sde,
}
"""Bridges by name, with the published coefficients."""
