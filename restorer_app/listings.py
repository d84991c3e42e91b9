"""The tables that `presets` and `models` print."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from restorer_app.console import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.preset import Preset
    from engine.weights import ModelSpec
    from restorer_app.console import Console


def list_presets(presets: Mapping[str, Preset], console: Console, *, as_json: bool) -> None:
    """One line per preset, in card order."""
    if as_json:
        for preset in presets.values():
            console.line(json.dumps(asdict(preset)))
        return
    rows = [("PRESET", "TITLE", "SCALE", "WHAT IT DOES")]
    for preset in presets.values():
        summary = f"(experimental) {preset.summary}" if preset.experimental else preset.summary
        rows.append((preset.id, preset.title, f"{preset.scale}x", summary))
    for line in table(rows):
        console.line(line)


def list_models(models: Sequence[ModelSpec], console: Console) -> None:
    """One line per model that is on this machine."""
    rows = [("MODEL", "SIZE", "LICENCE", "MAY I SELL THE PICTURE?", "TITLE")]
    for spec in models:
        size = f"{spec.bytes / 1e6:.1f} MB"
        rows.append((spec.id, size, spec.licence, spec.may_sell, spec.title))
    for line in table(rows):
        console.line(line)


def verify_models(models: Sequence[ModelSpec], console: Console) -> bool:
    """One line per model, and one per fault; gives whether there is none."""
    from engine.weights import verify

    well = True
    for spec in models:
        faults = verify(spec)
        well = well and not faults
        console.line(f"{spec.id}  {'DAMAGED' if faults else 'intact'}")
        for fault in faults:
            console.line(f"  {fault}")
    return well
