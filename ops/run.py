"""`scripts/run`: start Firstline, say where to open it, keep it running, stop all of it on Ctrl-C."""

import argparse
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from ops import credentials, preflight, running
from ops.processes import Child, NotReady
from ops.product import Product
from settings import ROOT

RESTARTS_MAX = 5  # of one program within RESTARTS_WINDOW_S; more is a fault that restarting does not mend
RESTARTS_WINDOW_S = 300.0
NEEDED_OUTSIDE_THE_DEMO = (
    "FIRSTLINE_API_TOKEN",
    "FIRSTLINE_INTERNAL_TOKEN",
    "FIRSTLINE_OPERATOR_URL",  # else the demo operator would answer for the operator's systems
    "FIRSTLINE_OPERATOR_TOKEN",
    "TWILIO_AUTH_TOKEN",
)


class Stopped(Exception):
    """Somebody asked us to stop."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Start Firstline. Settings come from the environment or .env.")
    parser.parse_args()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _stop)
    product = None
    try:
        environment = credentials.environment_of(ROOT)
        environment.setdefault("FIRSTLINE_DEMO", "true")
        state = (ROOT / environment.get("FIRSTLINE_STATE", ".firstline")).resolve()
        with preflight.claim_state(state):
            fresh = prepare(state, environment)
            began = time.monotonic()
            product = Product(
                state, environment, say=lambda text: print(f"  [{time.monotonic() - began:4.1f} s] {text}", flush=True)
            )
            print("Starting Firstline", flush=True)
            product.start()
            running.remember(state, product.environment)
            announce(product, fresh)
            keep_running(product)
    except Stopped:
        print("\nStopping Firstline ...", flush=True)
    except (preflight.CannotStart, NotReady) as error:
        print(f"\nFirstline could not start.\n{error}", file=sys.stderr)
        return 1
    finally:
        if product is not None:
            _ignore_signals()
            product.stop()
            running.forget(state)
    print("Stopped. Nothing is left running.", flush=True)
    return 0


def prepare(state: Path, environment: dict[str, str]) -> list[str]:
    """Check what can be checked, and fill in the demo's secrets; the names that were generated now."""
    host, port = environment.get("FIRSTLINE_HOST", "127.0.0.1"), environment.get("FIRSTLINE_PORT", "8000")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise preflight.CannotStart(f"FIRSTLINE_PORT is {port!r}; it must be a number from 1 to 65535.")
    preflight.check_port(host, int(port))
    preflight.check_disk(state)
    preflight.check_memory()
    if environment["FIRSTLINE_DEMO"].lower() in ("1", "true", "yes", "on"):
        secrets, fresh = credentials.demo_secrets(state, environment)
        environment.update(secrets)
        return fresh
    missing = [name for name in NEEDED_OUTSIDE_THE_DEMO if not environment.get(name)]
    if missing:
        raise preflight.CannotStart(f"Outside the demo these must be set: {', '.join(missing)}.")
    return []


def announce(product: Product, fresh: list[str]) -> None:
    """Where to open what; a secret is shown once, in the start that made it."""
    environment = product.environment
    url = environment.get("FIRSTLINE_PUBLIC_URL") or environment["FIRSTLINE_WEB_URL"]
    print(f"\nFirstline is ready.\n\n  Web chat        {url}/            or in a terminal: scripts/talk")
    print(f"  Phone           scripts/call              (webhooks at {url}/ivr/answer)")
    print(f"  Agent console   {url}/console/     API and its documentation: {url}/docs")
    if environment["FIRSTLINE_DEMO"].lower() in ("1", "true", "yes", "on"):
        file = credentials.secrets_file(product.state)
        print(
            "\n  Console logins  amira.khan (level 1), bea.novak (billing); see data/operator/people.yml for the others"
        )
        if "FIRSTLINE_DEMO_PASSWORD" in fresh:
            print(f"  Password        {environment['FIRSTLINE_DEMO_PASSWORD']}   (all demo people)")
        if "FIRSTLINE_API_TOKEN" in fresh:
            print(f"  API token       {environment['FIRSTLINE_API_TOKEN']}")
        print(f"                  secrets are kept in {file}")
        print("  Demo customers  data/operator/demo/README.md")
    print("\nCtrl-C stops everything.\n", flush=True)


def keep_running(product: Product) -> None:
    """Start again what ended by itself; raises NotReady when one program keeps ending."""
    ended: dict[str, list[float]] = {}
    while True:
        time.sleep(0.5)
        for child in product.children:
            if child.exit_code() is not None:
                _restart(child, ended.setdefault(child.command.name, []))


def _restart(child: Child, ended: list[float]) -> None:
    now = time.monotonic()
    ended[:] = [*(moment for moment in ended if now - moment < RESTARTS_WINDOW_S), now]
    if len(ended) > RESTARTS_MAX:
        raise NotReady(
            child.command.name, f"ended {len(ended)} times in {RESTARTS_WINDOW_S:.0f} s. {child.last_words()}"
        )
    print(f"  {child.command.name} ended with code {child.exit_code()}; starting it again", flush=True)
    child.stop()
    child.spawn()


def _stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the shape signal.signal asks for
    raise Stopped


def _ignore_signals() -> None:
    """A second Ctrl-C must not leave half of the programs behind."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
