"""Call a kitchen: waiter.py DISH COUNT."""

import sys

from reactor import task
from reactor.web.xmlrpc import Fault, Proxy


async def order(reactor, dish, count):
    kitchen = Proxy(b"http://127.0.0.1:7867/")
    try:
        print(await kitchen.callRemote("order", dish, int(count)))
        await kitchen.callRemote("close")
    except Fault as fault:
        print(fault.faultCode, fault.faultString)


task.react(order, sys.argv[1:])
