"""`restorer models ...`: what each verb does and says."""

from __future__ import annotations

import getpass
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import BadPreset, MissingWeights, RestorerError
from engine.phrases import Phrase, phrases_of
from engine.progress import Cancelled
from engine.weights import verify
from restorer_app.listings import list_adapters, list_models
from restorer_app.model_phrases import PhraseWriter
from restorer_app.model_tokens import keep_token
from restorer_app.orders import Misuse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.backbones import BackboneSpec
    from engine.weights import ModelSpec
    from restorer_app.arguments import Arguments
    from restorer_app.console import Console
    from restorer_app.interrupts import Interrupts
    from restorer_app.model_store import ModelStore
    from restorer_app.own_adapters import OwnAdapter

_REDRAW = 0.1
"""Seconds between two looks of the status line."""


class StatusLine:
    """The `Progress` of work on a model: shown while it goes on, stopped by the user's signal."""

    def __init__(self, title: str, console: Console, interrupts: Interrupts) -> None:
        self._title, self._console, self._interrupts = title, console, interrupts
        self._drawn = -_REDRAW

    def report(self, done: float, stage: str = "") -> None:
        """Show the share `done`; raises `Cancelled` if the user wants out."""
        self._interrupts.check()
        now = time.monotonic()
        if now - self._drawn >= _REDRAW:
            self._drawn = now
            self._console.status(f"{self._title} {100 * done:.0f} % · {stage}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVerbs:
    """The verbs over the models that ship and those that are fetched. Each gives whether all is
    well, and raises `RestorerError` and `Cancelled`."""

    shipped: Sequence[ModelSpec]
    store: ModelStore
    console: Console
    interrupts: Interrupts
    own: Callable[[], Sequence[OwnAdapter]] = tuple
    ask_token: Callable[[], str] = lambda: getpass.getpass("Token of the hub: ")
    open_phrases: Callable[[ModelStore], PhraseWriter] = lambda store: PhraseWriter(store=store)

    @property
    def phrases(self) -> PhraseWriter:
        return self.open_phrases(self.store)

    def run(self, arguments: Arguments) -> bool:
        """Do what was typed."""
        match arguments.verb:
            case "list":
                phrases = phrases_of(self.phrases.presets())
                list_models(self.shipped, self.store.entries(), self.console, phrases)
                list_adapters(self.own(), self.console)
                return True
            case "verify":
                return self._verify(arguments.id)
            case "download":
                return self._download(arguments)
            case "remove":
                return self._remove(arguments.id or "")
            case "import":
                return self._import(arguments)
            case "encode":
                return self._encode(arguments)
        return self._login()

    def _verify(self, id: str | None) -> bool:
        """Check one model, or all that are here."""
        names = [spec.id for spec in self.shipped] if id is None else [id]
        if id is None:
            names += [one.spec.id for one in self.store.entries() if one.bytes or one.begun]
        well = True
        for name in names:
            faults, filled = self._faults(name)
            well = well and not faults
            self.console.line(f"{name}  {'DAMAGED' if faults else 'intact'}")
            for text in [
                *faults,
                *(f"{path}: its checksum is kept from now on" for path in filled),
            ]:
                self.console.line(f"  {text}")
        return well

    def _faults(self, id: str) -> tuple[Sequence[str], Sequence[str]]:
        for spec in self.shipped:
            if spec.id == id:
                return verify(spec), ()
        verdict = self.store.verify(id, self._status(id))
        return verdict.faults, verdict.filled

    def _download(self, arguments: Arguments) -> bool:
        id = self._fetchable(arguments.id)
        spec = self.store.spec(id)
        self.console.note(f"{spec.title}: {spec.licence}. May I sell the picture? {spec.may_sell}")
        variant = arguments.variant or spec.variant
        accepted, keep = arguments.accept_licence, arguments.keep_encoder
        encoded: Sequence[Phrase] = ()
        if arguments.no_phrases:
            self.store.download(id, self._status(id), variant=variant, accepted=accepted)
        else:
            if spec.reference and self.phrases.waiting(spec):
                self.console.note(_about_encoder(self.store, spec))
            encoded = self.phrases.download(
                id, self._status(id), variant=variant, accepted=accepted, keep=keep
            )
        self.console.line(f"{id}  {variant} is here, in {self.store.place(spec)}")
        if encoded:
            self._say_encoded(id, encoded)
        return True

    def _encode(self, arguments: Arguments) -> bool:
        id = self._fetchable(arguments.id)
        spec = self.store.spec(id)
        phrases = self._chosen(arguments, spec)
        if not phrases:
            self.console.line(f"{id}  all phrases are encoded; --all does it anew")
            return True
        if arguments.encoder is None and spec.encoder:
            self.console.note(_about_encoder(self.store, spec))
        self.phrases.encode(
            id,
            phrases,
            self._status(id),
            keep=arguments.keep_encoder,
            folder=arguments.encoder,
            tokens=arguments.tokens or 0,
            device=arguments.device,
        )
        self._say_encoded(id, phrases)
        return True

    def _chosen(self, arguments: Arguments, spec: BackboneSpec) -> Sequence[Phrase]:
        """The phrases to encode: one of the user's own, or those of the presets."""
        if (arguments.phrase is None) != (arguments.name is None):
            raise Misuse("encode: --phrase and --name go together")
        if arguments.phrase is None or arguments.name is None:
            again = arguments.every or arguments.tokens is not None
            return self.phrases.waiting(spec, again=again)
        if arguments.name in {phrase.name for phrase in phrases_of(self.phrases.presets())}:
            raise BadPreset(
                f"“{arguments.name}” is the phrase of a preset; choose another name for yours"
            )
        return (Phrase(arguments.name, arguments.phrase),)

    def _say_encoded(self, id: str, phrases: Sequence[Phrase]) -> None:
        self.console.line(f"{id}  encoded: {', '.join(phrase.name for phrase in phrases)}")

    def _import(self, arguments: Arguments) -> bool:
        id = self._fetchable(arguments.id)
        accepted = arguments.accept_licence
        whole = self.store.import_from(id, arguments.folder, self._status(id), accepted=accepted)
        if whole:
            self.console.line(f"{id}  {', '.join(whole)} is here")
            return True
        spec = self.store.spec(id)
        place = self.store.place(spec)
        lacking = [file.path for file in spec.files if not file.variant]
        lacking = [path for path in lacking if not (place / path).is_file()]
        raise MissingWeights(
            f"{spec.title} is not whole yet; still missing: "
            + (", ".join(lacking) or "the transformer"),
            f"Import it too, or let “restorer models download {id}” fetch the rest.",
        )

    def _remove(self, id: str) -> bool:
        freed = self.store.remove(self._fetchable(id))
        self.console.line(f"{id}  removed, {freed / 1e9:.2f} GB are free again")
        return True

    def _login(self) -> bool:
        try:
            typed = self.ask_token() if sys.stdin.isatty() else sys.stdin.readline()
        except EOFError as error:  # Ctrl-D: the token that is kept stays
            raise Cancelled from error
        token = typed.strip()
        keep_token(token)
        self.console.line("The token is kept." if token else "The token is forgotten.")
        return True

    def _fetchable(self, id: str | None) -> str:
        """`id`, unless it is one of those that come and go with the program."""
        if any(spec.id == id for spec in self.shipped):
            raise RestorerError(f"“{id}” belongs to the program", "It is here; nothing is to do.")
        return id or ""

    def _status(self, id: str) -> StatusLine:
        return StatusLine(id, self.console, self.interrupts)


def _about_encoder(store: ModelStore, spec: BackboneSpec) -> str:
    """What encoding takes, said before it is begun."""
    size = store.to_fetch(spec, spec.encoder)
    coming = f"is fetched ({size / 1e9:.1f} GB)" if size else "is here"
    return (
        f"{spec.title} follows words. To encode them once, its text encoder {coming}, works for"
        " some minutes on the processor, and is removed afterwards unless --keep-encoder is given."
    )
