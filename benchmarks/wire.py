"""A network in between: passes TCP on, to several servers in turn, and can delay or cut what passes."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

Address = tuple[str, int]
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Wire:
    """One loopback port. `to`: Unix sockets or TCP addresses that take the connections in turn.

    `cut` and `delay_s` may be set at any time.
    """

    to: Sequence[Path | Address]
    cut: bool = False
    delay_s: float = 0.0
    port: int = 0
    _taken: int = 0
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def serve(self) -> asyncio.Server:
        server = await asyncio.start_server(self._pass, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        return server

    def drop(self) -> None:
        """Every open connection breaks off."""
        for end in list(self._open):
            end.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.cut:
            writer.transport.abort()
            return
        try:
            there_reader, there_writer = await self._reach()
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, there_writer}
        self._open |= ends
        try:
            await asyncio.gather(self._copy(reader, there_writer), self._copy(there_reader, writer))
        finally:
            self._open -= ends
            for end in ends:
                end.transport.abort()

    async def _reach(self) -> Streams:
        to = self.to[self._taken % len(self.to)]
        self._taken += 1
        if isinstance(to, Path):
            return await asyncio.open_unix_connection(str(to))
        return await asyncio.open_connection(*to)

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while part := await reader.read(65536):
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                writer.write(part)
                await writer.drain()
        with suppress(OSError, RuntimeError):
            writer.write_eof()


class Network:
    """Wires that work in a thread of their own, so that they also pass while the caller's own loop is busy."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="network", daemon=True)

    def wire(self, *to: Path | Address, port: int = 0) -> Wire:
        """At this port; 0: at a free one."""
        wire = Wire(to, port=port)
        asyncio.run_coroutine_threadsafe(wire.serve(), self._loop).result(10)
        return wire

    def cut(self, wire: Wire) -> None:
        wire.cut = True
        self._loop.call_soon_threadsafe(wire.drop)


@contextmanager
def network() -> Iterator[Network]:
    net = Network()
    net._thread.start()
    try:
        yield net
    finally:
        net._loop.call_soon_threadsafe(net._loop.stop)
        net._thread.join(10)
        net._loop.close()
