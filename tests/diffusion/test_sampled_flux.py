"""Sampler and objective with real, tiny FLUX networks of random weights."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from engine.diffusion.backbone import Backbone
from engine.diffusion.bridge import goub
from engine.diffusion.noise_field import NoiseField
from engine.diffusion.sampling import SAMPLERS, Noise, sample_latent
from engine.photo import Box
from engine.schedule import Schedule
from engine.trajectory import Trajectory
from tests.diffusion.tiny_flux import fresh_adapter1, tiny_flux1, tiny_flux1_guided, tiny_flux2
from trainer.flux.flow_loss import draw_sigmas, flow_loss, travelled_point

BACKBONES = {"flux1": tiny_flux1, "flux1 guided": tiny_flux1_guided, "flux2": tiny_flux2}
TRAJECTORIES = {
    "flow": Trajectory(schedule=Schedule(steps=3, shift="flux1")),
    "noised degraded": Trajectory(start="degraded", schedule=Schedule(steps=3, start=0.6)),
    "goub": goub().trajectory(4),
    "above critical": goub().trajectory(4, renoise=0.3),
}


def picture(seed: int, count: int = 1) -> Tensor:
    return torch.rand(count, 3, 32, 48, generator=torch.Generator().manual_seed(seed))


def noise_for(backbone: Backbone, latent: Tensor, seed: int = 0) -> Noise:
    height, width = latent.shape[-2:]
    field = NoiseField(seed, latent.shape[1])
    return field.seen_by(Box(0, 0, width, height), torch.device("cpu"))


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("trajectory", TRAJECTORIES.values(), ids=TRAJECTORIES)
@pytest.mark.parametrize("name", BACKBONES)
def test_every_backbone_is_sampled_along_every_trajectory(
    name: str, trajectory: Trajectory, sampler: str
) -> None:
    backbone: Backbone = BACKBONES[name]()
    with torch.inference_mode():
        given = backbone.condition(picture(0))
    noise = noise_for(backbone, given.degraded)
    one, again = (
        sample_latent(backbone, given, trajectory, noise, sampler=sampler) for _ in range(2)
    )
    assert torch.equal(one, again)
    assert one.shape == given.degraded.shape
    with torch.inference_mode():
        assert backbone.decode(one).shape == (1, 3, 32, 48)


def test_the_loop_is_that_of_diffusers() -> None:
    from diffusers.schedulers.scheduling_flow_match_euler_discrete import (
        FlowMatchEulerDiscreteScheduler,
    )

    backbone = tiny_flux1()
    with torch.inference_mode():
        given = backbone.condition(picture(0))
        noise = noise_for(backbone, given.degraded)
        scheduler = FlowMatchEulerDiscreteScheduler()
        scheduler.set_timesteps(sigmas=[1.0, 0.75, 0.5, 0.25], device="cpu")
        x = noise(0)
        for time in scheduler.timesteps:
            velocity = backbone.velocity(x, time[None] / 1000, given)
            x = scheduler.step(velocity, time, x, return_dict=False)[0]
    assert torch.allclose(sample_latent(backbone, given, Trajectory(), noise), x, atol=1e-5)


def test_an_adapter_learns_by_the_objective_the_sampler_runs_with() -> None:
    """The same batch over and over: the loss has to fall, and nothing but the adapter to move."""
    adapter = fresh_adapter1()
    backbone = tiny_flux1(adapter)
    backbone.transformer.requires_grad_(False)
    before = [weight.clone() for weight in backbone.transformer.parameters()]
    trajectory = Trajectory(start="degraded", schedule=Schedule(steps=4, start=0.7))
    rng = torch.Generator().manual_seed(0)
    with torch.no_grad():
        clean, given = backbone.encode(picture(0, 4)), backbone.condition(picture(1, 4))
        noise = torch.randn(clean.shape, generator=rng)
    sigma = draw_sigmas(4, rng, top=trajectory.schedule.start)
    point = travelled_point(trajectory, clean, given.degraded, noise, sigma)
    optimiser = torch.optim.Adam(adapter.parameters(), 1e-2)
    losses = []
    for _ in range(30):
        loss = flow_loss(
            lambda x, sigma: backbone.velocity(x, sigma, given), point, backbone.decode, 0.1
        ).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.8 * losses[0]
    assert all(map(torch.equal, before, backbone.transformer.parameters()))
