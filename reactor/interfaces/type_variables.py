"""P, the kind of protocol that a factory builds and an endpoint connects: these are generic in it.

P has a default, `Any`, for programs that don't say which: `class ChatFactory(Factory)` is complete under
`mypy --strict` too. `typing` has defaults of type variables from Python 3.13 on (PEP 696). Checkers know them from
typing_extensions on any Python, whether it is installed or not; at run time nothing uses them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    from reactor.interfaces.programs import IProtocol

    P = TypeVar("P", bound=IProtocol, default=Any)
    P_co = TypeVar("P_co", bound=IProtocol, covariant=True, default=Any)
else:
    from typing import TypeVar

    P = TypeVar("P")
    P_co = TypeVar("P_co", covariant=True)
