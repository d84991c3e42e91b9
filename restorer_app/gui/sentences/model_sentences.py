"""What is said of models, and of fetching them."""

from __future__ import annotations

from restorer_app.gui.look.translations import QT_TRANSLATE_NOOP

MODELS = (
    QT_TRANSLATE_NOOP("Sentences", "No model called “{model}” can be fetched"),
    QT_TRANSLATE_NOOP("Sentences", "There is no model called “{model}” here; installed: {names}."),
    QT_TRANSLATE_NOOP("Sentences", "There are: {names}."),
    QT_TRANSLATE_NOOP("Sentences", "{model} is not there as “{variant}”"),
    QT_TRANSLATE_NOOP("Sentences", "Choose one of: {names}."),
    QT_TRANSLATE_NOOP("Sentences", "Choose another."),
    QT_TRANSLATE_NOOP("Sentences", "Choose another model."),
    QT_TRANSLATE_NOOP("Sentences", "Choose another model, or update the program."),
    QT_TRANSLATE_NOOP("Sentences", "{model} is not on this machine"),
    QT_TRANSLATE_NOOP("Sentences", "This version cannot run {model} yet"),
    QT_TRANSLATE_NOOP("Sentences", "{model} belongs to a family that this version cannot run."),
    QT_TRANSLATE_NOOP("Sentences", "{model} has other sizes than the catalogue says."),
    QT_TRANSLATE_NOOP("Sentences", "{model} is no model of FLUX's kind."),
    QT_TRANSLATE_NOOP("Sentences", "{model} is not there in a precision that {device} runs"),
    QT_TRANSLATE_NOOP("Sentences", "{model} does not fit: {why}"),
    QT_TRANSLATE_NOOP("Sentences", "{device} has {free} GB free, {needed} are needed"),
    QT_TRANSLATE_NOOP("Sentences", "the {memory} GB of memory do not hold its weights"),
    QT_TRANSLATE_NOOP("Sentences", "Close other programs, or choose a smaller model."),
    QT_TRANSLATE_NOOP("Sentences", "The catalogue {file} is damaged: {error}."),
    QT_TRANSLATE_NOOP("Sentences", "The catalogue {file} is damaged: an id occurs twice."),
    QT_TRANSLATE_NOOP("Sentences", "The catalogue {folder}/model.toml is damaged."),
    QT_TRANSLATE_NOOP("Sentences", "The catalogue names no {role} for this model."),
    QT_TRANSLATE_NOOP("Sentences", "The catalogue names no network for this model."),
    QT_TRANSLATE_NOOP("Sentences", "The catalogue names no transformer for this model."),
    QT_TRANSLATE_NOOP("Sentences", "The model {model} has no prompt for “{preset}”"),
    QT_TRANSLATE_NOOP("Sentences", "{model} has no prompt for “{preset}”"),
    QT_TRANSLATE_NOOP("Sentences", "“{name}” cannot name a phrase"),
    QT_TRANSLATE_NOOP("Sentences", "Use small letters, digits and hyphens."),
    QT_TRANSLATE_NOOP("Sentences", "The phrase {name} has no words"),
    QT_TRANSLATE_NOOP("Sentences", "Say what shall be done."),
    QT_TRANSLATE_NOOP("Sentences", "No text encoder is known for {model}"),
    QT_TRANSLATE_NOOP(
        "Sentences", "The text encoder stopped without an answer, perhaps for lack of memory."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Close other programs; the same command goes on."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{model} follows words, which have to be encoded once, and the library transformers"
        " that does it is not installed",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        'Install it with: "{python}" -m pip install "transformers>={version}"\nThen the same'
        " command goes on. With --no-phrases the model comes without them.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "A packaged program takes no further libraries: encode them with one that runs from"
        " its source, and copy the folder “prompts” from its model; --no-phrases leaves them.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "A text encoder needs {needed} GB of memory, and this machine has {memory} GB"
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "Encode the phrases on another machine, and copy its folder “prompts”."
    ),
    QT_TRANSLATE_NOOP("Sentences", "{folder} holds no folder {name}"),
    QT_TRANSLATE_NOOP("Sentences", "Name the folder of a model in diffusers' layout."),
    QT_TRANSLATE_NOOP("Sentences", "{model} has a licence of its own: {address}"),
    QT_TRANSLATE_NOOP("Sentences", "Read the licence; if you accept it, add --accept-licence."),
    QT_TRANSLATE_NOOP("Sentences", "{folder} holds no file of {model}"),
    QT_TRANSLATE_NOOP("Sentences", "Files are known by name: {names}."),
    QT_TRANSLATE_NOOP("Sentences", "There is no folder {folder}"),
    QT_TRANSLATE_NOOP("Sentences", "Check its name."),
    QT_TRANSLATE_NOOP("Sentences", "In {folder}, {state}"),
    QT_TRANSLATE_NOOP("Sentences", "Fetch the file anew."),
    QT_TRANSLATE_NOOP("Sentences", "“{model}” belongs to the program"),
    QT_TRANSLATE_NOOP("Sentences", "It is here; nothing is to do."),
    QT_TRANSLATE_NOOP("Sentences", "Another program is at work on {model} already"),
    QT_TRANSLATE_NOOP("Sentences", "Wait until the other download is through, or end it."),
    QT_TRANSLATE_NOOP("Sentences", "This installation cannot use the system's keyring"),
    QT_TRANSLATE_NOOP("Sentences", "The system's keyring does not take the token: {error}"),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "Install the package “keyring”, or put the token into the environment as HF_TOKEN.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "Unlock it, or put the token into the environment as HF_TOKEN."),
    QT_TRANSLATE_NOOP("Sentences", "Something went wrong: {error}"),
    QT_TRANSLATE_NOOP("Sentences", "The connection to {server} breaks off again and again"),
    QT_TRANSLATE_NOOP(
        "Sentences", "The disk of {folder} has {free} GB free, and {needed} GB are needed"
    ),
    QT_TRANSLATE_NOOP("Sentences", "The disk of {folder} is full"),
    QT_TRANSLATE_NOOP("Sentences", "The server does not say how long {file} is"),
    QT_TRANSLATE_NOOP("Sentences", "The server contradicts itself about {file}"),
    QT_TRANSLATE_NOOP("Sentences", "{file} came with {size} bytes instead of {expected}"),
    QT_TRANSLATE_NOOP("Sentences", "{file} came damaged: {fault}"),
    QT_TRANSLATE_NOOP("Sentences", "{file} came damaged or altered: its checksum differs"),
    QT_TRANSLATE_NOOP(
        "Sentences", "Try again; if it stays so, the place it is fetched from has changed."
    ),
    QT_TRANSLATE_NOOP("Sentences", "{folder} cannot be written: {error}"),
    QT_TRANSLATE_NOOP("Sentences", "Instead of the file, {server} answers with a web page"),
    QT_TRANSLATE_NOOP(
        "Sentences", "Perhaps the network wants you to sign in first: open any page in a browser."
    ),
    QT_TRANSLATE_NOOP("Sentences", "{server} does not give {file} to everyone ({status})"),
    QT_TRANSLATE_NOOP("Sentences", "{file} is no longer at {server} ({status})"),
    QT_TRANSLATE_NOOP("Sentences", "{server} refuses {file} ({status})"),
    QT_TRANSLATE_NOOP("Sentences", "The proxy wants a name and a password"),
    QT_TRANSLATE_NOOP("Sentences", "Put them into https_proxy."),
    QT_TRANSLATE_NOOP("Sentences", "{server} cannot prove who it is"),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "Check the clock. Behind a company's proxy, let SSL_CERT_FILE name its certificate.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "{server} does not answer in time"),
    QT_TRANSLATE_NOOP("Sentences", "{server} cannot be reached: {error}"),
    QT_TRANSLATE_NOOP("Sentences", "{server} is too busy to send the file"),
    QT_TRANSLATE_NOOP("Sentences", "{server} gives no more files for the moment"),
    QT_TRANSLATE_NOOP(
        "Sentences", "Try again in {minutes} min; the same command goes on where it stopped."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Try again later; the same command goes on where it stopped."),
    QT_TRANSLATE_NOOP("Sentences", "The same command goes on where it stopped."),
    QT_TRANSLATE_NOOP(
        "Sentences", "Check the connection; the same command goes on where it stopped."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "Make room, or let RESTORER_MODELS name a folder on another disk."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "Ask for the right to write there, or let RESTORER_MODELS name another folder."
    ),
)
