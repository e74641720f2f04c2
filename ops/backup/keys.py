"""Redis in and out, key by key, through any connection: nobody need reach the server's files."""

import gzip
import json
import time
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from redis import Redis, RedisError

from ops.backup.manifest import BackupFailed

T = TypeVar("T")
BATCH = 500
_TIMEOUT_S = 60.0


def dump(redis_url: str, to: Path) -> int:
    """A line for each key, with when it ends (ms since 1970); how many. Each key is whole, all of them are no one
    moment: what is on its way is delivered again afterwards, which changes nothing.
    """
    count = 0
    try:
        with (
            Redis.from_url(redis_url, socket_timeout=_TIMEOUT_S) as redis,
            gzip.open(to, "wt", compresslevel=4) as file,
        ):
            for keys in _batches(redis.scan_iter(count=BATCH)):
                for key, (value, left_ms) in zip(keys, _read(redis, keys), strict=True):
                    if value is None:  # it ended meanwhile
                        continue
                    ends_ms = int(time.time() * 1000) + left_ms if left_ms > 0 else 0
                    line = {"key": b64encode(key).decode(), "value": b64encode(value).decode(), "ends_ms": ends_ms}
                    file.write(json.dumps(line) + "\n")
                    count += 1
    except RedisError as error:
        raise BackupFailed(f"Redis cannot be read: {error}") from error
    return count


def _read(redis: Redis, keys: list[bytes]) -> Iterator[tuple[bytes | None, int]]:
    pipe = redis.pipeline(transaction=False)
    for key in keys:
        pipe.dump(key)
        pipe.pttl(key)
    replies: list[Any] = pipe.execute()
    return zip(replies[::2], replies[1::2], strict=True)


def restore(redis_url: str, dumped: Path) -> int:
    """Redis is emptied first; a key whose time is over stays away; how many came back."""
    count, now_ms = 0, time.time() * 1000
    try:
        with Redis.from_url(redis_url, socket_timeout=_TIMEOUT_S) as redis, gzip.open(dumped, "rt") as file:
            redis.flushdb()
            for lines in _batches(json.loads(line) for line in file):
                pipe = redis.pipeline(transaction=False)
                for line in lines:
                    if 0 < line["ends_ms"] <= now_ms:
                        continue
                    pipe.restore(b64decode(line["key"]), line["ends_ms"], b64decode(line["value"]), absttl=True)
                    count += 1
                pipe.execute()
    except RedisError as error:
        raise BackupFailed(
            f"PostgreSQL is restored; Redis did not take what was in the backup ({error}). It must be at least as new "
            "as the one that was backed up. Restore again."
        ) from error
    return count


def _batches(things: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(things)
    while batch := list(islice(rest, BATCH)):
        yield batch
