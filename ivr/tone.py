"""What waiting callers hear when the operator has no music: a soft chord now and then, made here."""

import io
import math
import wave
from functools import cache

RATE_HZ = 8000
LENGTH_S = 20
EVERY_S = 5  # a chord, then silence
CHORD_HZ = (262.0, 330.0, 392.0)
CHORD_S = 2.0
LOUDNESS = 0.08  # of full scale, each note


@cache
def hold_tone() -> bytes:
    """A RIFF/WAVE file of 20 s, 8 kHz, 16 bits, one channel."""
    samples = bytearray()
    for n in range(RATE_HZ * LENGTH_S):
        samples += int(32767 * _level(n / RATE_HZ % EVERY_S)).to_bytes(2, "little", signed=True)
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE_HZ)
        sound.writeframes(samples)
    return file.getvalue()


def _level(second: float) -> float:
    if second >= CHORD_S:
        return 0.0
    fade = math.sin(math.pi * second / CHORD_S)
    return fade * LOUDNESS * sum(math.sin(2 * math.pi * hertz * second) for hertz in CHORD_HZ)
