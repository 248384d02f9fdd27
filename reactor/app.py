"""What `twisted.internet.app` had in 2003, so that programs from then run: an application that listens and runs itself.

    from reactor import app

    application = app.Application("web")
    application.listenTCP(8080, factory)

    if __name__ == "__main__":
        application.run()

`reactord -y web.py` runs the same file. Twisted has moved the same ideas to `reactor.application` and its
`service` since; `Application` is one class in both places.
"""

from __future__ import annotations

from typing import Any

from reactor.application.service import Application, MultiService, Service

__all__ = ["Application", "ApplicationService", "MultiService"]


class ApplicationService(Service):
    """A service that is created with its name and the collection that it belongs to.

    serviceName, serviceParent: the same as `name` and `parent`, which newer programs use.
    """

    def __init__(self, serviceName: str, serviceParent: Any = None) -> None:
        self.setName(serviceName)
        if serviceParent is not None:
            self.setServiceParent(serviceParent)

    @property
    def serviceName(self) -> str | None:
        """The service's name."""
        return self.name

    @property
    def serviceParent(self) -> Any:
        """The collection that the service belongs to."""
        return self.parent
