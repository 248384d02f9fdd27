"""Starting a child process: make the pipes, give the child its ends, keep ours."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace

from reactor.core.loop.core import Loop
from reactor.core.system.channels import Channel, WriteEnd
from reactor.core.system.children import Child, Command, Environment, Text
from reactor.core.transports.process import Process, PTYProcess
from reactor.interfaces import IProcessProtocol

ChildFDs = Mapping[int, int | str]

_STANDARD: ChildFDs = {0: "w", 1: "r", 2: "r"}


class Spawner:
    """Starts a child. Knows all about it except its descriptors. `reactor.spawnProcess` documents the arguments."""

    def __init__(
        self,
        reactor: Loop,
        proto: IProcessProtocol | None,
        executable: Text,
        args: Sequence[Text],
        env: Environment | None,
        path: Text | None,
        uid: int | None,
        gid: int | None,
    ) -> None:
        _check_command(executable, args)
        if env is not None and not isinstance(env, Mapping):
            raise TypeError(f"env maps names to values, or is None for this program's own; it is not {env!r}")
        for name, number in (("uid", uid), ("gid", gid)):
            if number is not None and (not isinstance(number, int) or isinstance(number, bool)):
                raise TypeError(f"{name} is a number or None, not {number!r}")
        self._reactor = reactor
        self._proto = proto
        self._command = Command(executable, args, env, path, uid, gid)

    def with_pipes(self, childFDs: ChildFDs | None) -> Process:
        """Start the child with a pipe for each "r" and "w"."""
        wanted = _STANDARD if childFDs is None else childFDs
        _check_descriptors(wanted)
        if self._proto is None and not all(isinstance(target, int) for target in wanted.values()):
            raise ValueError("a process with pipes needs a protocol: who else should be told what comes?")
        ours: dict[int, Channel] = {}
        theirs: list[int] = []
        descriptors: dict[int, int] = {}
        try:
            for number, target in wanted.items():
                if isinstance(target, int):
                    descriptors[number] = target
                    continue
                reading, writing = os.pipe()
                mine, descriptors[number] = (reading, writing) if target == "r" else (writing, reading)
                theirs.append(descriptors[number])
                ours[number] = Channel(mine) if target == "r" else WriteEnd(mine)
            child = self._start(descriptors)
        except BaseException:
            for channel in ours.values():
                channel.close()
            raise
        finally:
            for fd in theirs:
                os.close(fd)
        process = Process(self._reactor, child, self._proto, ours)
        process.introduce()
        return process

    def at_terminal(self, usePTY: object) -> PTYProcess:
        """Start the child at a new terminal, or at the one that is given."""
        made = not isinstance(usePTY, (tuple, list))
        master, slave = os.openpty() if made else usePTY[:2]  # type: ignore[index]  # a tuple or list, see above
        try:
            child = self._start({0: slave, 1: slave, 2: slave}, terminal=True)
        except BaseException:
            if made:
                os.close(master)
                os.close(slave)
            raise
        os.close(slave)
        process = PTYProcess(self._reactor, child, self._proto, Channel(master, borrowed=True))
        process.introduce()
        return process

    def _start(self, descriptors: dict[int, int], terminal: bool = False) -> Child:
        command = replace(self._command, descriptors=descriptors, terminal=terminal)
        return self._reactor.system.spawn(command)


def _check_command(executable: object, args: object) -> None:
    texts = (str, bytes, os.PathLike)
    if not isinstance(executable, texts) or not executable:
        raise TypeError(f"executable is the path of a program, not {executable!r}")
    if isinstance(args, (str, bytes)) or not isinstance(args, Sequence):
        raise TypeError(f"args is a list of arguments, the program's own name first; not {args!r}")
    for argument in args:
        if not isinstance(argument, texts):
            raise TypeError(f"an argument is text or bytes, not {argument!r}")
    if not args:
        raise ValueError(f"args is empty: it begins with the program's own name, as [{executable!r}]")


def _check_descriptors(childFDs: object) -> None:
    if not isinstance(childFDs, Mapping):
        raise TypeError(f'childFDs maps descriptors of the child to "r", "w" or descriptors of ours; not {childFDs!r}')
    for number, target in childFDs.items():
        if not _is_descriptor(number):
            raise TypeError(f"a descriptor of the child is a number, 0 or more, not {number!r}")
        if target not in ("r", "w") and not _is_descriptor(target):
            raise TypeError(f'descriptor {number} of the child is "r", "w" or a descriptor of ours, not {target!r}')


def _is_descriptor(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number >= 0
