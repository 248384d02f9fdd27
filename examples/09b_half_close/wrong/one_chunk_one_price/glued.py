"""The same prices, in a single write: they come in one chunk."""

import socket

with socket.create_connection(("127.0.0.1", 7806)) as connection:
    connection.sendall(b"7\r\n7\r\n28\r\n")
    connection.shutdown(socket.SHUT_WR)
    print("the bill:", connection.recv(100).decode().strip())
