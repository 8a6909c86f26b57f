"""The tutorial's chat server, as the end-to-end tests know it, on a port of its own."""

import asyncio
import pathlib
import sys

from websockets.asyncio.server import serve

sys.path.append(str(pathlib.Path(__file__).parents[2] / "e2e" / "peers"))
from article_server import Room  # noqa: E402


async def main():
    async with serve(Room().handle, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        print(f"http://{host}:{port}", flush=True)
        await server.serve_forever()


asyncio.run(main())
