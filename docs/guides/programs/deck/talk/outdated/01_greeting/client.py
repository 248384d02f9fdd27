"""Call, and print what comes."""

import socket

with socket.create_connection(("127.0.0.1", 7815)) as connection:
    print(connection.recv(100).decode())
