"""Trains the assistant when what it learns from has changed, and prints the model's file."""

import argparse
import hashlib
import os
import sys
from importlib.metadata import version
from pathlib import Path

import bot.absent  # noqa: F401  (before anything of Rasa)

CONFIG = Path("config.yml")
DOMAIN = Path("bot/domain")
DATA = (Path("data/nlu"), Path("data/rules"), Path("data/stories"))


def fingerprint() -> str:
    """Of every file the model is made from, and of Rasa's version."""
    digest = hashlib.sha256(version("rasa").encode())
    files = [CONFIG, *(file for folder in (DOMAIN, *DATA) for file in sorted(folder.rglob("*.yml")))]
    for file in files:
        digest.update(f"\0{file}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def train(models: Path) -> Path:
    """The model's file; anything older in the folder is removed. Raises `SystemExit` when training fails."""
    model = models / f"assistant-{fingerprint()}.tar.gz"
    if model.is_file():
        return model
    models.mkdir(parents=True, exist_ok=True)
    import rasa

    result = rasa.train(
        domain=str(DOMAIN),
        config=str(CONFIG),
        training_files=[str(folder) for folder in DATA],
        output=str(models),
        fixed_model_name=model.name,
        force_training=True,
    )
    if result.code != 0 or not model.is_file():
        raise SystemExit("the assistant could not be trained")
    for old in models.glob("assistant-*.tar.gz"):
        if old != model:
            old.unlink()
    return model


def main() -> None:
    from bot.server import ENVIRONMENT, check_versions, quiet

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", type=Path, default=Path(os.environ.get("FIRSTLINE_STATE", ".firstline")))
    options = parser.parse_args()
    check_versions()
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("RASA_CACHE_DIRECTORY", str(options.state / "rasa-cache"))
    quiet()
    sys.stdout.write(f"{train(options.state / 'models')}\n")


if __name__ == "__main__":
    main()
