"""Files that the kernel sends by itself: sendfile(2), where there is one.

It can't read what we read: only an ordinary file of this system, no compressed one that merely looks like a file, and
not past a layer such as TLS. Whoever calls this has another way for those.
"""

from __future__ import annotations

import io
import os
import socket
from typing import IO, Any

_sendfile = getattr(os, "sendfile", None)
_AT_ONCE = 512 * 1024  # then it is the others' turn; the kernel's buffer takes about as much


def sent_by_kernel(skt: Any, file: IO[bytes], size: int) -> int:
    """How many bytes of the file the kernel has taken for this socket; the file is behind them then.

    0: none, for whatever reason. Read and write, and you learn which it was.
    """
    if _sendfile is None or type(skt) is not socket.socket or type(getattr(file, "raw", file)) is not io.FileIO:
        return 0
    try:
        sent: int = _sendfile(skt.fileno(), file.fileno(), file.tell(), min(size, _AT_ONCE))
    except (OSError, ValueError):  # no room, the connection is broken, or this file system can't
        return 0
    file.seek(sent, os.SEEK_CUR)
    return sent
