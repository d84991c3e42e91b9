"""What this machine computes with."""

from __future__ import annotations

import torch

from engine.errors import RestorerError

DEVICES = ("auto", "cpu", "cuda", "mps")


def pick_device(name: str) -> torch.device:
    """The device `name`, or the best one for "auto"; raises `RestorerError` if it is not there."""
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    present = {
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    if name not in present:
        raise RestorerError(f"There is no kind of device called “{name}”.", "Take auto or cpu.")
    if not present[name]:
        raise RestorerError(f"This machine has no usable “{name}” device.", "Take auto or cpu.")
    return torch.device(name)


def compute_dtype(device: torch.device) -> torch.dtype:
    """The number format in which `device` computes fastest without visible loss.

    On a CPU without bfloat16 instructions (AVX-512 BF16, AMX) the short format is slower.
    """
    if device.type == "cuda":
        return torch.bfloat16
    if device.type == "cpu" and _cpu_has_bfloat16():
        return torch.bfloat16
    return torch.float32


def _cpu_has_bfloat16() -> bool:
    return bool(torch.cpu.get_capabilities().get("avx512_bf16", False))
