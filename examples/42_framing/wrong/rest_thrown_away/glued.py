"""Send a parcel, and a postcard right behind it: one write, so one chunk."""

import socket

with socket.create_connection(("127.0.0.1", 7788)) as connection:
    connection.sendall(b"parcel 9\r\none\r\ntwo\nthe last one\r\n")
