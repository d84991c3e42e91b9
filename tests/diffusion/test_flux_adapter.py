import pytest
import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from engine.diffusion.evaluation import Evaluation
from engine.diffusion.flux import flux1, flux2
from engine.diffusion.flux.flux1 import Flux1
from engine.diffusion.flux.flux_adapter import FluxAdapter, SeLayer
from engine.diffusion.flux.flux_models import (
    FLUX1_DEV,
    FLUX1_SCHNELL,
    FLUX2_KLEIN_4B,
    Flux1Sizes,
    count,
    flux1_transformer,
)
from tests.diffusion.tiny_flux import (
    FLUX1,
    FLUX1_GUIDED,
    fresh_adapter1,
    latent,
    prompt1,
    shaken,
    tiny_flux1,
    tiny_flux1_guided,
)

X, SIGMA = latent(16, 4, 6, count=2), torch.tensor([0.8, 0.3])
DEGRADED = latent(16, 4, 6, count=2, seed=11)


def _velocity(backbone: Flux1) -> Tensor:
    return backbone.velocity(X, SIGMA, backbone.condition_on(DEGRADED))


def _trained(seed: int = 8) -> FluxAdapter:
    adapter = fresh_adapter1()
    shaken(adapter, seed, 0.1)
    return adapter


@pytest.mark.parametrize(
    ("rank", "published"), [(16, 11_558_688), (32, 22_767_168), (64, 45_184_128), (128, 90_018_048)]
)
def test_se_layers_have_the_published_number_of_parameters(rank: int, published: int) -> None:
    adapter = flux1.new_adapter(FLUX1_DEV, rank, 512, "meta")
    assert adapter.se_parameters == published
    assert len(adapter.image_layers) == len(adapter.text_layers) == 57


@pytest.mark.parametrize(
    ("sizes", "published"), [(FLUX1_DEV, 387_176_704), (FLUX1_SCHNELL, 376_946_944)]
)
def test_the_rest_has_the_published_number_of_parameters(sizes: Flux1Sizes, published: int) -> None:
    adapter = flux1.new_adapter(sizes, 32, 512, "meta")
    assert count(adapter) - adapter.se_parameters == published


def test_flux2_has_counts_of_its_own() -> None:
    adapter = flux2.new_adapter(FLUX2_KLEIN_4B, 32, 512, "meta")
    assert adapter.se_parameters == 2 * 25 * (6145 * 32 + 3072)
    c, text, block = 3072, 7680, 26 * 3072**2 + 4 * 128
    embedders = 128 * c + text * c + (256 * c + c * c) + 2 * 6 * c * c
    rest = block + embedders + 512 * text + (128 * c + c)
    assert count(adapter) - adapter.se_parameters == rest == 397_151_744


def test_an_adapter_costs_a_fiftieth_of_a_step() -> None:
    """At 1024 x 1024 pixels and 512 text tokens, of the published sizes, in operations."""
    network = flux1_transformer(FLUX1_SCHNELL, "meta")
    adapter = flux1.new_adapter(FLUX1_SCHNELL, 32, 512, "meta")
    tokens = torch.empty(1, 4096, 64, device="meta")
    step = Evaluation(
        image=tokens,
        text=torch.empty(1, 512, 4096, device="meta"),
        pooled=torch.empty(1, 768, device="meta"),
        sigma=torch.empty(1, device="meta"),
        guidance=None,
        image_places=torch.empty(4096, 3, device="meta"),
        text_places=torch.empty(512, 3, device="meta"),
    )
    with torch.inference_mode():
        with FlopCounterMode(display=False) as plain:
            flux1.evaluate(network, step)
        with FlopCounterMode(display=False) as steered:
            flux1.evaluate(network, step, adapter(step, tokens))
    assert round(plain.get_total_flops() / 1e12, 1) == 74.4
    assert steered.get_total_flops() < 1.02 * plain.get_total_flops()


def test_an_se_layer_is_affine_and_zero_at_first() -> None:
    layer = SeLayer(6, 2)
    feature = latent(1, 3, 6)[0]
    assert not layer(feature).any()
    shaken(layer, 1)
    inside = feature @ layer.squeeze.weight.T + layer.squeeze.bias
    expected = inside @ layer.expand.weight.T + layer.expand.bias
    assert torch.allclose(layer(feature), expected, atol=1e-6)


@pytest.mark.parametrize("guided", [False, True])
@torch.inference_mode()
def test_a_fresh_adapter_changes_nothing(guided: bool) -> None:
    sizes, make = (FLUX1_GUIDED, tiny_flux1_guided) if guided else (FLUX1, tiny_flux1)
    assert torch.equal(_velocity(make(fresh_adapter1(sizes))), _velocity(make()))


@torch.inference_mode()
def test_the_trunk_starts_as_a_copy_of_the_backbones_first_block() -> None:
    adapter, backbone = fresh_adapter1(), tiny_flux1()
    own, source = adapter.trunk.state_dict(), backbone.transformer.state_dict()
    assert torch.equal(
        own["block.attn.to_q.weight"], source["transformer_blocks.0.attn.to_q.weight"]
    )
    assert torch.equal(own["x_embedder.weight"], source["x_embedder.weight"])
    unlike = set(own) - {key.replace("transformer_blocks.0.", "block.") for key in source}
    assert unlike == {"pooled_offset"}
    adapter.trunk.get_parameter("x_embedder.weight").zero_()
    assert backbone.transformer.get_parameter("x_embedder.weight").any()


@torch.inference_mode()
def test_a_trained_adapter_hears_the_degraded_picture_and_its_scale() -> None:
    adapter, plain = _trained(), tiny_flux1()
    steered = tiny_flux1(adapter)
    full = _velocity(steered)
    other = steered.velocity(X, SIGMA, steered.condition_on(DEGRADED * 1.1))
    assert not torch.allclose(full, other)
    steered.scale = 0.0
    assert torch.equal(_velocity(steered), _velocity(plain))
    steered.scale = 0.5
    assert not torch.equal(_velocity(steered), full)


@torch.inference_mode()
def test_every_layer_has_its_say_but_the_last_of_the_text() -> None:
    """Behind the last block nothing looks at the text any more."""
    for stream in ("image_layers", "text_layers"):
        for block in range(FLUX1.blocks):
            adapter = fresh_adapter1()
            layer = adapter.get_submodule(f"{stream}.{block}")
            assert isinstance(layer, SeLayer)
            layer.expand.bias.fill_(0.5)
            silent = stream == "text_layers" and block == FLUX1.blocks - 1
            same = torch.equal(_velocity(tiny_flux1(adapter)), _velocity(tiny_flux1()))
            assert same is silent, (stream, block)


def test_gradients_reach_the_adapter_alone() -> None:
    adapter = _trained()
    backbone = tiny_flux1(adapter)
    backbone.velocity(X, SIGMA, backbone.condition_on(DEGRADED)).square().mean().backward()
    assert all(weight.grad is None for weight in backbone.transformer.parameters())
    without = {name for name, weight in adapter.named_parameters() if not _learns(weight)}
    last = f"text_layers.{FLUX1.blocks - 1}."
    assert without == {name for name, _ in adapter.named_parameters() if name.startswith(last)}


def test_a_float32_adapter_learns_on_a_backbone_of_fewer_bits() -> None:
    short, plain = tiny_flux1(fresh_adapter1()), tiny_flux1()
    for backbone in (short, plain):
        for weight in backbone.transformer.parameters():
            weight.data = weight.data.to(torch.bfloat16)
        backbone.dtype = torch.bfloat16
    velocity = _velocity(short)
    assert torch.equal(velocity, _velocity(plain))
    velocity.square().mean().backward()
    assert short.adapter is not None
    gradient = short.adapter.image_layers[0].get_parameter("expand.weight").grad
    assert gradient is not None
    assert gradient.dtype == torch.float32
    assert gradient.any()


def test_checkpointing_saves_memory_and_changes_no_gradient() -> None:
    gradients = []
    for saving in (False, True):
        adapter = _trained()
        backbone = tiny_flux1(adapter)
        backbone.transformer.gradient_checkpointing = saving  # type: ignore[assignment]
        _velocity(backbone).square().mean().backward()
        assert adapter.degraded_embedder.weight.grad is not None
        gradients.append(adapter.degraded_embedder.weight.grad)
    assert torch.equal(*gradients)


def test_a_step_of_training_moves_the_velocity_to_its_goal() -> None:
    adapter = fresh_adapter1()
    backbone = tiny_flux1(adapter)
    goal = torch.zeros_like(X)
    optimizer = torch.optim.AdamW(adapter.parameters(), lr=1e-2)
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        loss = (_velocity(backbone) - goal).square().mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.8 * losses[0]


def test_a_prompt_longer_than_the_offsets_is_refused() -> None:
    backbone = tiny_flux1(fresh_adapter1())
    backbone.prompt = prompt1(words=9)
    with pytest.raises(ValueError, match="offsets for 7"):
        _velocity(backbone)


def _learns(weight: Tensor) -> bool:
    return weight.grad is not None and bool(weight.grad.any())


def test_a_backbone_whose_modulation_is_a_table_gives_no_start() -> None:
    backbone = tiny_flux1()
    backbone.use_table(backbone.modulation([0.5]))
    with pytest.raises(RuntimeError, match="norm1"):
        fresh_adapter1().start_from(backbone.transformer)
