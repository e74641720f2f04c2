"""A stand-in of Twilio's recordings: whatever was recorded on a simulated telephone is two seconds of a tone."""

import io
import math
import wave
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Path, Response

RATE_HZ = 8000
LENGTH_S = 2
TONE_HZ = 440


def twilio() -> APIRouter:
    router = APIRouter()
    router.add_api_route("/2010-04-01/Accounts/{sid}/Recordings/{recording}.wav", recording_of, methods=["GET"])
    return router


def recording_of(sid: str, recording: Annotated[str, Path(pattern="^RE[0-9a-f]{32}$")]) -> Response:  # noqa: ARG001  # all sound alike
    return Response(_tone(), media_type="audio/x-wav")


@cache
def _tone() -> bytes:
    wanted = (0.2 * math.sin(2 * math.pi * TONE_HZ * n / RATE_HZ) for n in range(RATE_HZ * LENGTH_S))
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE_HZ)
        sound.writeframes(b"".join(int(32767 * level).to_bytes(2, "little", signed=True) for level in wanted))
    return file.getvalue()
