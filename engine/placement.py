"""Where and how a backbone runs on a machine: pure arithmetic on what both are said to have.

The bytes of weights are parameters times bits. The bytes of work are computed from the shapes of
the largest layers and widened by a margin; none of them is measured here, so a placement is where
a run begins, and `diffusion/out_of_memory.py` is how it goes on if the sum was too kind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from engine.backbones import BITS, BackboneSpec

Kind = Literal["cuda", "mps", "cpu"]
Offload = Literal["none", "model", "blocks"]
"""none: all weights stay on the device. model: transformer and autoencoder take turns there.
blocks: the transformer's blocks come one after another."""

GB = 10**9

MEMORY_PER_PIXEL = 40
"""Bytes a pixel of the output: photo and composed photo in float32 (12 each), the prediction in
its file (6, of which the system keeps what fits), and reading or writing (up to 10)."""
MEMORY_PER_TILE = 1_500_000_000
"""Bytes for the network's work on one tile, whatever the size of the photo."""

_PREFERRED: dict[Kind, tuple[str, ...]] = {
    "cuda": ("bf16", "f16", "q8", "fp8", "int8", "q6", "q4", "nf4", "q2"),
    "mps": ("bf16", "f16", "q8", "q6", "q4", "nf4", "q2"),
    "cpu": ("q8", "q6", "q4", "bf16", "f16", "q2"),
}
"""Precisions a kind of device can run, best picture first; a processor reads small weights faster.
Apple has no fp8, and bitsandbytes wants an accelerator (`flux-runtime`, section 2)."""

_LONG = ("bf16", "f16")
"""Precisions that can be rounded to eight bits while they are read."""

_STEPS: tuple[tuple[tuple[Offload, float, bool], ...], ...] = (
    (("none", 1.0, False), ("none", 1.0, True)),
    (("model", 1.0, True),),
    (("none", 0.75, True), ("model", 0.75, True), ("model", 0.5, True)),
    (("blocks", 1.0, True), ("blocks", 0.5, True)),
)
"""Off-load, share of the native side, and whether the autoencoder works in tiles. Before the next
group is tried, with all that it costs in time or looks, a coarser precision is taken."""

_SYSTEM = 600_000_000
"""Bytes that the driver and the libraries' kernels take on a GPU."""
_ADAPTER = round(387e6 * 2)
"""Bytes of the largest adapter, FluxIR's on FLUX.1-dev, in 16 bits beside any precision."""
_AUTOENCODER = round(84e6 * 4)
"""Bytes of either autoencoder of the large models, in 32 bits."""
_VAE_SIDE = 512
"""Side of the autoencoder's tiles, in pixels."""
_MARGIN = 1.25
"""For what an allocator loses between its blocks."""
_RAM_FREE = 3 * GB
"""Bytes of memory left to the rest of the system beside a large model."""
RAM_FREE_SMALL = 1 * GB
"""The same beside one that ships, which runs for a short time and anywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """What a machine computes with. `memory` and `ram` in bytes, free ones where they are known."""

    kind: Kind
    name: str
    memory: int
    """Of the device; on an Apple or a processor the same as `ram`."""
    ram: int
    bf16: bool = True
    fp8: bool = False
    """Whether it multiplies in eight bits; storing in them needs no ability."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """How a backbone is run: names only, no tensors."""

    device: Kind
    variant: str
    dtype: Literal["bfloat16", "float32"]
    side: int
    """Of a tile, in pixels of the picture."""
    vae_side: int
    """Of the autoencoder's own tiles; 0 where it takes the whole tile at once."""
    offload: Offload
    tables: bool
    """Whether the modulation layers are replaced by a table of the schedule."""
    peak: int
    """Bytes on the device, as computed."""
    why: str
    """For people: what decided."""


@dataclass(frozen=True, slots=True)
class NoPlacement:
    """A backbone does not fit on a machine; `why` says what is missing."""

    why: str


def choose(
    spec: BackboneSpec,
    machine: Hardware,
    variants: Collection[str] | None = None,
    *,
    tables: bool = True,
) -> Placement | NoPlacement:
    """The best placement of `spec`, in one of `variants` (those at hand; all of them by default).

    `tables` says whether prompt and schedule are fixed, so that the modulation can be one.
    """
    at_hand = spec.variants if variants is None else variants
    usable = [name for name in _PREFERRED[machine.kind] if name in at_hand]
    if not usable:
        return NoPlacement(f"{spec.title} is not there in a precision that {machine.name} runs")
    for candidate in _candidates(spec, machine, usable, tables=tables):
        if _fits(candidate, spec, machine):
            return candidate
    least = min(c.peak for c in _candidates(spec, machine, usable, tables=tables))
    need = f"{machine.name} has {machine.memory / GB:.1f} GB free, {least / GB:.1f} are needed"
    if least <= machine.memory:
        need = f"the {machine.ram / GB:.1f} GB of memory do not hold its weights"
    return NoPlacement(f"{spec.title} does not fit: {need}")


def runnable(stored: Collection[str]) -> tuple[str, ...]:
    """The precisions to choose from where these are stored: 16 bits can be read as int8."""
    longer = any(name in stored for name in _LONG)
    return (*stored, "int8") if longer and "int8" not in stored else tuple(stored)


def stored_as(variant: str, stored: Collection[str]) -> str:
    """The stored precision that is read for `variant`, one of `runnable`."""
    return variant if variant in stored else next(name for name in _LONG if name in stored)


def need(spec: BackboneSpec, variant: str) -> int:
    """Bytes of GPU memory with which `variant` runs without off-load at the native size."""
    card = Hardware(kind="cuda", name="", memory=10**15, ram=10**15)
    return _placed(spec, card, variant, ("none", 1.0, True), tables=True).peak


def lower(placement: Placement, smallest: int) -> Iterator[Placement]:
    """What to try in turn when memory runs out: smaller tiles down to `smallest` (a multiple of
    16), then off-load where the device has a memory of its own, then the processor."""
    side = placement.side
    while side > smallest:
        side = max(smallest, side // 2 // 16 * 16)
        placement = replace(placement, side=side, vae_side=min(side, _VAE_SIDE))
        yield replace(placement, why=f"memory ran out: tiles of {side} pixels")
    if placement.device == "cuda":
        order: tuple[Offload, ...] = ("none", "model", "blocks")
        for offload in order[order.index(placement.offload) + 1 :]:
            yield replace(placement, offload=offload, why="memory ran out: weights off-loaded")
    if placement.device != "cpu":
        why = "memory ran out: on the processor"
        yield replace(placement, device="cpu", offload="none", why=why)


def _candidates(
    spec: BackboneSpec, machine: Hardware, usable: list[str], *, tables: bool
) -> Iterator[Placement]:
    for group in _STEPS:
        if group[0][0] == "blocks":
            # All weights cross over with each step: eight bits take half the time of sixteen.
            usable = sorted(usable, key=lambda variant: BITS[variant] > 9)
        for variant in usable:
            for step in group:
                # Where there is one memory, nothing is won by moving weights about in it.
                if step[0] == "none" or machine.kind == "cuda":
                    yield _placed(spec, machine, variant, step, tables=tables)


def _placed(
    spec: BackboneSpec,
    machine: Hardware,
    variant: str,
    step: tuple[Offload, float, bool],
    *,
    tables: bool,
) -> Placement:
    offload, share, in_tiles = step
    side = max(spec.size.minimum, round(spec.size.native * share))
    vae_side = min(side, _VAE_SIDE) if in_tiles else 0
    without = tables and spec.modulation > 0
    number = 2 if machine.bf16 else 4
    work = spec.token_bytes(side, number) * _MARGIN
    decode = _decoding(spec, vae_side or side)
    peak = _peak(
        spec, spec.weight_bytes(variant, with_modulation=not without), offload, work, decode
    )
    if machine.kind != "cpu":
        peak += _SYSTEM
    words = {"none": "", "model": ", off-loaded by turns", "blocks": ", block by block"}[offload]
    return Placement(
        device=machine.kind,
        variant=variant,
        dtype="bfloat16" if machine.bf16 else "float32",
        side=side,
        vae_side=vae_side,
        offload=offload,
        tables=without,
        peak=round(peak),
        why=f"{variant}{words} takes {peak / GB:.1f} of {machine.memory / GB:.1f} GB",
    )


def _decoding(spec: BackboneSpec, side: int) -> float:
    """Bytes that the autoencoder works in, on a tile of `side` pixels: three maps of 256 channels
    at full size, what enters, what leaves, and its norm; none for a model without.

    It computes in float32 everywhere: what is added to a draft is a difference of two decodings.
    """
    has_one = any(file.role == "autoencoder" for file in spec.files)
    return side**2 * 256 * 3 * 4 * _MARGIN if has_one else 0.0


def _peak(
    spec: BackboneSpec, transformer: int, offload: Offload, work: float, decode: float
) -> float:
    """Bytes on the device at most, but for those that the system takes there."""
    weights = transformer + _own(spec, "adapter", _ADAPTER)
    # Files of the small model are in 16 bits, and its autoencoder runs in 32.
    autoencoder = 2 * _own(spec, "autoencoder", _AUTOENCODER // 2)
    match offload:
        case "none":
            return weights + autoencoder + max(work, decode)
        case "model":
            return max(weights + work, autoencoder + decode)
        case "blocks":
            return max(0.1 * weights + work, autoencoder + decode)


def _own(spec: BackboneSpec, role: str, usual: int) -> int:
    """Bytes of a model's file of this role where it ships, else what such files usually have."""
    if not spec.shipped:
        return usual
    return sum(file.bytes or usual for file in spec.files if file.role == role)


def _fits(placement: Placement, spec: BackboneSpec, machine: Hardware) -> bool:
    weights = spec.weight_bytes(placement.variant, with_modulation=not placement.tables)
    left = RAM_FREE_SMALL if spec.shipped else _RAM_FREE
    shared = machine.kind != "cuda"
    if shared:
        return placement.peak + left <= machine.ram
    away = weights if placement.offload != "none" else 0
    return placement.peak <= machine.memory and away + left <= machine.ram
