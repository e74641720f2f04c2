"""A telephone in a terminal (`scripts/call`): type words or keys, read what the caller would hear."""

import argparse
import asyncio
import re
import sys

import httpx

from ivr.grammar import BadTwiml
from ivr.overheard import Line, LineOutcome, ServiceFailed
from ivr.relay_simulator import RelayTelephone
from ivr.signature import socket_address
from ivr.simulator import Telephone
from settings import ROOT, Settings

HELP = "Type words to speak, digits * # to press keys, an empty line to stay silent; Ctrl-D hangs up."
OUTCOMES: dict[str, LineOutcome] = {
    "answered": "completed",
    "refused": "refused",
    "mailbox": "mailbox",
    "busy": "busy",
    "no-answer": "no-answer",
}
LOOK_S = 1.0
MESSAGE_S = 5  # of the message left by typing anything


def main() -> int:
    options = _options()
    settings = _settings()
    if not settings.twilio_token:
        sys.stderr.write("No TWILIO_AUTH_TOKEN, and none in the state folder: start scripts/run first.\n")
        return 2
    try:
        asyncio.run(_call(settings, options))
    except (ServiceFailed, BadTwiml) as error:
        sys.stderr.write(f"The call broke: {error}\n")
        return 1
    except httpx.TransportError:
        sys.stderr.write(f"Nobody answers at {_address(settings, options)}. Is scripts/run running?\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


async def _call(settings: Settings, options: argparse.Namespace) -> None:
    async with httpx.AsyncClient(base_url=_address(settings, options)) as http:
        telephone = _telephone(http, settings, options)
        if options.answer:
            await _answer(telephone, settings)
        else:
            _print(f"Calling from {telephone.caller}. {HELP}")
            await telephone.dial()
        while telephone.wants != "nothing":
            if telephone.wants == "line":
                await telephone.line(await _outcome(options.dial))
            elif telephone.wants == "recording":
                typed = await _typed("(beep; type anything to leave a message, an empty line to say nothing) ")
                await telephone.leaves_message(MESSAGE_S if typed else 0)
            else:
                await _speak(telephone)


async def _answer(telephone: Telephone, settings: Settings) -> None:
    """Waits for a call that the service makes by the demo operator's network, and picks it up."""
    token = settings.firstline_operator_token.get_secret_value()
    network = httpx.AsyncClient(base_url=settings.firstline_operator_url, headers={"Authorization": f"Bearer {token}"})
    async with network:
        _print("Waiting for a call. Ctrl-C ends.")
        call = await _ringing(network)
        while call is None:
            await asyncio.sleep(LOOK_S)  # the network has no event to wait for
            call = await _ringing(network)
    telephone.call_sid, telephone.caller, telephone.called = call["sid"], call["from"], call["to"]
    _print(f"The telephone of {telephone.called} rings, and you pick up. {HELP}")
    await telephone.picks_up(call["url"], ended=call["status_callback"])


async def _ringing(network: httpx.AsyncClient) -> dict[str, str] | None:
    """The oldest call that rings, answered so that nobody else can."""
    for call in reversed((await network.get("/demo/calls")).raise_for_status().json()):
        if call["status"] == "ringing":
            answered = await network.post(f"/demo/calls/{call['sid']}/answered")
            if answered.is_success:
                found: dict[str, str] = answered.json()
                return found
    return None


def _telephone(http: httpx.AsyncClient, settings: Settings, options: argparse.Namespace) -> Telephone:
    """`--relay` asks for the socket as a number's webhook may; without it the service's setting holds."""
    return RelayTelephone(
        http=http,
        token=settings.twilio_token,
        public_url=settings.public_url,
        caller=getattr(options, "from"),
        on_line=_show,
        socket_base=socket_address(_address(settings, options)),
        answer="/ivr/answer?transport=relay" if options.relay else "/ivr/answer",
    )


async def _speak(telephone: Telephone) -> None:
    typed = await _typed("> ")
    if typed is None:
        _print("(you hang up)")
        await telephone.hangs_up()
    elif not typed:
        await telephone.silent()
    elif re.fullmatch(r"[0-9*#]+", typed):
        await telephone.presses(typed)
    else:
        await telephone.says(typed)


async def _outcome(given: str | None) -> LineOutcome:
    while given is None:
        typed = await _typed(f"(does somebody answer? {' / '.join(OUTCOMES)}) ")
        given = "no-answer" if typed is None else typed if typed in OUTCOMES else None
    _print(f"(the line: {given})")
    return OUTCOMES[given]


async def _typed(prompt: str) -> str | None:
    """A line of input, None at its end. Piped input is shown, so that the whole call can be read."""
    sys.stdout.write(prompt)
    sys.stdout.flush()
    line = await asyncio.to_thread(sys.stdin.readline)
    if not sys.stdin.isatty():
        _print(line.rstrip("\n"))
    return line.strip() if line else None


def _show(line: Line) -> None:
    shown = {
        "says": line.text,
        "rings": f"(ringing {line.text} ...)",
        "plays": "(music)",
        "whispers": f"(to the person who answers: {line.text})",
        "pauses": "(...)",
        "hangs up": "(the line is closed)",
    }
    _print(shown[line.what])


def _settings() -> Settings:
    """As the service has them: the environment, `.env`, then what the demo generated into the state folder."""
    state = Settings().firstline_state
    folder = state if state.is_absolute() else ROOT / state
    return Settings(_env_file=(folder / "secrets.env", ROOT / ".env"))


def _address(settings: Settings, options: argparse.Namespace) -> str:
    host = "127.0.0.1" if settings.firstline_host == "0.0.0.0" else settings.firstline_host  # noqa: S104  # not bound here
    return options.url or f"http://{host}:{settings.firstline_port}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/call", description=f"{__doc__} {HELP}")
    parser.add_argument("--from", default="+447700900123", help="the caller's number; anonymous withholds it")
    parser.add_argument("--dial", choices=OUTCOMES, help="how a line that is put through ends; asked when not given")
    parser.add_argument(
        "--relay", action="store_true", help="talk over ConversationRelay's socket, whatever the setting"
    )
    parser.add_argument("--answer", action="store_true", help="wait for a call that the service makes, and pick it up")
    parser.add_argument("--url", default="", help="where the service listens, when not at its own address")
    return parser.parse_args()


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
