"""What a service was in 2003, so that programs from then run: made with its name and its parent."""

from __future__ import annotations

from typing import Any

from reactor.service import Service


class ApplicationService(Service):
    """A service with a name, in a collection of services, from the start.

    serviceName, serviceParent: the same as `name` and `parent`, which newer programs use.
    """

    def __init__(self, serviceName: str, serviceParent: Any = None) -> None:
        self.setName(serviceName)
        if serviceParent is not None:
            self.setServiceParent(serviceParent)

    @property
    def serviceName(self) -> str | None:
        """Its name."""
        return self.name

    @property
    def serviceParent(self) -> Any:
        """The collection it is in."""
        return self.parent
