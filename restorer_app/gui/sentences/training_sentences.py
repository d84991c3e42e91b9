"""What is said of trainings, by the page and by the trainer."""

from __future__ import annotations

from restorer_app.gui.look.translations import QT_TRANSLATE_NOOP

TRAININGS = (
    QT_TRANSLATE_NOOP("Sentences", "There is a training called “{name}” already."),
    QT_TRANSLATE_NOOP("Sentences", "Give this one another name."),
    QT_TRANSLATE_NOOP("Sentences", "The training cannot be kept in “{folder}”: {error}."),
    QT_TRANSLATE_NOOP("Sentences", "“{folder}” cannot be removed: {error}."),
    QT_TRANSLATE_NOOP("Sentences", "signal {number}"),
    QT_TRANSLATE_NOOP("Sentences", "code {number}"),
    QT_TRANSLATE_NOOP(
        "Sentences", "The state of the training cannot be written to {folder}: {error}."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "Make room there, or name another --run; the same command goes on from the last state.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "The training does not fit into the memory of the graphics card."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Close what else uses it, or train for a smaller model."),
    QT_TRANSLATE_NOOP("Sentences", "Another training writes into {folder}."),
    QT_TRANSLATE_NOOP("Sentences", "Wait until it is through, or end it."),
    QT_TRANSLATE_NOOP(
        "Sentences", "{folder} holds a training that is over, of another recipe, pool or seed."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "{folder} holds the state of another training, or a damaged one."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Name another --run."),
    QT_TRANSLATE_NOOP("Sentences", "Name another --run, or the options it was begun with."),
    QT_TRANSLATE_NOOP(
        "Sentences", "Name another --run, or the options it was begun with, or remove that one."
    ),
    QT_TRANSLATE_NOOP("Sentences", "{path} cannot be made: {error}"),
    QT_TRANSLATE_NOOP("Sentences", "{path} cannot be read: {error}"),
    QT_TRANSLATE_NOOP("Sentences", "Name another --out."),
    QT_TRANSLATE_NOOP("Sentences", "Name another {option}."),
    QT_TRANSLATE_NOOP(
        "Sentences", "Name another {option}, or make room; a training goes on from its --run."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "Name another --out, train these tasks too, or remove their files."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "{network} is also the network of {tasks}, which would fit no more."
    ),
    QT_TRANSLATE_NOOP("Sentences", "The tasks are of several networks."),
    QT_TRANSLATE_NOOP("Sentences", "Name those of one with --tasks."),
    QT_TRANSLATE_NOOP(
        "Sentences", "The tasks' adapters were made for another version of the network."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "Name the model that they were made for, or remove their files."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "{model} has {option} {found}, and a training from it cannot have {asked}."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Leave {option} out, or --start."),
    QT_TRANSLATE_NOOP("Sentences", "{folder} has no autoencoder yet."),
    QT_TRANSLATE_NOOP("Sentences", "Make it with “train autoencoder”."),
    QT_TRANSLATE_NOOP("Sentences", "Train one first."),
    QT_TRANSLATE_NOOP("Sentences", "{file} is missing."),
    QT_TRANSLATE_NOOP("Sentences", "Make it with “train latents”."),
    QT_TRANSLATE_NOOP(
        "Sentences", "Windows of {side} do not fit into latents of {width} x {height}."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "Choose smaller --sides, or encode a pool with a larger --side."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "There are pictures in {folder} that no pictures.jsonl tells of."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Name a new folder with --out."),
    QT_TRANSLATE_NOOP(
        "Sentences", "{file} was painted otherwise: its {name} is “{found}”, not “{asked}”."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Give the options it was painted with, or name another --out."),
    QT_TRANSLATE_NOOP("Sentences", "{count} of {total} pictures could not be read."),
    QT_TRANSLATE_NOOP(
        "Sentences", "The others are chosen from; take these out, or open them in another program."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Pictures of {width} x {height} are too small for {model}."),
    QT_TRANSLATE_NOOP("Sentences", "Give a --size of {width}x{height} or more."),
    QT_TRANSLATE_NOOP("Sentences", "{model} takes no guidance."),
    QT_TRANSLATE_NOOP("Sentences", "Leave --guidance out."),
    QT_TRANSLATE_NOOP("Sentences", "{model} cannot paint out of noise."),
    QT_TRANSLATE_NOOP("Sentences", "Choose another --model."),
    QT_TRANSLATE_NOOP("Sentences", "Another program paints into {folder} at the moment."),
    QT_TRANSLATE_NOOP("Sentences", "Wait until it is through, or name another --out."),
    QT_TRANSLATE_NOOP("Sentences", "A picture of {width} x {height} does not fit into the memory."),
    QT_TRANSLATE_NOOP("Sentences", "Choose a smaller --size, or close other programs."),
    QT_TRANSLATE_NOOP("Sentences", "{file} is no pool of latents."),
    QT_TRANSLATE_NOOP("Sentences", "{file} was made with another autoencoder."),
    QT_TRANSLATE_NOOP("Sentences", "Make it anew."),
    QT_TRANSLATE_NOOP("Sentences", "There are no photos to train on in {folder}."),
    QT_TRANSLATE_NOOP("Sentences", "Name their folder with --photos."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The photos below {folder} do not fit into memory, where a training keeps them.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "Name a folder of fewer or smaller ones; {count} of these would fit."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Line {number} of pictures.jsonl names no file."),
    QT_TRANSLATE_NOOP("Sentences", "Line {number} of pictures.jsonl is no table."),
    QT_TRANSLATE_NOOP("Sentences", "Line {number} of pictures.jsonl is no JSON."),
    QT_TRANSLATE_NOOP("Sentences", "Line {number} of pictures.jsonl does not hold just {names}."),
    QT_TRANSLATE_NOOP("Sentences", "pictures.jsonl cannot be read: {error}"),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "Correct pictures.jsonl, or remove it if nothing is to be known of the pictures.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "Make room, or name another --out."),
    QT_TRANSLATE_NOOP("Sentences", "{recipe}: size is a multiple of {multiple}, not {size}."),
    QT_TRANSLATE_NOOP("Sentences", "{recipe} has no task “{task}”."),
    QT_TRANSLATE_NOOP("Sentences", "Name some of these: {names}."),
    QT_TRANSLATE_NOOP(
        "Sentences", "{recipe} has no task but “plain”, which has no adapter to train."
    ),
    QT_TRANSLATE_NOOP("Sentences", "{file} is not a usable recipe: it lacks {name}."),
    QT_TRANSLATE_NOOP("Sentences", "{file} is not a usable recipe: {error}."),
    QT_TRANSLATE_NOOP("Sentences", "There are no pictures in {folder}."),
    QT_TRANSLATE_NOOP("Sentences", "Name a folder of pictures."),
    QT_TRANSLATE_NOOP("Sentences", "{folder} is no folder."),
    QT_TRANSLATE_NOOP("Sentences", "{folder} lies in the folder that is chosen from."),
    QT_TRANSLATE_NOOP("Sentences", "{folder} is there already, and not empty."),
    QT_TRANSLATE_NOOP("Sentences", "The transformer of {model} cannot be read: {error}"),
    QT_TRANSLATE_NOOP(
        "Sentences", "{recipe} teaches nothing but enlarging, which is taught by --enlarging."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Choose a recipe with another task."),
    QT_TRANSLATE_NOOP("Sentences", "Crops of {side} pixels do not fit the network."),
    QT_TRANSLATE_NOOP("Sentences", "Give a --side that is a multiple of {multiple}."),
    QT_TRANSLATE_NOOP("Sentences", "A texture prior learns from photos."),
    QT_TRANSLATE_NOOP("Sentences", "Guidance learns from pairs with drafts."),
    QT_TRANSLATE_NOOP("Sentences", "Name their file with --pool."),
    QT_TRANSLATE_NOOP("Sentences", "{file} is no pool of drafts."),
    QT_TRANSLATE_NOOP("Sentences", "Make one: “train drafts”."),
    QT_TRANSLATE_NOOP("Sentences", "Windows of {side} pixels do not fit into pictures of {size}."),
    QT_TRANSLATE_NOOP("Sentences", "Choose a smaller --side, or make a pool with a larger one."),
)
