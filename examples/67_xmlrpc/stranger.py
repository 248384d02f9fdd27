"""Call the kitchen without us: the standard library has had a client since 2001."""

from xmlrpc.client import ServerProxy

with ServerProxy("http://127.0.0.1:7867/") as kitchen:
    print(kitchen.order("oyster", 3))
