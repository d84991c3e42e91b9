"""Instructions in words for backbones that understand them, and where their embeddings lie.

A preset says in its `phrase` what an editing model shall do to the photo. A text encoder turns it
into numbers once, when the model is fetched; afterwards the prompt files in the model's folder
are all that is needed. Nothing here loads torch: of a prompt file only the header is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine.errors import BadPreset, MissingWeights
from engine.preset import Preset

PROMPTS = "prompts"
"""The folder of the prompt files, in that of the model."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_LONGEST_HEADER = 1 << 20
"""Bytes above which the header of a prompt file cannot be meant."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """An instruction, and the name of its prompt file; raises `BadPreset` if either is none."""

    name: str
    words: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise BadPreset(
                f"“{self.name}” cannot name a phrase",
                "Use small letters, digits and hyphens.",
            )
        if not self.words.strip():
            raise BadPreset(f"The phrase {self.name} has no words", "Say what shall be done.")


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodeOrder:
    """Phrases to be encoded, and all that can influence the numbers. Plain data: it crosses to
    the process that does it."""

    family: str
    """Of the backbone: "flux1" or "flux2"."""
    encoder: Path
    """Folder with `text_encoder` and `tokenizer`, as diffusers lays them out."""
    place: Path
    """Folder of the model, below which the prompts go."""
    phrases: tuple[Phrase, ...]
    tokens: int
    """Tokens of a prompt: shorter ones are padded to it, longer ones cut. They take part in every
    step of the sampling, padding included, as in the networks' training."""
    device: str = "cpu"


def phrases_of(presets: Iterable[Preset]) -> tuple[Phrase, ...]:
    """The phrases of presets, each wording once.

    The first that uses a task names its prompt file after it, the next ones after themselves.
    """
    found: dict[str, Phrase] = {}
    said: set[str] = set()
    for preset in presets:
        if not preset.phrase or preset.phrase in said:
            continue
        name = preset.id if preset.task in found else preset.task or preset.id
        found[name] = Phrase(name, preset.phrase)
        said.add(preset.phrase)
    return tuple(found.values())


def prompt_path(place: Path, name: str) -> Path:
    """Where the prompt called `name` lies in a model's folder."""
    return place / PROMPTS / f"{name}.safetensors"


def stored(place: Path) -> dict[str, str]:
    """The words of the prompts in a model's folder, by name."""
    files: list[Path] = []
    with suppress(OSError):  # a folder that nobody may look into
        files = sorted((place / PROMPTS).glob("*.safetensors"))
    said = {path.stem: stored_words(path) for path in files}
    return {name: words for name, words in said.items() if words is not None}


def stored_words(path: Path) -> str | None:
    """What a prompt file was made from, from its header; None if it is no prompt file."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(length)) if length <= _LONGEST_HEADER else {}
        words = header["__metadata__"]["words"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return words if isinstance(words, str) else None


def not_encoded(place: Path, phrases: Iterable[Phrase]) -> tuple[Phrase, ...]:
    """Those that have no prompt of these very words yet: new, or changed since."""
    here = set(stored(place).values())
    return tuple(phrase for phrase in phrases if phrase.words not in here)


def prompt_for(place: Path, preset: Preset) -> Path:
    """The prompt file of a preset: the one with its very words, else that of its task.

    Raises `MissingWeights` if there is neither.
    """
    here = stored(place)
    names = [name for name, words in here.items() if words == preset.phrase]
    if preset.task in here:
        names.append(preset.task)
    if not names:
        raise MissingWeights(
            f"The model {place.name} has no prompt for “{preset.title}”",
            f"Make it with “restorer models encode {place.name}”.",
        )
    return prompt_path(place, names[0])
