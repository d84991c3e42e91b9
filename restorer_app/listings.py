"""The tables that `presets` and `models` print."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from engine.placement import need
from restorer_app.console import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.phrases import Phrase
    from engine.preset import Preset
    from engine.weights import ModelSpec
    from restorer_app.console import Console
    from restorer_app.model_store import Entry
    from restorer_app.own_adapters import OwnAdapter


_SMALL = 10**8
"""Bytes below which a size is said in megabytes."""


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


def list_models(
    models: Sequence[ModelSpec],
    fetched: Sequence[Entry],
    console: Console,
    phrases: Sequence[Phrase] = (),
) -> None:
    """One line per model: those that ship with the program, then those that can be fetched.

    Of those that follow words it is said whether the presets' `phrases` are encoded.
    """
    rows = [("MODEL", "SIZE", "LICENCE", "WHERE", "GPU", "MAY I SELL THE PICTURE?", "TITLE")]
    for model in models:
        size = f"{model.bytes / 1e6:.1f} MB"
        row = (model.id, size, model.licence, "ships", "none", model.may_sell, model.title)
        rows.append(row)
    for entry in fetched:
        spec = entry.spec
        gpu = f"{need(spec, spec.variant) / 1e9:.1f} GB"
        licence = f"{spec.licence} (ask first)" if spec.opt_in else spec.licence
        row = (
            spec.id,
            _size(entry),
            licence,
            _where(entry, phrases),
            gpu,
            spec.may_sell,
            spec.title,
        )
        rows.append(row)
    for line in table(rows):
        console.line(line)


def list_adapters(adapters: Sequence[OwnAdapter], console: Console) -> None:
    """One line per adapter that the user has trained; nothing where there is none."""
    if not adapters:
        return
    rows = [("YOUR ADAPTER", "ID", "MODEL", "FOR", "FILE")]
    for own in adapters:
        rows.append((own.title, own.name, own.model, own.task or "everything", str(own.path)))
    console.line("")
    for line in table(rows):
        console.line(line)


def _size(entry: Entry) -> str:
    """Of what is here, else of what would be fetched, as far as that is published."""
    if entry.bytes:
        small = entry.bytes < _SMALL
        return f"{entry.bytes / 1e6:.1f} MB" if small else f"{entry.bytes / 1e9:.1f} GB"
    files = entry.spec.files_of(entry.spec.variant)
    known = sum(file.about or 0 for file in files)
    if not known:
        return "unknown"
    return (
        f"{'over' if any(file.about is None for file in files) else 'about'} {known / 1e9:.1f} GB"
    )


def _where(entry: Entry, phrases: Sequence[Phrase]) -> str:
    if entry.variants and entry.spec.shipped:
        return "ships"
    if entry.variants:
        return f"here ({', '.join(entry.variants)}){_words(entry, phrases)}"
    if not entry.spec.ready:
        return "not yet"
    return "begun" if entry.begun or entry.bytes else "to download"


def _words(entry: Entry, phrases: Sequence[Phrase]) -> str:
    """Whether a model that follows words has its prompts."""
    if not entry.spec.reference:
        return ""
    here = set(entry.prompts.values())
    lacking = [phrase for phrase in phrases if phrase.words not in here]
    if not lacking:
        return ", phrases ready"
    return f", {len(lacking)} of {len(phrases)} phrases to encode"
