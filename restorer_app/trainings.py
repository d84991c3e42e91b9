"""A training of the user's own: what was ordered, its steps, and how far each is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path

from engine.backbones import backbones
from engine.resources import resource
from restorer_app.jobs import JobError

PREDICTOR = "lite"
"""The model whose adapters any computer can train and use."""
TASKS = ("denoise", "artifacts", "deblur", "derain", "desnow")
"""What an adapter of the predictor can be for; those of all other models are for everything."""


@cache
def builds_on_draft(model: str) -> bool:
    """Whether a model of the catalogue paints over drafts and nothing else: what it learns from has
    drafts in it, and it cannot paint pictures to learn from."""
    return any(spec.id == model and spec.painting is None for spec in backbones())


class Act(StrEnum):
    """What a step does; named as the command of `restorer train` is."""

    GENERATE = "generate"
    """Flux paints photographs."""
    SELECT = "select"
    """The good ones of them are kept."""
    LATENTS = "latents"
    """Pairs are encoded."""
    ADAPTER = "adapter"
    PREDICTOR = "predictor"
    DRAFTS = "drafts"
    """Pairs are made, and the predictor's drafts of them."""
    TEXTURE = "texture"

    @property
    def learns(self) -> bool:
        """Whether it leaves checkpoints and a log of losses."""
        return self in (Act.ADAPTER, Act.PREDICTOR, Act.TEXTURE)

    @property
    def continues(self) -> bool:
        """Whether it goes on where it was stopped; the others begin anew."""
        return self.learns or self is Act.GENERATE


class StepState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    STOPPING = "stopping"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def busy(self) -> bool:
        return self in (StepState.RUNNING, StepState.STOPPING)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingOrder:
    """What a user wants to be trained, for how long, and from what.

    Raises `ValueError` where the parts do not go together.
    """

    title: str
    model: str = PREDICTOR
    """`PREDICTOR`, or the id of a model of the catalogue that is on this machine."""
    task: str = ""
    """One of `TASKS` for the predictor; empty for all others."""
    photos: Path | None = None
    """Folder of clean photographs; None where the Flux model paints them."""
    pictures: int = 0
    """How many are painted."""
    recipe: str = "lite"
    """One of ours by its name, or the place of a TOML file of the user's."""
    hours: float = 1.0
    """Of learning; the steps before take their own time."""
    device: str = "auto"

    def __post_init__(self) -> None:
        if (self.model == PREDICTOR) != (self.task in TASKS):
            raise ValueError(f"{self.model} is not trained for “{self.task}”")
        if (self.photos is None) != (self.pictures > 0):
            raise ValueError("photographs come from a folder, or so many of them are painted")
        if self.photos is None and (self.model == PREDICTOR or builds_on_draft(self.model)):
            raise ValueError(f"{self.model} does not paint")
        if not 0 < self.hours < float("inf"):
            raise ValueError(f"a training takes more than no time, not {self.hours} hours")

    @property
    def recipe_file(self) -> Path:
        if self.recipe.endswith(".toml"):
            return Path(self.recipe)
        return resource("recipes", f"{self.recipe}.toml")

    @property
    def acts(self) -> tuple[Act, ...]:
        """The steps, in the order in which they are done."""
        if self.model == PREDICTOR:
            return (Act.PREDICTOR,)
        if builds_on_draft(self.model):
            return (Act.DRAFTS, Act.TEXTURE)
        painted = () if self.photos is not None else (Act.GENERATE, Act.SELECT)
        return (*painted, Act.LATENTS, Act.ADAPTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingStep:
    """One step, and how far it is."""

    act: Act
    state: StepState = StepState.WAITING
    done: float = 0.0
    """Share of it, 0 to 1."""
    stage: str = ""
    """What the trainer says of it."""
    seconds_left: float | None = None
    """None while nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """One training; every change of it is a new one."""

    name: str
    """Of its folder, among the user's trainings."""
    order: TrainingOrder
    steps: tuple[TrainingStep, ...]
    began: str = ""
    """When it was ordered, by ISO 8601."""
    error: JobError | None = None
    """Why it failed."""

    @property
    def current(self) -> TrainingStep:
        """The step that runs, or would next; the last one if all are done."""
        left = [step for step in self.steps if step.state is not StepState.DONE]
        return left[0] if left else self.steps[-1]

    @property
    def state(self) -> StepState:
        """Done when all steps are, else what the current one is."""
        return self.current.state

    def with_step(self, act: Act, **changes: object) -> Training:
        """With one step changed; raises `TypeError` for a field it has not."""
        steps = tuple(
            replace(step, **changes) if step.act is act else step  # type: ignore[arg-type]
            for step in self.steps
        )
        return replace(self, steps=steps)


def begun(name: str, order: TrainingOrder, began: str = "") -> Training:
    """A training of which nothing is done yet."""
    steps = tuple(TrainingStep(act=act) for act in order.acts)
    return Training(name=name, order=order, steps=steps, began=began)
