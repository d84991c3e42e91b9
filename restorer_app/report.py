"""What became of one photo, as data and as the line that `--json` prints."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.errors import BadPhoto

if TYPE_CHECKING:
    from engine import messages
    from engine.errors import RestorerError
    from engine.request import RestoreResult
    from restorer_app.errands import Errand

_REPORT = "Please report it, with the lines above."
"""What there is to do about a fault of the program, whose trace was printed where it happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A restored and saved photo. `seconds` and `megapixels` (of the source) as measured."""

    input: str
    output: str
    preset: str
    model: str
    seconds: float
    megapixels: float
    device: str
    seed: int
    saw: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    """Why "auto" chose this preset: for the reader, not in the JSON object."""

    def record(self) -> dict[str, object]:
        """The fields of the JSON object, in the order that the manual lists them."""
        return {
            "input": self.input,
            "output": self.output,
            "preset": self.preset,
            "model": self.model,
            "seconds": round(self.seconds, 3),
            "megapixels": round(self.megapixels, 3),
            "device": self.device,
            "seed": self.seed,
            "saw": dict(self.saw),
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A photo that could not be restored; `message` and `remedy` are for its owner."""

    input: str
    kind: str
    message: str
    remedy: str = ""

    def record(self) -> dict[str, object]:
        """The fields of the JSON object; the remedy is for people and stays on stderr."""
        return {"input": self.input, "error": {"kind": self.kind, "message": self.message}}


Outcome = Done | Failed


def done(errand: Errand, result: RestoreResult, said: Sequence[str]) -> Done:
    """The outcome of a saved photo; `said` is what reading, restoring and saving warned of."""
    preset = result.preset
    warnings = [text for text in (errand.note, preset.caution, *said) if text]
    return Done(
        input=str(errand.source),
        output=str(errand.output),
        preset=preset.id,
        model=result.request.model,
        seconds=result.seconds,
        megapixels=result.megapixels,
        device=result.device,
        seed=result.request.seed,
        saw=result.saw,
        reasons=result.reasons,
        warnings=tuple(dict.fromkeys(warnings)),
    )


def failed(source: str, error: RestorerError) -> Failed:
    """The outcome of a photo that ended with an error of ours."""
    return Failed(input=source, kind=error.kind, message=sentence(error), remedy=error.remedy)


def failed_elsewhere(source: str, told: messages.Failed) -> Failed:
    """The outcome of a photo that ended with an error in another process."""
    message = _closed(told.message)
    remedy = _REPORT if told.trace else told.remedy
    return Failed(input=source, kind=told.kind, message=message, remedy=remedy)


def closed_folder(error: OSError) -> Failed:
    """The outcome of a folder whose photos nobody could see."""
    message = f"The folder cannot be read: {error.strerror}"
    return failed(str(error.filename), BadPhoto(message, "Ask its owner for the right to read it."))


def unforeseen(source: str, error: Exception) -> Failed:
    """The outcome of a photo that ended with a fault of the program."""
    return Failed(
        input=source,
        kind=type(error).__name__,
        message=f"Something unforeseen went wrong: {error}.",
        remedy=_REPORT,
    )


def sentence(error: RestorerError) -> str:
    """The error's message as a sentence, so that the remedy can follow it."""
    return _closed(error.message)


def _closed(message: str) -> str:
    text = message.strip()
    return text if text.endswith((".", "!", "?", "”")) else text + "."


def json_line(outcome: Outcome) -> str:
    """One line of ASCII JSON, whatever bytes the file names are made of."""
    return json.dumps(outcome.record())


def done_from(record: Mapping[str, object]) -> Done | None:
    """A `Done` back from its JSON object; None where the object is not one."""
    texts = [record.get(name) for name in ("input", "output", "preset", "model", "device")]
    seconds, megapixels, seed = (record.get(name) for name in ("seconds", "megapixels", "seed"))
    saw, warnings = record.get("saw"), record.get("warnings")
    if not all(isinstance(text, str) for text in texts) or not isinstance(seed, int):
        return None
    if not isinstance(seconds, int | float) or not isinstance(megapixels, int | float):
        return None
    if not isinstance(saw, dict) or not isinstance(warnings, list):
        return None
    if not all(isinstance(value, int | float) for value in saw.values()):
        return None
    source, output, preset, model, device = map(str, texts)
    return Done(
        input=source,
        output=output,
        preset=preset,
        model=model,
        seconds=float(seconds),
        megapixels=float(megapixels),
        device=device,
        seed=seed,
        saw={str(name): float(value) for name, value in saw.items()},
        warnings=tuple(map(str, warnings)),
    )
