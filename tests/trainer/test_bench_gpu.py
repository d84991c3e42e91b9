from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from engine.diffusion.flux.flux_models import Flux1Sizes, Flux2Sizes, VaeSizes, count
from engine.diffusion.quantised.short_weights import ShortLinear
from trainer.bench import gpu_networks as bench_gpu_networks
from trainer.bench.gpu import _computed, main
from trainer.bench.gpu_ceiling import PLAIN, matrix_ceilings
from trainer.bench.gpu_networks import (
    MODELS,
    NETWORK_FORMATS,
    Format,
    Model,
    parameters,
    random_table,
    transformer,
)
from trainer.bench.gpu_plain import NotHere, plain_loop, use_usual_layers
from trainer.bench.gpu_report import (
    Findings,
    Row,
    light_adapter,
    lines,
    near_ceiling,
    never_slower,
    small_enough,
)
from trainer.bench.gpu_rig import Setup, new_adapter, new_backbone, new_latent
from trainer.bench.gpu_runs import _sampled, format_rows

CPU = torch.device("cpu")
TINY = Model(
    title="tiny",
    transformer=Flux1Sizes(
        double=1,
        single=1,
        heads=4,
        head_width=64,
        text_width=32,
        pooled_width=16,
        axes=(16, 24, 24),
    ),
    autoencoder=VaeSizes(widths=(4, 4, 8, 8), layers=1, groups=2),
)
TINY2 = Model(
    title="tiny 2",
    transformer=Flux2Sizes(
        double=1, single=1, heads=4, head_width=64, text_width=32, axes=(16, 16, 16, 16)
    ),
    autoencoder=VaeSizes(latent_channels=32, widths=(4, 4, 8, 8), layers=1, groups=2),
)


def _setup(model: Model = TINY) -> Setup:
    return Setup(
        model=model,
        device=CPU,
        dtype=torch.float32,
        side=64,
        text_tokens=4,
        steps=2,
        repeats=1,
        compiled=False,
        ceilings={PLAIN: 1e12, "int8": 2e12, "fp8": 2e12},
    )


def _named(form: Format) -> str:
    return next(name for name, one in NETWORK_FORMATS.items() if one is form)


@pytest.mark.parametrize("form", NETWORK_FORMATS.values(), ids=_named)
@pytest.mark.parametrize("model", [TINY, TINY2], ids=["flux1", "flux2"])
@torch.inference_mode()
def test_every_format_is_made_at_once_and_keeps_a_signals_size(model: Model, form: Format) -> None:
    setup = _setup(model)
    network = transformer(model, form, CPU, torch.float32)
    layers = [one for one in network.modules() if isinstance(one, ShortLinear)]
    assert bool(layers) == (form.make is not None)
    assert not any(one.is_meta for one in (*network.parameters(), *network.buffers()))
    for layer in layers:
        expected = 0.7 / layer.in_features**0.5
        assert abs(layer.weight().mean()) < 0.05 * expected
        assert 0.85 < layer.weight().std() / expected < 1.15
    backbone = new_backbone(setup, network)
    out = _sampled(
        setup, backbone, backbone.condition_on(new_latent(setup, 1)), new_latent(setup, 2)
    )
    assert bool(torch.isfinite(out).all())


@pytest.mark.parametrize("model", [TINY, TINY2], ids=["flux1", "flux2"])
@pytest.mark.parametrize("name", ["bf16", "q4", "q8"])
@torch.inference_mode()
def test_the_plain_loop_computes_what_ours_does(model: Model, name: str) -> None:
    setup, form = _setup(model), NETWORK_FORMATS[name]
    if form.make is not None:
        pytest.importorskip("gguf")
    network = transformer(model, form, CPU, torch.float32)
    backbone = new_backbone(setup, network)
    noise, given = new_latent(setup, 2), backbone.condition_on(new_latent(setup, 1))
    ours = _sampled(setup, backbone, given, noise)
    assert use_usual_layers(network, form, torch.float32) == "diffusers"
    assert not any(isinstance(one, ShortLinear) for one in network.modules())
    plain = plain_loop(network, model.transformer, noise, given, setup.sigmas, torch.float32)
    # diffusers unpacks GGUF in half precision
    assert (plain - ours).abs().max() <= (1e-5 if name == "bf16" else 0.01) * ours.abs().max()


def test_a_missing_library_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.bench.gpu_plain.find_spec", lambda name: None)
    for name, library in (("nf4", "bitsandbytes"), ("int8", "torchao"), ("fp8-stored", "torchao")):
        network = transformer(TINY, NETWORK_FORMATS[name], CPU, torch.float32)
        with pytest.raises(NotHere, match=library):
            use_usual_layers(network, NETWORK_FORMATS[name], torch.float32)
    rows = list(format_rows(_setup(), "nf4"))
    plain = next(row for row in rows if row.run == "plain")
    assert plain.seconds is None
    assert "needs the package bitsandbytes" in plain.note


def test_a_table_spares_the_layers_it_replaces() -> None:
    table = random_table(TINY, (1.0, 0.5), "", CPU)
    network = transformer(TINY, NETWORK_FORMATS["bf16"], CPU, torch.float32, table)
    assert count(network) == parameters(TINY, with_modulation=False) < parameters(TINY)
    assert parameters(MODELS["full"]) == pytest.approx(11.891e9, rel=1e-4)
    assert parameters(MODELS["klein"]) == pytest.approx(3.876e9, rel=1e-3)


def test_all_runs_of_a_format_have_a_row() -> None:
    rows = list(format_rows(_setup(), "bf16"))
    assert [row.run for row in rows] == [
        "ours", "plain", "ours, table", "ours, table, adapter", "restore"
    ]  # fmt: skip
    assert all(row.seconds for row in rows)
    assert rows[0].flops > rows[2].flops > 0
    assert rows[3].flops > rows[2].flops


def test_what_cannot_run_is_a_row_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> nn.Module:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr("trainer.bench.gpu_runs.plain_loop", full)
    rows = {row.run: row for row in format_rows(_setup(), "bf16")}
    assert rows["plain"].note == "not measured: memory ran out"
    assert rows["restore"].seconds


def test_an_adapter_of_the_bench_has_no_weights_missing() -> None:
    for model in (TINY, TINY2):
        adapter = new_adapter(_setup(model))
        assert not any(one.is_meta for one in adapter.parameters())


def test_the_ceiling_is_a_rate_of_this_machine() -> None:
    found = matrix_ceilings(CPU, torch.float32, ((64, 64, 64),), seconds=0.01)
    assert 1e7 < found[PLAIN] < 1e15


def _row(format: str, run: str, seconds: float, peak: int = 0) -> Row:
    return Row(
        format=format, run=run, seconds=seconds, peak=peak or None, flops=60e12, ceiling=100e12
    )


@pytest.mark.parametrize(
    ("rows", "verdict", "found"),
    [
        ([_row("q4", "ours", 1.0), _row("q4", "plain", 1.0)], "met", "1.00"),
        ([_row("q4", "ours", 1.1), _row("q4", "plain", 1.0)], "missed", "slower: q4"),
        ([_row("q4", "ours, compiled", 1.1), _row("q4", "plain", 1.0)], "not measured", ""),
        (
            [_row("q4", "ours, compiled", 0.5), _row("q4", "plain, compiled", 1.0),
             _row("nf4", "ours", 2.0), _row("nf4", "plain", 1.0)],
            "missed", "2.00 times its time (nf4)",
        ),
        ([], "not measured", ""),
    ],
)  # fmt: skip
def test_slower_than_the_plain_loop_is_found(rows: Sequence[Row], verdict: str, found: str) -> None:
    goal = never_slower(rows)
    assert goal.verdict == verdict
    assert found in goal.found


def test_what_only_the_plain_loop_could_run_is_lost() -> None:
    rows = [
        _row("bf16", "ours", 1.0),
        _row("bf16", "plain", 1.0),
        Row(format="q4", run="ours", note="not measured: memory ran out"),
        _row("q4", "plain", 1.0),
    ]
    goal = never_slower(rows)
    assert (goal.verdict, "slower: q4" in goal.found) == ("missed", True)


def test_goals_are_computed_from_the_rows() -> None:
    rows = [
        _row("q4", "ours, table", 1.0),
        _row("q4", "ours, table, adapter", 1.05),
        _row("fp8", "ours, table", 0.9),
        _row("fp8", "ours, table, adapter", 0.99),
        _row("q4", "restore", 4.0, 7_900_000_000),
        _row("fp8", "restore", 3.0, 12_000_000_000),
    ]
    assert near_ceiling(rows).verdict == "met"
    assert near_ceiling(rows[:1]).found == "60% (q4, ours, table)"
    assert near_ceiling([replace(rows[0], seconds=1.1)]).verdict == "missed"
    assert light_adapter(rows[:2], asked=True).verdict == "met"
    assert light_adapter(rows, asked=True).verdict == "missed"
    assert light_adapter(rows, asked=False).verdict == "not asked"
    assert small_enough(rows, asked=True).verdict == "met"
    assert small_enough(rows[5:], asked=True).verdict == "missed"
    assert small_enough(rows[:4], asked=True).verdict == "not measured"
    found = Findings(
        machine={},
        ceilings={},
        rows=tuple(rows),
        twelve_billion=True,
        computed=_computed("flux1-schnell"),
    )
    assert "| a placement that stays under 8 GB | met | 7.90 GB (q4) |" in "\n".join(lines(found))
    assert "Computed for a card of 8 GB: q4" in "\n".join(lines(found))
    assert [goal.verdict for goal in found.goals] == ["not measured", "met", "missed", "met"]


def test_the_command_prints_and_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(bench_gpu_networks.MODELS, "small", TINY)
    out = tmp_path / "gpu.json"
    options = "--device cpu --formats q8 --side 64 --text-tokens 4 --steps 1 --repeats 1 --json"
    assert main([*options.split(), str(out)]) == 0
    said = capsys.readouterr().out
    assert "Ceiling of matrix products: plain" in said
    assert "| q8 | ours, table, adapter |" in said
    assert "| never slower than the plain loop, in any format |" in said
    found = json.loads(out.read_text())
    assert {row["format"] for row in found["rows"]} >= {"q8", "VAE float32"}
    assert len(found["goals"]) == 4


@pytest.mark.parametrize("option", [["--formats", "q3"], ["--side", "100"], ["--size", "huge"]])
def test_wrong_options_are_refused(option: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(option)
    assert "error" in capsys.readouterr().err
