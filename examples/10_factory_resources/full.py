"""A factory that can't start: who is told, and when?"""

import errno
import os

from reactor import reactor
from reactor.protocol import ServerFactory


# [disk]
class Unlucky(ServerFactory):
    def startFactory(self):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


try:
    reactor.listenTCP(7779, Unlucky())
except OSError as error:
    print("listenTCP raised OSError:", error.strerror)
# [/disk]
