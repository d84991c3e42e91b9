"""How many engines a run may have at once, and what each gets of the machine."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.backbones import backbones
from engine.placement import (
    GB,
    MEMORY_PER_PIXEL,
    MEMORY_PER_TILE,
    RAM_FREE_SMALL,
    Placement,
    choose,
)

if TYPE_CHECKING:
    from engine.placement import Hardware
    from engine.request import RestoreRequest
    from restorer_app.local_engine import Machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many engines, each computing on so many cores."""

    engines: int
    threads: int
    why: str = ""
    """A sentence for the user where there are fewer engines than they asked for."""


def share(
    asked: int, pattern: RestoreRequest, megapixels: float, machine: Machine, cores: int
) -> Share:
    """What comes of `asked` engines for photos of at most so many megapixels.

    A GPU is not divided: its memory holds the weights once. A processor's memory is, by what one
    photo takes at most as far as that can be said beforehand.
    """
    device = machine.device if pattern.device == "auto" else pattern.device
    if device != "cpu":
        why = "The photos are restored one after another: several engines would share the GPU."
        return Share(engines=1, threads=cores, why=why)
    engines, why = asked, ""
    if machine.hardware is not None and machine.hardware.ram > 0:
        need = _need(pattern, megapixels, machine.hardware)
        free = machine.hardware.ram - RAM_FREE_SMALL
        engines = min(asked, max(int(free // need), 1))
    if engines < asked:
        photos = "1 photo is" if engines == 1 else f"{engines} photos are"
        why = (
            f"Only {photos} restored at a time: each may take {need / GB:.1f} GB of memory,"
            f" and {max(free, 0) / GB:.1f} GB can be had."
        )
    return Share(engines=engines, threads=max(cores // engines, 1), why=why)


def cores() -> int:
    """Those that this process may compute on, or fewer where `OMP_NUM_THREADS` says so."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    there = _allowed()
    return min(int(told), there) if told.isdecimal() and int(told) else there


def _allowed() -> int:
    affinity = getattr(os, "sched_getaffinity", None)  # which Linux alone has
    return (os.cpu_count() or 1) if affinity is None else len(affinity(0))


def _need(pattern: RestoreRequest, megapixels: float, hardware: Hardware) -> float:
    """Bytes that one engine takes for a photo, beside the libraries that all of them share."""
    pixels = megapixels * 1e6 * pattern.preset.scale**2
    need = MEMORY_PER_TILE + MEMORY_PER_PIXEL * pixels
    for spec in backbones():
        if spec.id == pattern.model:
            here = replace(hardware, kind="cpu", memory=hardware.ram)  # whatever else there is
            placed = choose(spec, here)
            need += placed.peak if isinstance(placed, Placement) else hardware.ram
    return need
