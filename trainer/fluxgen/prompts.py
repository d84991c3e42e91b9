"""Prompts for painting: a model's own, or descriptions from a file, encoded once and kept.

A prompt of FLUX takes megabytes, so that those of a long file lie on the disk, in the folder of the
pictures; a run that goes on finds them there.
"""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from engine.backbones import ENCODER
from engine.diffusion.devices import release_memory
from engine.diffusion.flux.phrase_encoder import AT_ONCE, encode_words
from engine.diffusion.flux.prompts import Prompt, load_prompt, save_prompt
from engine.diffusion.out_of_memory import is_out_of_memory
from engine.errors import BadRecipe, MissingWeights, NoPlace, RestorerError
from engine.phrases import PROMPTS, EncodeOrder, prompt_path
from engine.progress import Progress, Silent
from trainer.flux.teachable import Teachable

NOTHING = '""'
"""A line of a file that stands for no words: the empty prompt, encoded."""


@dataclass(frozen=True, slots=True)
class OwnPrompt:
    """One prompt for all pictures."""

    prompt: Prompt

    @property
    def words(self) -> tuple[str, ...]:
        return (self.prompt.words,)

    def of(self, number: int) -> Prompt:
        """That of the picture `number`."""
        return self.prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedPrompts:
    """Prompts that are taken in turn, on the disk."""

    words: tuple[str, ...]
    model: str
    family: str
    place: Path
    """Folder below which they lie."""

    def of(self, number: int) -> Prompt:
        """That of the picture `number`; raises `MissingWeights` or `WrongWeights`."""
        words = self.words[number % len(self.words)]
        return load_prompt(self.file(words), self.family)

    def file(self, words: str) -> Path:
        """Where the prompt of these words lies, for this model alone."""
        digest = hashlib.sha256(f"{self.model}\n{words}".encode()).hexdigest()
        return prompt_path(self.place, digest[:24])

    @property
    def waiting(self) -> list[str]:
        """The words that are not encoded yet, each once."""
        return [words for words in dict.fromkeys(self.words) if not self.file(words).exists()]


def read_descriptions(path: Path) -> tuple[str, ...]:
    """The lines of a text file, without blank ones; `NOTHING` gives no words.

    Raises `BadRecipe` where there are none, or the file is no text in UTF-8.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        said = f"The prompts in {path.name} cannot be read: {error}"
        raise BadRecipe(said, "Name a text file in UTF-8 with one description a line.") from error
    words = [line.strip() for line in lines if line.strip()]
    if not words:
        raise BadRecipe(f"There are no prompts in {path.name}.", "Write one description a line.")
    return tuple("" if line == NOTHING else line for line in words)


def encode_prompts(
    model: Teachable,
    words: tuple[str, ...],
    place: Path,
    encoder: Path | None,
    device: torch.device,
    progress: Progress,
) -> EncodedPrompts:
    """Encode what is not encoded yet below `place`, with the model's text encoder or another.

    Raises `MissingWeights` where there is none, `RestorerError` without transformers, `NoPlace`,
    what `encode_words` raises, and `Cancelled` from `progress`.
    """
    prompts = EncodedPrompts(words=words, model=model.id, family=model.family, place=place)
    waiting = prompts.waiting
    if not waiting:
        return prompts
    order = EncodeOrder(
        family=model.family,
        encoder=_checked_encoder(model, encoder),
        place=place,
        phrases=(),
        tokens=model.listed.text_tokens,
        device=device.type,
    )
    try:
        (place / PROMPTS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NoPlace(f"{place} cannot be written: {error}", "Name another --out.") from error
    for first in range(0, len(waiting), AT_ONCE):
        batch = waiting[first : first + AT_ONCE]
        progress.report(first / len(waiting), f"prompt {first + 1} of {len(waiting)}")
        for prompt in _encoded(batch, order):
            save_prompt(prompt, prompts.file(prompt.words))
    release_memory(device)
    return prompts


def _encoded(words: list[str], order: EncodeOrder) -> list[Prompt]:
    """On the order's device, or, where the encoder does not fit there, on the processor."""
    try:
        return encode_words(words, order, Silent())
    except (RuntimeError, MemoryError) as error:
        if order.device == "cpu" or not is_out_of_memory(error):
            raise
    release_memory(torch.device(order.device))
    return encode_words(words, replace(order, device="cpu"), Silent())


def _checked_encoder(model: Teachable, folder: Path | None) -> Path:
    """The folder of the text encoder; raises where words cannot be encoded."""
    spec = model.listed
    if model.spec is None or not spec.encoder:
        raise MissingWeights(f"{model.id} knows no words.", "Leave --prompts out.")
    folder = folder or model.place / ENCODER
    missing = [name for name in ("text_encoder", "tokenizer") if not (folder / name).is_dir()]
    if missing:
        raise MissingWeights(
            f"The text encoder of {spec.title} is not here: {folder} holds no {missing[0]}.",
            f"Fetch it with “restorer models encode {spec.id} --keep-encoder”, or name its folder"
            " with --encoder.",
        )
    if importlib.util.find_spec("transformers") is None:
        raise RestorerError(
            "The library transformers, which encodes descriptions, is not installed.",
            'Install it with: pip install "transformers>=5"',
        )
    return folder
