from __future__ import annotations

from dataclasses import replace

import pytest

from engine.backbones import BackboneSpec, find_backbone
from engine.placement import (
    GB,
    Hardware,
    Kind,
    NoPlacement,
    Placement,
    choose,
    lower,
    need,
    runnable,
    stored_as,
)

SCHNELL = find_backbone("flux1-schnell")
KLEIN = find_backbone("flux2-klein-4b")
CHROMA = find_backbone("chroma1-hd")


def machine(kind: Kind, memory: float, ram: float | None = None, *, bf16: bool = True) -> Hardware:
    ram = memory if ram is None else ram
    return Hardware(
        kind=kind, name="the card", memory=round(memory * GB), ram=round(ram * GB), bf16=bf16
    )


def placed(spec_id: str, on: Hardware) -> Placement:
    found = choose(find_backbone(spec_id), on)
    assert isinstance(found, Placement), found
    return found


@pytest.mark.parametrize(
    ("spec", "on", "variant", "side", "offload"),
    [
        ("flux1-schnell", machine("cuda", 80, 128), "bf16", 1024, "none"),
        ("flux1-schnell", machine("cuda", 24, 64), "bf16", 1024, "none"),
        ("flux1-schnell", machine("cuda", 16, 32), "q8", 1024, "none"),
        ("flux1-schnell", machine("cuda", 11, 32), "q4", 1024, "none"),
        ("flux1-schnell", machine("cuda", 8, 16), "q4", 1024, "none"),
        ("flux1-schnell", machine("cuda", 6, 16), "q2", 1024, "none"),
        ("flux1-schnell", machine("cuda", 4, 32), "q8", 1024, "blocks"),
        ("flux1-schnell", machine("mps", 36), "bf16", 1024, "none"),
        ("flux1-schnell", machine("mps", 16), "q8", 1024, "none"),
        ("flux1-schnell", machine("mps", 12), "q4", 1024, "none"),
        ("flux1-schnell", machine("cpu", 16), "q8", 1024, "none"),
        ("flux2-klein-4b", machine("cuda", 12, 32), "fp8", 1024, "none"),
        ("flux2-klein-4b", machine("cuda", 8, 16), "fp8", 1024, "none"),
        ("flux2-klein-4b", machine("mps", 16), "q6", 1024, "none"),
        ("chroma1-hd", machine("cuda", 24, 64), "bf16", 1024, "none"),
        ("chroma1-hd", machine("cuda", 12, 32), "bf16", 1024, "blocks"),
    ],
)
def test_what_runs_where(spec: str, on: Hardware, variant: str, side: int, offload: str) -> None:
    found = placed(spec, on)
    assert (found.variant, found.side, found.offload) == (variant, side, offload)
    assert found.peak <= on.memory
    assert f"{found.peak / GB:.1f} of" in found.why


@pytest.mark.parametrize("spec", [SCHNELL, KLEIN, CHROMA], ids=lambda spec: spec.id)
def test_more_memory_is_never_worse(spec: BackboneSpec) -> None:
    ranks = {name: rank for rank, name in enumerate(("none", "model", "blocks"))}
    before = (9, 0)
    for memory in (2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 32, 48, 80):
        found = choose(spec, machine("cuda", memory, 64))
        if isinstance(found, Placement):
            now = (ranks[found.offload], -found.side)
            assert now[0] <= before[0]
            before = now
    assert before == (0, -1024)


def test_a_restore_with_twelve_billion_parameters_stays_below_8_gb() -> None:
    found = placed("flux1-schnell", machine("cuda", 8, 32))
    assert found.variant == "q4"
    assert found.tables
    assert found.peak < 8 * GB
    assert need(SCHNELL, "q4") < 8 * GB


def test_only_what_is_at_hand_is_placed() -> None:
    found = choose(SCHNELL, machine("cuda", 80, 128), ["q4"])
    assert isinstance(found, Placement)
    assert found.variant == "q4"
    nothing = choose(KLEIN, machine("mps", 64), ["fp8"])
    assert isinstance(nothing, NoPlacement)
    assert "not there in a precision" in nothing.why


def test_without_tables_the_modulation_takes_its_room() -> None:
    with_tables = choose(SCHNELL, machine("cuda", 80, 128), ["q4"])
    without = choose(SCHNELL, machine("cuda", 80, 128), ["q4"], tables=False)
    assert isinstance(with_tables, Placement)
    assert isinstance(without, Placement)
    assert without.peak - with_tables.peak == pytest.approx(3.25e9 * 4.5 / 8, rel=1e-3)
    assert not placed("chroma1-hd", machine("cuda", 24, 64)).tables


def test_a_card_without_bfloat16_computes_in_float32() -> None:
    old = placed("flux1-schnell", machine("cuda", 9, 32, bf16=False))
    assert old.dtype == "float32"
    assert old.peak > placed("flux1-schnell", machine("cuda", 9, 32)).peak


def test_why_not_is_said() -> None:
    small = choose(CHROMA, machine("cuda", 2, 64))
    assert isinstance(small, NoPlacement)
    assert "has 2.0 GB free" in small.why
    poor = choose(CHROMA, machine("cuda", 8, 16))
    assert isinstance(poor, NoPlacement)
    assert "16.0 GB of memory do not hold its weights" in poor.why


def test_off_load_wants_memory_to_off_load_to() -> None:
    assert placed("flux1-schnell", machine("cuda", 4, 32)).offload == "blocks"
    less = placed("flux1-schnell", machine("cuda", 4, 9))
    assert less.variant in ("q4", "q2")


def test_the_way_down_is_smaller_tiles_off_load_processor() -> None:
    start = placed("flux1-schnell", machine("cuda", 24, 64))
    steps = [(one.side, one.offload, one.device) for one in lower(start, 256)]
    assert steps == [
        (512, "none", "cuda"),
        (256, "none", "cuda"),
        (256, "model", "cuda"),
        (256, "blocks", "cuda"),
        (256, "none", "cpu"),
    ]
    assert [one.device for one in lower(replace(start, side=256, offload="blocks"), 256)] == ["cpu"]
    assert [one.side for one in lower(replace(start, device="cpu"), 512)] == [512]
    apple = [(one.side, one.device) for one in lower(replace(start, device="mps", side=512), 256)]
    assert apple == [(256, "mps"), (256, "cpu")]


def test_sixteen_bits_run_as_eight_where_they_do_not_fit() -> None:
    for stored in (("bf16",), ("f16", "q4")):
        usable = runnable(stored)
        assert usable == (*stored, "int8")
        large = choose(SCHNELL, machine("cuda", 80, 128), usable)
        small = choose(SCHNELL, machine("cuda", 16, 64), usable)
        assert isinstance(large, Placement)
        assert isinstance(small, Placement)
        assert (large.variant, small.variant) == (stored[0], "int8")
        assert small.offload == "none"
        assert stored_as("int8", stored) == stored_as(stored[0], stored) == stored[0]
    assert runnable(("q4",)) == ("q4",)
    assert runnable(("bf16", "int8")) == ("bf16", "int8")
    assert stored_as("int8", ("bf16", "int8")) == "int8"
