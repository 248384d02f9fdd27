"""Child processes, made by `reactor.spawnProcess`. See reactor.transports.process."""

from reactor.error import ProcessExitedAlready
from reactor.transports.process import Process, PTYProcess

__all__ = ["PTYProcess", "Process", "ProcessExitedAlready"]
