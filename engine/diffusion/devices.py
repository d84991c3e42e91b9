"""What this machine computes with."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import cv2
import torch

from engine.errors import RestorerError
from engine.placement import Hardware

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


def hardware(device: torch.device | None = None) -> Hardware:
    """What `device`, or the best one, has to offer right now: for `engine.placement.choose`."""
    device = pick_device("auto") if device is None else device
    ram = available_memory()
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        ability = torch.cuda.get_device_capability(device)
        return Hardware(
            kind="cuda",
            name=torch.cuda.get_device_name(device),
            memory=free,
            ram=ram,
            bf16=ability >= (8, 0),
            fp8=ability >= (8, 9),
        )
    if device.type == "mps":
        # One memory for both; Apple names the part of it that its GPU works well with.
        shared = min(ram, torch.mps.recommended_max_memory())
        newer = torch.backends.mps.is_macos_or_newer(14, 0)
        return Hardware(kind="mps", name="the Apple GPU", memory=shared, ram=ram, bf16=newer)
    return Hardware(kind="cpu", name="the processor", memory=ram, ram=ram, bf16=_cpu_has_bfloat16())


def keep_to(threads: int) -> None:
    """Compute on so many cores in this process; to be said before anything is computed."""
    torch.set_num_threads(threads)
    cv2.setNumThreads(threads)


def release_memory(device: torch.device) -> None:
    """Give back what the allocator of `device` keeps for later."""
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()


def available_memory() -> int:
    """Bytes of memory that programs can still get; all there is where the system only tells that.

    0 where it tells nothing.
    """
    if sys.platform == "win32":
        return _available_on_windows()
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        return 0


def _available_on_windows() -> int:
    """`ullAvailPhys` of GlobalMemoryStatusEx."""
    import ctypes
    import struct

    status = ctypes.create_string_buffer(struct.pack("<IIQQQQQQQ", 64, *[0] * 8))
    windll = getattr(ctypes, "windll", None)
    if windll is None or not windll.kernel32.GlobalMemoryStatusEx(status):
        return 0
    return int(struct.unpack_from("<IIQQ", status.raw)[3])
