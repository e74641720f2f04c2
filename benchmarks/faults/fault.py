"""What can go wrong, and how it is put right again."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass

import httpx
import redis

from benchmarks.faults.stage import SKEW_LIBRARY, Stage, freeze, restart, thaw

Lasts = Callable[[Stage], AbstractAsyncContextManager[None]]
ALONE = ("rasa", "inner", "web", "watch", "outbound", "operator", "redis", "postgres")
PAIRS = (
    ("rasa", "inner"), ("web", "rasa"), ("web", "redis"), ("inner", "postgres"),
    ("redis", "postgres"), ("web", "watch"), ("outbound", "operator"),
)  # fmt: skip
FILLED_AT_ONCE = 1 << 16  # bytes
FROZEN_PAIRS = (("redis", "postgres"), ("rasa", "inner"))


@dataclass(frozen=True)
class Fault:
    """`lasts` begins it on entry and puts it right on exit; `for_s` is how long it is let be."""

    name: str
    lasts: Lasts
    for_s: float = 6.0
    needs: Callable[[Stage], str] = lambda _: ""  # why it cannot be tried here; nothing when it can


@asynccontextmanager
async def _nothing(_: Stage) -> AsyncIterator[None]:
    yield


CALM = Fault("nothing", _nothing)


def killed(*names: str) -> Fault:
    @asynccontextmanager
    async def lasts(stage: Stage) -> AsyncIterator[None]:
        stage.held |= set(names)
        for name in names:
            stage.child(name).kill()
        try:
            yield
        finally:
            for name in reversed(names):
                stage.child(name).spawn()
            stage.held -= set(names)

    return Fault(f"{' and '.join(names)} killed (-9)", lasts)


def frozen(*names: str) -> Fault:
    @asynccontextmanager
    async def lasts(stage: Stage) -> AsyncIterator[None]:
        for name in names:
            freeze(stage.child(name))
        try:
            yield
        finally:
            for name in names:
                thaw(stage.child(name))

    return Fault(f"{' and '.join(names)} frozen", lasts, for_s=10.0)


def restarted(name: str) -> Fault:
    """Asked to end, as an upgrade does, and started again at once."""

    @asynccontextmanager
    async def lasts(stage: Stage) -> AsyncIterator[None]:
        stage.held.add(name)
        await asyncio.to_thread(stage.child(name).stop)
        stage.child(name).spawn()
        stage.held.discard(name)
        yield

    return Fault(f"{name} restarted in order", lasts)


def cut(name: str) -> Fault:
    @asynccontextmanager
    async def lasts(stage: Stage) -> AsyncIterator[None]:
        stage.network.cut(stage.wires[name])
        try:
            yield
        finally:
            stage.wires[name].cut = False

    return Fault(f"connections to {name} cut", lasts)


def delayed(name: str, delay_s: float) -> Fault:
    @asynccontextmanager
    async def lasts(stage: Stage) -> AsyncIterator[None]:
        stage.wires[name].delay_s = delay_s
        try:
            yield
        finally:
            stage.wires[name].delay_s = 0.0

    return Fault(f"{name} answers {delay_s * 1000:.0f} ms late", lasts, for_s=10.0)


@asynccontextmanager
async def _read_only(stage: Stage) -> AsyncIterator[None]:
    """A replica whose leader is away refuses to write, as after a failover that went wrong."""
    with redis.Redis.from_url(stage.redis_url) as admin:
        admin.replicaof("127.0.0.1", "1")
        try:
            yield
        finally:
            admin.replicaof("NO", "ONE")


@asynccontextmanager
async def _full_disk(stage: Stage) -> AsyncIterator[None]:
    assert stage.disk is not None
    filler = stage.disk / "filler"
    try:
        with filler.open("wb", buffering=0) as file, suppress(OSError):  # until there is no room: the rest writes too
            while True:
                file.write(b"\0" * FILLED_AT_ONCE)
        yield
    finally:
        filler.unlink()


def operator_is(mode: str) -> Fault:
    systems = ("customers", "services", "outages", "line_test", "bills", "messages")

    async def switch(stage: Stage, how: str) -> None:
        token = stage.product.environment["FIRSTLINE_OPERATOR_TOKEN"]
        async with httpx.AsyncClient(base_url=stage.product.environment["FIRSTLINE_OPERATOR_URL"]) as http:
            for system in systems:
                body = {"system": system, "mode": how}
                reply = await http.post("/demo/faults", json=body, headers={"Authorization": f"Bearer {token}"})
                reply.raise_for_status()

    @asynccontextmanager
    async def lasts(stage: Stage) -> AsyncIterator[None]:
        await switch(stage, mode)
        try:
            yield
        finally:
            await switch(stage, "off")

    said = {"slow": "slow (10 s)", "error": "failing (500)", "garbage": "answering nonsense"}[mode]
    return Fault(f"the operator's systems {said}", lasts)


APART_S = 90  # a clock that is wrong, from the others


def skewed(name: str, by: str) -> Fault:
    """Its clock, and only its own, is wrong."""

    @asynccontextmanager
    async def lasts(stage: Stage) -> AsyncIterator[None]:
        child, right = stage.child(name), stage.child(name).command
        wrong = {**(right.environment or os.environ), "LD_PRELOAD": str(SKEW_LIBRARY), "FAKETIME": by}
        wrong["FAKETIME_DONT_FAKE_MONOTONIC"] = "1"
        child.command = type(right)(right.name, right.arguments, right.ready, wrong, right.folder)
        stage.held.add(name)
        restart(child)
        stage.held.discard(name)
        try:
            yield
        finally:
            child.command = right
            stage.held.add(name)
            restart(child)
            stage.held.discard(name)

    missing = "" if SKEW_LIBRARY.exists() else "libfaketime is not installed"
    return Fault(f"the clock of {name} is off by {by}", lasts, for_s=15.0, needs=lambda _: missing)


def all_faults() -> list[Fault]:
    no_disk = "a file system of its own could not be mounted (needs root)"
    return [
        *(killed(name) for name in ALONE),
        *(killed(*pair) for pair in PAIRS),
        *(frozen(name) for name in ALONE),
        *(frozen(*pair) for pair in FROZEN_PAIRS),
        *(restarted(name) for name in ("rasa", "inner", "web", "watch", "outbound")),
        cut("redis"),
        cut("postgres"),
        delayed("redis", 0.05),
        delayed("postgres", 0.1),
        Fault("redis refuses to write", _read_only),
        Fault("the disk is full", _full_disk, needs=lambda stage: "" if stage.disk else no_disk),
        operator_is("slow"),
        operator_is("error"),
        operator_is("garbage"),
        skewed("web", f"+{APART_S}s"),
        skewed("inner", f"-{APART_S}s"),
        skewed("watch", f"+{APART_S}s"),
    ]
