"""Leave a word at each of the two ports."""

import socket

# [words]
for port, word in [(7779, b"once "), (7780, b"only")]:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(word)
        connection.recv(1)  # until the server has written it down
# [/words]
