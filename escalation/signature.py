"""How a subscriber can tell that an event comes from us: a signature over the time of sending and the body."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

HEADER = "X-Firstline-Signature"
SHORTEST_SECRET = 16  # characters


def secrets_of(given: str) -> tuple[str, ...]:
    """One secret; two, with a comma, while subscribers change to the new one. Raises RuntimeError for a weak one."""
    secrets = tuple(secret.strip() for secret in given.split(",") if secret.strip())
    if any(len(secret) < SHORTEST_SECRET for secret in secrets):
        raise RuntimeError(f"FIRSTLINE_WEBHOOK_SECRETS: each needs {SHORTEST_SECRET} characters or more")
    return secrets


def sign(body: bytes, *, at: datetime, secrets: Sequence[str]) -> str:
    """`t=1764082800,v1=<hex>`, with a `v1` for each secret: HMAC-SHA256 of `<t>.<body>`."""
    sent_at = str(int(at.timestamp()))
    signed = sent_at.encode() + b"." + body
    marks = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={sent_at}", *(f"v1={mark}" for mark in marks)])
