"""Every call written down in `calls/` goes as it says."""

import pytest

from settings import Settings
from tests.ivr.scripted_call import CALLS, ScriptedCall


@pytest.mark.parametrize("name", sorted(path.stem for path in CALLS.glob("*.yml")))
async def test_the_call_goes_as_written(name: str, settings: Settings) -> None:
    quick = settings.model_copy(update={"bot_timeout_s": 0.6})

    await ScriptedCall(name).play(quick)
