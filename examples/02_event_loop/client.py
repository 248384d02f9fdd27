"""Two customers at once. The one who came second is served first."""

import socket

# [talk]
with (
    socket.create_connection(("127.0.0.1", 7770)) as first,
    socket.create_connection(("127.0.0.1", 7770)) as second,
):
    second.sendall(b"soup")
    print("second customer:", second.recv(100).decode())
    first.sendall(b"fish")
    print("first customer:", first.recv(100).decode())
# [/talk]
