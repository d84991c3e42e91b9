"""What is said of models, in the language of the window."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from engine.backbones import find_backbone
from engine.errors import RestorerError
from restorer_app.gui.look.translations import QT_TRANSLATE_NOOP, decimal
from restorer_app.gui.panel.preset_words import preset_title
from restorer_app.model_cards import Fit
from restorer_app.model_tasks import Kind

if TYPE_CHECKING:
    from engine.placement import Hardware
    from restorer_app.model_cards import ModelCard, Precision
    from restorer_app.model_tasks import Task
    from restorer_app.variants import Variant

_FREE = ("Apache-2.0", "MIT", "BSD-3-Clause")
_BITS = {"q2": 2, "q4": 4, "nf4": 4, "q6": 6, "q8": 8, "fp8": 8, "int8": 8, "f16": 16, "bf16": 16}

CATALOGUE = (
    QT_TRANSLATE_NOOP(
        "Models",
        "6 million parameters, trained by us: paints fine texture over the draft, on any"
        " processor.",
    ),
    QT_TRANSLATE_NOOP("Models", "12 billion parameters, four steps or fewer. The default."),
    QT_TRANSLATE_NOOP("Models", "The base of nearly all public adapters; 20 steps and more."),
    QT_TRANSLATE_NOOP(
        "Models", "Restores by instruction, with the photo as reference; no adapter needed."
    ),
    QT_TRANSLATE_NOOP(
        "Models", "A descendant of schnell with its modulation pruned; 26 steps and more."
    ),
    QT_TRANSLATE_NOOP(
        "Models",
        "9 million parameters, trained by us: the whole path of the large ones, on any processor.",
    ),
    QT_TRANSLATE_NOOP("Models", "Yes, without asking anyone."),
    QT_TRANSLATE_NOOP(
        "Models",
        "Read the licence: the model itself and adapters trained on it must not earn money.",
    ),
)
"""Texts of the catalogue, where the translators' tools find them."""
OWN_ADAPTER = QT_TRANSLATE_NOOP("Models", "own adapter")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Models", text)


@cache
def model_title(model: str) -> str:
    """What a model of the catalogue is called; its id if it is not there."""
    try:
        return find_backbone(model).title
    except RestorerError:
        return model


def variant_title(variant: Variant) -> str:
    """What a result is called: by its preset, by the model unless it is Lite, and by the adapter
    if that is the user's own."""
    preset, model = preset_title(variant.preset), variant.settings.model
    title = preset if model == "lite" else f"{preset}, {model_title(model)}"
    if variant.settings.adapter is None:
        return title
    return f"{title}, {_tr(OWN_ADAPTER)}"


def size(count: int) -> str:
    """Bytes as people say them: “7.1 GB”."""
    unit, name = (1e9, "GB") if count >= 1e9 else (1e6, "MB")
    return f"{decimal(count / unit)} {name}"


def summary(card: ModelCard) -> str:
    """One line: what it is."""
    if not card.paints:
        return QCoreApplication.translate(
            "Models", "One fast step that keeps to the photo. Runs on any computer."
        )
    return _tr(card.summary)


def may_sell(card: ModelCard) -> str:
    """The answer to “may I sell the picture?”."""
    return _tr(card.may_sell)


def licence(card: ModelCard) -> str:
    """The licence, and what sort it is."""
    if card.licence in _FREE:
        words = QCoreApplication.translate("Models", "{}: a free licence.")
    elif card.opt_in:
        words = QCoreApplication.translate("Models", "{}: not a free licence. Read it first.")
    else:
        words = "{}"
    return words.format(card.licence)


def presence(card: ModelCard, task: Task | None) -> str:
    """Where it is, in a word or two."""
    translate = QCoreApplication.translate
    if task is not None and task.kind is Kind.DOWNLOAD and not task.state.ended:
        return translate("Models", "On its way")
    if card.shipped:
        return translate("Models", "Built in")
    if not card.ready:
        return translate("Models", "Not in this version")
    if card.here:
        return translate("Models", "Here")
    return translate("Models", "Begun") if card.begun else translate("Models", "Not here")


def on_disk(card: ModelCard) -> str:
    """How much room its files take; empty where none is here."""
    words = QCoreApplication.translate("Models", "{} on the disk")
    return words.format(size(card.bytes)) if card.bytes else ""


def download_size(precision: Precision, card: ModelCard | None = None) -> str:
    """How much is fetched, as far as that is published; empty where nothing is.

    With its `card`, what comes along is counted, and what is here is not.
    """
    here = card is not None and precision.name in card.here
    whole = (0 if here else precision.bytes) + (0 if card is None else card.encoder)
    if not whole:
        return ""
    exact = precision.exact or here
    least = "{}" if exact else QCoreApplication.translate("Models", "over {}")
    return least.format(size(whole))


def precision_name(name: str) -> str:
    """What a precision is called: “4 bit (q4)”."""
    bits = QCoreApplication.translate("Models", "{} bit").format(_BITS[name])
    return f"{bits} ({name})"


def precision_line(precision: Precision) -> str:
    """A precision with what there is to fetch."""
    unknown = QCoreApplication.translate("Models", "size unknown")
    return f"{precision_name(precision.name)} · {download_size(precision) or unknown}"


def reason(card: ModelCard, precision: Precision) -> str:
    """Why a precision is the one that is proposed; empty where it is not."""
    if precision.name != card.preferred or len(card.precisions) < 2:
        return ""
    if card.preferred == card.usual:
        return QCoreApplication.translate("Models", "The usual choice for this model.")
    return QCoreApplication.translate("Models", "The best one that fits here.")


def needs(card: ModelCard, precision: Precision, machine: Hardware | None) -> str:
    """What a precision asks for, and how that agrees with this machine."""
    translate = QCoreApplication.translate
    if precision.fit is Fit.PROCESSOR:
        if card.shipped:
            words = translate("Models", "Runs on the processor, with {} of memory.")
            return words.format(size(precision.peak))
        words = translate(
            "Models",
            "{need} of GPU memory. There is no GPU here that can be used: it runs on the"
            " processor, with {peak} of memory, and takes very long.",
        )
        return words.format(need=size(precision.need), peak=size(precision.peak))
    needed = translate("Models", "{} of GPU memory.").format(size(precision.need))
    if machine is not None and precision.fit is Fit.FOREIGN:
        words = translate("Models", "{} does not run this precision.")
        return f"{needed} {words.format(_device(machine))}"
    if machine is None or precision.fit is Fit.UNKNOWN:
        return needed
    if machine.kind == "cpu":
        tail = translate(
            "Models", "There is no GPU here that can be used, and {} of memory are too little."
        )
        return f"{needed} {tail.format(size(machine.ram))}"
    tails = {
        Fit.WHOLE: translate("Models", "{gpu} has {free} free: it fits."),
        Fit.SMALLER: translate("Models", "{gpu} has {free} free: it fits in smaller tiles."),
        Fit.SHARED: translate(
            "Models", "{gpu} has {free} free: it runs more slowly, by turns from main memory."
        ),
        Fit.TOO_LARGE: translate("Models", "{gpu} has {free} free: it does not fit."),
    }
    free = size(machine.memory)
    return f"{needed} {tails[precision.fit].format(gpu=_device(machine), free=free)}"


def _device(machine: Hardware) -> str:
    """What computes here, at the beginning of a sentence."""
    names = {
        "cpu": QCoreApplication.translate("Models", "The processor"),
        "mps": QCoreApplication.translate("Models", "The Apple GPU"),
    }
    return names.get(machine.kind, machine.name)


def encoder_line(card: ModelCard) -> str:
    """What has to come along for a model that follows words; empty for others."""
    if not card.wordless:
        return ""
    translate = QCoreApplication.translate
    if not card.encoder:
        return translate("Models", "It follows words, which are yet to be encoded.")
    words = translate(
        "Models",
        "It follows words. To encode them, its text encoder ({}) comes along once, works for some"
        " minutes, and is removed.",
    )
    return words.format(size(card.encoder))


def choice_note(card: ModelCard) -> str:
    """What somebody should know who chooses a model for a photo."""
    translate = QCoreApplication.translate
    if not card.usable:
        return translate("Models", "This model is not on this computer.")
    if not card.paints:
        return ""
    if not card.fit.runs:
        return translate("Models", "It may not run here: see what it needs.")
    return translate("Models", "Adds texture that was not in the photo. Slower than Lite.")
