"""Child processes, made by `reactor.spawnProcess`. See reactor.core.transports.process."""

from reactor.core.transports.process import Process, PTYProcess
from reactor.error import ProcessExitedAlready

__all__ = ["PTYProcess", "Process", "ProcessExitedAlready"]
