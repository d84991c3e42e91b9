"""What is said of each model: what fits, what is proposed, what has begun, what comes along."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.backbones import BackboneSpec, find_backbone
from engine.placement import Hardware
from engine.preset import Preset
from engine.weights import models
from restorer_app.model_cards import Fit, ModelCard, free_space, model_cards, preferred_variant
from restorer_app.model_phrases import PhraseWriter
from restorer_app.model_records import FileRecord, write_records
from restorer_app.model_store import ModelStore

GB = 10**9
CARD = Hardware(kind="cuda", name="Some GPU", memory=12 * GB, ram=32 * GB)
PROCESSOR = Hardware(kind="cpu", name="the processor", memory=24 * GB, ram=24 * GB)
SCHNELL, KLEIN = find_backbone("flux1-schnell"), find_backbone("flux2-klein-4b")
INSTRUCT = Preset(id="denoise", title="t", summary="s", task="denoise", phrase="Remove the noise")


def card_of(
    folder: Path,
    spec: BackboneSpec = SCHNELL,
    machine: Hardware | None = CARD,
    presets: tuple[Preset, ...] = (),
) -> ModelCard:
    store = ModelStore(folder=folder, catalogue=lambda: (spec,))
    writer = PhraseWriter(store=store, presets=lambda: presets)
    (card,) = model_cards([], writer, machine)
    return card


def fits(card: ModelCard) -> dict[str, Fit]:
    return {one.name: one.fit for one in card.precisions}


def test_what_comes_with_the_program_comes_first_and_is_there(tmp_path: Path) -> None:
    store = ModelStore(folder=tmp_path, catalogue=lambda: (SCHNELL, replace(KLEIN, shipped=True)))
    cards = model_cards(models(), PhraseWriter(store=store), None)
    assert [card.id for card in cards] == ["lite", "flux2-klein-4b", "flux1-schnell"]
    lite, *_, schnell = cards
    assert (lite.usable, lite.paints, lite.shipped) == (True, False, True)
    assert (schnell.usable, schnell.begun, schnell.bytes) == (False, "", 0)


@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        (None, {Fit.UNKNOWN}),
        (replace(CARD, memory=80 * GB, ram=100 * GB), {Fit.WHOLE}),
        (replace(CARD, memory=GB // 2), {Fit.TOO_LARGE}),
        (replace(PROCESSOR, ram=4 * GB), {Fit.TOO_LARGE}),
        (replace(PROCESSOR, ram=100 * GB), {Fit.PROCESSOR}),
    ],
)
def test_every_precision_is_held_against_the_machine(
    tmp_path: Path, machine: Hardware | None, expected: set[Fit]
) -> None:
    assert set(fits(card_of(tmp_path, machine=machine)).values()) == expected


def test_a_card_that_is_too_small_for_the_whole_gets_it_by_turns(tmp_path: Path) -> None:
    found = fits(card_of(tmp_path, machine=replace(CARD, memory=6 * GB)))
    assert found["q8"] is Fit.SHARED
    assert found["q2"] in (Fit.WHOLE, Fit.SMALLER)


def test_what_a_device_cannot_compute_is_not_said_to_be_too_large(tmp_path: Path) -> None:
    found = fits(card_of(tmp_path, KLEIN, PROCESSOR))
    assert found == {"fp8": Fit.FOREIGN, "q6": Fit.PROCESSOR}
    assert not Fit.FOREIGN.runs


def test_the_catalogues_precision_is_proposed_where_it_fits() -> None:
    assert preferred_variant(SCHNELL, None) == "q4"
    assert preferred_variant(SCHNELL, CARD) == "q4"
    assert preferred_variant(SCHNELL, PROCESSOR) == "q4"
    assert preferred_variant(SCHNELL, replace(CARD, memory=6 * GB)) == "q2"
    assert preferred_variant(KLEIN, PROCESSOR) == "q6"
    assert preferred_variant(SCHNELL, replace(CARD, memory=GB // 2)) == "q4"


def test_what_wants_a_token_is_not_proposed(tmp_path: Path) -> None:
    gated = {one.name for one in card_of(tmp_path).precisions if one.gated}
    assert gated == {"bf16"}
    dear = replace(SCHNELL, variant="bf16")
    large = replace(CARD, memory=80 * GB, ram=100 * GB)
    assert preferred_variant(dear, large) == "f16"


def test_a_stopped_download_is_known_by_what_it_left(tmp_path: Path) -> None:
    place = tmp_path / SCHNELL.id
    place.mkdir()
    (place / "flux1-schnell-Q2_K.gguf.part").write_bytes(b"x")
    card = card_of(tmp_path)
    assert (card.begun, card.here, card.usable) == ("q2", (), False)


def test_what_is_here_whole_can_be_used(tmp_path: Path) -> None:
    place, records = tmp_path / SCHNELL.id, {}
    place.mkdir()
    for file in SCHNELL.files_of("q4"):
        (place / file.path).write_bytes(b"xy")
        records[file.path] = FileRecord(bytes=2, sha256="0" * 64, source="import")
    write_records(place, records)
    card = card_of(tmp_path)
    assert (card.here, card.usable, card.bytes, card.begun) == (("q4",), True, 4, "")
    assert card.fit is Fit.WHOLE
    assert card_of(tmp_path, machine=replace(CARD, memory=GB // 2)).fit is Fit.TOO_LARGE


def test_an_encoder_comes_along_while_words_wait_for_it(tmp_path: Path) -> None:
    silent = card_of(tmp_path, KLEIN)
    assert (silent.wordless, silent.encoder) == (False, 0)
    card = card_of(tmp_path, KLEIN, presets=(INSTRUCT,))
    assert card.wordless
    assert card.encoder == sum(file.about or 0 for file in KLEIN.encoder)
    other = card_of(tmp_path, SCHNELL, presets=(INSTRUCT,))
    assert not other.wordless


def test_room_is_told_of_folders_that_are_not_there_yet(tmp_path: Path) -> None:
    assert free_space(tmp_path / "not" / "yet") == free_space(tmp_path)
    assert (free_space(tmp_path) or 0) > 0
