"""Look at a page: look.py NAME."""

import sys

from reactor import task
from reactor.web.client import Agent, readBody


async def look(reactor, name):
    url = f"http://127.0.0.1:8070/{name}"
    response = await Agent(reactor).request(b"GET", url.encode())
    body = await readBody(response)
    print(body.decode().strip() if response.code == 200 else response.code)


task.react(look, sys.argv[1:])
