"""Work that is spread over time: again and again, later, a bit at a time. The code is in `reactor.tasks`."""

from reactor.tasks.clock import Clock
from reactor.tasks.cooperating import (
    CooperativeTask,
    Cooperator,
    NotPaused,
    SchedulerError,
    SchedulerStopped,
    TaskDone,
    TaskFailed,
    TaskFinished,
    TaskStopped,
    coiterate,
    cooperate,
)
from reactor.tasks.later import deferLater
from reactor.tasks.looping import LoopingCall
from reactor.tasks.program import react

__all__ = [
    "Clock",
    "CooperativeTask",
    "Cooperator",
    "LoopingCall",
    "NotPaused",
    "SchedulerError",
    "SchedulerStopped",
    "TaskDone",
    "TaskFailed",
    "TaskFinished",
    "TaskStopped",
    "coiterate",
    "cooperate",
    "deferLater",
    "react",
]
