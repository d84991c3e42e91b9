"""The phrases of the presets, for models that restore by instruction: encoded once, with the text
encoder that a model was trained with, which is fetched for that and goes again.

The encoding runs in a child process: with it goes all the memory, and every file can be removed.
"""

from __future__ import annotations

import importlib.util
import multiprocessing
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from engine import errors
from engine.downloads import check_room
from engine.errors import MissingWeights, OutOfMemory, RestorerError, WorkerDied
from engine.messages import Failed, Progressed
from engine.phrases import EncodeOrder, Phrase, not_encoded, phrases_of
from engine.preset import Preset, load_presets
from engine.progress import Part, Progress
from restorer_app.local_engine import serve_phrases
from restorer_app.memory import total_memory
from restorer_app.places import preset_folder
from restorer_app.presence import is_folder

if TYPE_CHECKING:
    from engine.backbones import BackboneFile, BackboneSpec
    from restorer_app.model_store import ModelStore

MEMORY = 2_000_000_000
"""Bytes of memory with which the encoder runs. Its weights are mapped, not read, so they need not
fit; what it works in took 0.5 GB with Qwen3's 4 billion parameters and nine phrases (measured)."""
_TRANSFORMERS = 5
"""The oldest major version that will do."""
_ENCODING = 0.1
"""Share of a download's progress for the encoding."""
_LOOK = 0.1
"""Seconds between two looks whether the user wants to stop."""
_FAREWELL = 5.0
"""Seconds that the child may take to end once it has said that it is through."""


def has_transformers() -> bool:
    """Whether the library that runs text encoders is installed, and new enough; loads nothing."""
    if importlib.util.find_spec("transformers") is None:
        return False
    try:
        return int(metadata.version("transformers").partition(".")[0]) >= _TRANSFORMERS
    except (metadata.PackageNotFoundError, ValueError):
        return True  # part of a bundle, which brings the right one


def all_presets() -> Iterable[Preset]:
    """The shipped presets, and the user's own as far as they can be read."""
    try:
        return load_presets((preset_folder(),)).values()
    except errors.BadPreset:
        return load_presets().values()


def encode_in_child(order: EncodeOrder, progress: Progress) -> None:
    """Encode in a process of its own, which is ended at once where the user stops it.

    Raises what `write_prompts` raises, `WorkerDied`, and `Cancelled` from `progress`.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=serve_phrases, args=(theirs, order), daemon=True)
    child.start()
    theirs.close()
    done, stage = 0.0, "phrases, encoding"
    try:
        while True:
            progress.report(done, stage)
            if not ours.poll(_LOOK):
                continue
            match ours.recv():
                case Progressed(_, done, _):
                    continue
                case Failed() as failed:
                    raise _told(failed)
                case None:
                    child.join(_FAREWELL)
                    return
    except (EOFError, ConnectionError) as error:
        raise WorkerDied(
            "The text encoder stopped without an answer, perhaps for lack of memory.",
            "Close other programs; the same command goes on.",
        ) from error
    finally:
        child.kill()
        child.join()
        ours.close()


@dataclass(frozen=True, kw_only=True)
class PhraseWriter:
    """Encodes phrases for the models of `store`. What it stands on can be replaced, for tests."""

    store: ModelStore
    presets: Callable[[], Iterable[Preset]] = all_presets
    encode_phrases: Callable[[EncodeOrder, Progress], None] = encode_in_child
    has_library: Callable[[], bool] = has_transformers
    memory: Callable[[], int | None] = total_memory

    def waiting(self, spec: BackboneSpec, *, again: bool = False) -> tuple[Phrase, ...]:
        """The presets' phrases that a model has no prompt of yet; with `again`, all of them."""
        phrases = phrases_of(self.presets())
        return phrases if again else not_encoded(self.store.place(spec), phrases)

    def files(self, spec: BackboneSpec, variant: str) -> tuple[BackboneFile, ...]:
        """All that `download` fetches where nothing is here: the encoder too, if it is needed."""
        needed = spec.reference and self.waiting(spec)
        return (*spec.files_of(variant), *(spec.encoder if needed else ()))

    def download(
        self,
        id: str,
        progress: Progress,
        *,
        variant: str = "",
        accepted: bool = False,
        keep: bool = False,
    ) -> tuple[Phrase, ...]:
        """Fetch a model, and encode what waits if it restores by instruction; gives that.

        Raises what `ModelStore.download` and `encode` raise.
        """
        spec = self.store.spec(id)
        files = spec.files_of(variant or spec.variant)
        phrases = self.waiting(spec) if spec.reference and spec.encoder else ()
        if not phrases:
            self.store.download(id, progress, variant=variant, accepted=accepted)
            return ()
        self.check(spec, files)
        model, encoder = (self.store.to_fetch(spec, some) for some in (files, spec.encoder))
        share = (1 - _ENCODING) * model / max(model + encoder, 1)
        first, then = Part(progress, 0.0, share), Part(progress, share, 1.0)
        self.store.download(id, first, variant=variant, accepted=accepted)
        self.encode(id, phrases, then, keep=keep)
        return phrases

    def encode(
        self,
        id: str,
        phrases: Sequence[Phrase],
        progress: Progress,
        *,
        keep: bool = False,
        folder: Path | None = None,
        tokens: int = 0,
        device: str = "cpu",
    ) -> None:
        """Write the prompts of phrases, with the encoder in `folder` or a fetched one, which goes
        unless it is to be kept; `tokens` is the model's own number if 0.

        Raises `MissingWeights` where there is no encoder, `OutOfMemory`, `RestorerError` if
        transformers is missing, what `ModelStore.encoder` raises, and `Cancelled`.
        """
        spec = self.store.spec(id)

        def write(encoder: Path, progress: Progress) -> None:
            order = EncodeOrder(
                family=spec.family,
                encoder=encoder,
                place=self.store.place(spec),
                phrases=tuple(phrases),
                tokens=tokens or spec.text_tokens,
                device=device,
            )
            self.encode_phrases(order, progress)

        if folder is not None:
            self._check_machine(spec)
            _check_layout(folder)
            write(folder, progress)
            return
        self.check(spec)
        fetching = Part(progress, 0.0, 1 - _ENCODING)
        with self.store.encoder(id, fetching, keep=keep) as encoder:
            write(encoder, Part(progress, 1 - _ENCODING, 1.0))

    def check(self, spec: BackboneSpec, files: Sequence[BackboneFile] = ()) -> None:
        """Raise at once what would fail in the end; `files` are to be fetched beforehand."""
        self._check_machine(spec)
        rest = self.store.to_fetch(spec, (*files, *spec.encoder))
        check_room(_existing(self.store.place(spec)), rest, self.store.downloader.free)

    def _check_machine(self, spec: BackboneSpec) -> None:
        if not spec.encoder:
            raise MissingWeights(f"No text encoder is known for {spec.title}", "Choose another.")
        if not self.has_library():
            raise RestorerError(
                f"{spec.title} follows words, which have to be encoded once, and the library"
                " transformers that does it is not installed",
                _how_to_install(),
            )
        memory = self.memory()
        if memory is not None and memory < MEMORY:
            raise OutOfMemory(
                f"A text encoder needs {MEMORY / 1e9:.0f} GB of memory,"
                f" and this machine has {memory / 1e9:.1f} GB",
                "Encode the phrases on another machine, and copy its folder “prompts”.",
            )


def _how_to_install() -> str:
    if getattr(sys, "frozen", False):
        return (
            "A packaged program takes no further libraries: encode them with one that runs from"
            " its source, and copy the folder “prompts” from its model; --no-phrases leaves them."
        )
    return (
        f'Install it with: "{sys.executable}" -m pip install "transformers>={_TRANSFORMERS}"\n'
        "Then the same command goes on. With --no-phrases the model comes without them."
    )


def _check_layout(folder: Path) -> None:
    """Raise `MissingWeights` unless a text encoder lies in a folder as diffusers lays it out."""
    missing = [name for name in ("text_encoder", "tokenizer") if not is_folder(folder / name)]
    if missing:
        raise MissingWeights(
            f"{folder} holds no folder {missing[0]}",
            "Name the folder of a model in diffusers' layout.",
        )


def _existing(folder: Path) -> Path:
    """The folder, or the first above it that is there."""
    return next((one for one in (folder, *folder.absolute().parents) if one.is_dir()), folder)


def _told(failed: Failed) -> RestorerError:
    """What went wrong in the child, as an error of the kind that it was there."""
    kind = getattr(errors, failed.kind, RestorerError)
    made: RestorerError = kind(failed.message, failed.remedy)
    return made
