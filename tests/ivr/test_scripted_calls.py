"""Every call written down in `calls/` goes as it says, over either transport, unless it says why over one only."""

from contextlib import nullcontext

import pytest
import yaml

from ivr.call import Transport
from settings import Settings
from tests.ivr.scripted_call import CALLS, ScriptedCall
from tests.ivr.spoken_languages import speaking


def written() -> list[tuple[str, Transport]]:
    """`only by`: the transport, and why the other makes no sense."""
    calls: list[tuple[str, Transport]] = []
    for path in sorted(CALLS.glob("*.yml")):
        only = yaml.safe_load(path.read_text(encoding="utf-8")).get("only by", {"gather": "", "relay": ""})
        calls += [(path.stem, transport) for transport in ("gather", "relay") if transport in only]
    return calls


@pytest.mark.parametrize(("name", "transport"), written())
async def test_the_call_goes_as_written(
    name: str, transport: Transport, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    quick = settings.model_copy(update={"bot_timeout_s": 0.6})
    call = ScriptedCall(name)

    with speaking(tmp_path_factory.mktemp("words"), *call.languages) if call.languages else nullcontext():
        await call.play(quick, transport)
