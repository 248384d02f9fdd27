"""Call the kitchen with what the standard library has."""

from xmlrpc.client import ServerProxy

with ServerProxy("http://127.0.0.1:7867/") as kitchen:
    print(kitchen.order("oyster", 3))
