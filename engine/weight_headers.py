"""What the first bytes of a weights file say of the whole, without reading it.

Formats: safetensors (8 bytes little-endian length, JSON header with offsets, data to the end) and
GGUF (magic, version).
"""

from __future__ import annotations

import json
from pathlib import Path

_LONGEST = 100_000_000
"""Bytes above which a safetensors header cannot be meant; the format's own limit."""


def header_fault(path: Path, suffix: str = "") -> str:
    """What is wrong with a weights file, in a few words; empty if nothing shows, or if it is of
    another kind. `suffix` is its kind (".gguf") where its name does not end in it yet."""
    kind = (suffix or path.suffix).lower()
    if kind == ".safetensors":
        return _safetensors_fault(path)
    if kind == ".gguf":
        with path.open("rb") as file:
            head = file.read(8)
        return "" if head[:4] == b"GGUF" and len(head) == 8 else "it is no GGUF file"
    return ""


def _safetensors_fault(path: Path) -> str:
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if size < 8 or length > min(_LONGEST, size - 8):
            return "it is no safetensors file"
        try:
            header = json.loads(file.read(length))
            ends = [entry["data_offsets"][1] for name, entry in header.items() if name[:2] != "__"]
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            return "it is no safetensors file"
    whole = 8 + length + max(ends, default=0)
    return "" if size == whole else f"it has {size} bytes instead of {whole}"
