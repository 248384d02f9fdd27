"""What goes wrong in a shell from afar. The names of `twisted.conch.error`."""

from __future__ import annotations


class ConchError(Exception):
    """Something can't be had. value: what is wrong. data: a number of the protocol's, if there is one."""

    def __init__(self, value: object, data: object = None) -> None:
        super().__init__(value, data)
        self.value, self.data = value, data


class ValidPublicKey(ConchError):
    """A key would do, if its owner signed with it: the answer to credentials without a signature."""

    def __init__(self, value: object = "a signature is missing", data: object = None) -> None:
        super().__init__(value, data)
