"""Starts Rasa for Firstline: without TensorFlow, one thread for BLAS, hot spots removed, our channel and stores.

Made for the versions in `MADE_FOR`; with others it refuses to start, because `hot_spots.py` replaces Rasa's internals.
"""

import argparse
import logging
import os
from importlib.metadata import version

import bot.absent  # noqa: F401  (before anything of Rasa)
from bot import hot_spots

MADE_FOR = {"rasa": "3.6.21", "jsonschema": "4.17.3", "scikit-learn": "1.1.3"}
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",  # sparse one-row matrices: more threads only cost
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def take_secrets() -> None:
    """Secrets out of their files, and of two internal tokens the one that we send; the channel takes both."""
    from secret_values import from_files, several

    os.environ.update(from_files(os.environ, ("FIRSTLINE_INTERNAL_TOKEN", "REDIS_URL")))
    tokens = os.environ.get("FIRSTLINE_INTERNAL_TOKEN", "")
    os.environ["FIRSTLINE_INTERNAL_TOKENS"] = tokens
    os.environ["FIRSTLINE_INTERNAL_TOKEN"] = next(iter(several(tokens)), "")


def check_versions() -> None:
    """Raises `SystemExit` that names what is installed and what this file was made for."""
    for package, wanted in MADE_FOR.items():
        if version(package) != wanted:
            raise SystemExit(f"bot/server.py was made for {package} {wanted}, {version(package)} is installed")


def quiet() -> None:
    """Warnings and errors only, masked: Rasa's own debug lines hold what customers say."""
    import warnings

    warnings.simplefilter("ignore", DeprecationWarning)  # of Rasa's own dependencies
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    import logs

    configure_structlog(logging.WARNING)
    configure_logging_and_warnings(logging.WARNING)
    logs.mask()


def serve(model: str, interface: str, port: int) -> None:
    """Run until stopped. The port opens only when the model is loaded."""
    import rasa.core.run
    from rasa.core.utils import AvailableEndpoints

    rasa.core.run.serve_application(
        model,
        interface=interface,
        port=port,
        credentials="bot/credentials.yml",
        endpoints=AvailableEndpoints.read_endpoints("bot/endpoints.yml"),
        enable_api=False,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="the file that `python -m bot.train` printed")
    parser.add_argument("--interface", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5005)
    options = parser.parse_args()
    check_versions()
    if not os.path.isfile(options.model):
        raise SystemExit(f"no model at {options.model}: run python -m bot.train")
    quiet()
    take_secrets()
    hot_spots.remove()
    serve(options.model, options.interface, options.port)


if __name__ == "__main__":
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    main()
