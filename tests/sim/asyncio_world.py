"""Two programs of asyncio in a world whose link loses packets: its log and what they print, on standard output.

    python tests/sim/asyncio_world.py SEED

Whatever runs it must write the same bytes; so it runs in a process of its own, and in Pyodide.
"""

import sys
import tempfile
from pathlib import Path

from reactor.sim import World

KITCHEN = """
import asyncio, random

async def serve(reader, writer):
    while line := await reader.readline():
        await asyncio.sleep(random.random())
        writer.write(b"here is your " + line + bytes(random.randint(1, 40_000)) + b"\\n")
        await writer.drain()
    writer.close()
    await writer.wait_closed()

async def main():
    async with await asyncio.start_server(serve, None, 80) as server:
        await server.serve_forever()

asyncio.run(main())
"""

GUEST = """
import asyncio, sys

async def order(dish):
    reader, writer = await asyncio.open_connection(sys.argv[1], 80)
    writer.write(dish + b"\\n")
    answer = await asyncio.wait_for(reader.readline(), 30)
    dessert = await reader.readline()
    print(f"{asyncio.get_running_loop().time():.6f}", answer, len(dessert))
    writer.close()
    await writer.wait_closed()

async def main():
    await asyncio.gather(*map(order, (b"soup", b"fish", b"cake")))

asyncio.run(main())
"""


def main(seed):
    with tempfile.TemporaryDirectory() as name, World(seed) as world:
        folder = Path(name)
        (folder / "kitchen.py").write_text(KITCHEN, "utf-8")
        (folder / "guest.py").write_text(GUEST, "utf-8")
        for host in ("home", "office"):
            world.host(host)
        world.link("home", "office", latency_s=0.03, jitter_s=0.01, loss=0.05, shred=0.3)
        kitchen = world.run(folder / "kitchen.py", host="office")
        guest = world.run(folder / "guest.py", "office", host="home")
        world.run_until(lambda: not guest.is_running)
        kitchen.kill()
        return world.log + guest.output


if __name__ == "__main__":
    sys.stdout.write(main(int(sys.argv[1])))
