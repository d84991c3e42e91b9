"""Whether a device computes what it should: asked at its first use, and remembered.

Drivers and chips with a fault give black pictures or noise, and no error. So a small network of the
same classes as the large ones, with weights from a fixed seed, runs on the device as it would for a
photo and on the processor in float32, and the two are compared.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.diffusion.out_of_memory import is_out_of_memory
from engine.machine_notes import TOLERANCES, MachineNotes, error_name

Compute = Callable[[torch.device, torch.dtype], tuple[Tensor, ...]]
"""The small network's answers on a device and in a format, brought to the CPU."""

_LOG = logging.getLogger(__name__)
_DRIVER = Path("/proc/driver/nvidia/version")
_SEED = 20260
_SIDE = 8
"""Of the small latent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """Where, and in which format, this machine computes what it should."""

    device: torch.device
    dtype: torch.dtype
    notes: tuple[str, ...] = ()
    """Sentences for the user, if it is not what was asked for."""


@dataclass(frozen=True, slots=True)
class _Try:
    device: torch.device
    dtype: torch.dtype
    note: str
    """What is said if the one before failed."""


def trusted(
    device: torch.device,
    dtype: torch.dtype,
    notes: MachineNotes,
    compute: Compute | None = None,
) -> Trusted:
    """The device and format asked for, or else float32 there, or else the processor.

    The check takes a second, once for each device, driver and version of torch. Never raises for a
    device that fails. `compute` is `small_answers` if not given.
    """
    said: list[str] = []
    for attempt in _ladder(device, dtype):
        if attempt.note:
            said.append(attempt.note)
        error = error_of(attempt.device, attempt.dtype, notes, compute or small_answers)
        if error <= TOLERANCES[_name(attempt.dtype)]:
            break
        _LOG.warning("%s is off by %.3g in %s", attempt.device, error, attempt.dtype)
    return Trusted(device=attempt.device, dtype=attempt.dtype, notes=tuple(said))


def error_of(
    device: torch.device, dtype: torch.dtype, notes: MachineNotes, compute: Compute
) -> float:
    """How far a device's answers are from the processor's; infinite where it gives none.

    The processor is what the others are compared with, and what the notes know is not computed
    again. Where memory runs out nothing is learnt, and 0 is returned: the run itself knows what to
    do about memory.
    """
    if device.type == "cpu":
        return 0.0
    about, which = machine_name(device), error_name(_name(dtype))
    known = notes.get(about, which)
    if known is not None:
        return known
    expected = compute(torch.device("cpu"), torch.float32)
    try:
        found = compute(device, dtype)
    except (RuntimeError, TypeError) as error:  # the latter for formats it does not have
        if is_out_of_memory(error):
            return 0.0
        _LOG.warning("%s cannot compute in %s: %s", device, dtype, error)
        worst = math.inf
    else:
        worst = max(map(relative_error, found, expected))
    notes.keep(about, which, worst)
    return worst


def small_answers(device: torch.device, dtype: torch.dtype) -> tuple[Tensor, ...]:
    """What a small FLUX.1 predicts and decodes, (1, n, channels) and (1, 3, h, w), on the CPU."""
    from engine.diffusion.flux.flux_models import Flux1Sizes, VaeSizes, flux1_transformer, flux1_vae

    sizes = Flux1Sizes(
        double=2,
        single=2,
        heads=4,
        head_width=64,
        text_width=64,
        pooled_width=32,
        axes=(16, 24, 24),
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(_SEED)
        transformer = flux1_transformer(sizes)
        autoencoder = flux1_vae(VaeSizes(widths=(32, 32, 64, 64), layers=1, groups=8))
        inputs = _inputs(sizes.channels, sizes.text_width, sizes.pooled_width)
        latent = torch.randn(1, 16, _SIDE, _SIDE)
    for network in (transformer, autoencoder):
        nn.Module.to(network, device, dtype)  # diffusers' own says that it might be unwise
    with torch.inference_mode():
        there = {name: value.to(device) for name, value in inputs.items()}
        floats = {k: v.to(dtype) if k[-3:] != "ids" else v for k, v in there.items()}
        velocity = transformer(**floats, return_dict=False)[0]
        decode = getattr(autoencoder, "decode")  # noqa: B009  # nn.Module does not promise it
        image = decode(latent.to(device, dtype), return_dict=False)[0]
    return velocity.float().cpu(), image.float().cpu()


def machine_name(device: torch.device) -> str:
    """A name that changes with all that may change what a device computes: chip, driver, torch."""
    torch_version = f"torch {torch.__version__}"
    if device.type == "cuda":
        chip = torch.cuda.get_device_name(device)
        return f"{chip}, driver {_driver()}, {torch_version}"
    if device.type == "cpu":
        return f"processor, {torch.backends.cpu.get_cpu_capability()}, {torch_version}"
    return f"{device.type}, {torch_version}"


def _driver() -> str:
    """Version of the NVIDIA driver, or of what stands for it."""
    try:
        # “NVRM version: NVIDIA UNIX x86_64 Kernel Module  570.124.06  Wed Feb 26 ...”
        found = re.search(r"Module\s+([\d.]+)", _DRIVER.read_text(encoding="ascii"))
    except (OSError, ValueError):
        found = None
    if found is not None:
        return found[1]
    if torch.version.hip is not None:
        return torch.version.hip
    version = getattr(torch._C, "_cuda_getDriverVersion", None)  # builds without CUDA have none
    return "unknown" if version is None else str(version())


def _inputs(channels: int, text_width: int, pooled_width: int) -> dict[str, Tensor]:
    tokens, words = _SIDE**2, 16
    places = torch.zeros(tokens, 3)
    places[:, 1] = torch.arange(tokens) // _SIDE
    places[:, 2] = torch.arange(tokens) % _SIDE
    return {
        "hidden_states": torch.randn(1, tokens, channels),
        "encoder_hidden_states": torch.randn(1, words, text_width),
        "pooled_projections": torch.randn(1, pooled_width),
        "timestep": torch.tensor([0.6]),
        "img_ids": places,
        "txt_ids": torch.zeros(words, 3),
    }


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _ladder(device: torch.device, dtype: torch.dtype) -> Iterator[_Try]:
    yield _Try(device, dtype, "")
    name = "The graphics processor"
    if dtype != torch.float32:
        wrong = f"{name} gave wrong numbers in {_name(dtype)}"
        yield _Try(device, torch.float32, f"{wrong}, so it computes in float32, which is slower.")
    if device.type != "cpu":
        note = f"{name} gives wrong numbers; the processor computes. Update its driver."
        yield _Try(torch.device("cpu"), torch.float32, note)


def relative_error(found: Tensor, expected: Tensor) -> float:
    """Root mean square of the error over that of what is expected; infinite for no numbers."""
    if found.shape != expected.shape or not bool(torch.isfinite(found).all()):
        return math.inf
    off = (found - expected).square().mean().sqrt() / expected.square().mean().sqrt()
    return float(off)
