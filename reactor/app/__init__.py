"""A program as one thing: made of services, loaded, started and stopped as a whole.

    from reactor.app import Application

    application = Application("web")
    application.listenTCP(8080, factory)

    if __name__ == "__main__":
        application.run()

`reactord -y web.py` runs the same file. `ApplicationService` and `MultiService` are what services were called in 2003.
"""

from reactor.app.application import Application
from reactor.app.errors import ApplicationError, ConfigurationError, LoadError, PluginError, StartError, StateError
from reactor.app.loading import load
from reactor.app.of_2003 import ApplicationService
from reactor.app.starting import privilegedStart, startApplication, stopAgain
from reactor.service import MultiService

__all__ = [
    "Application",
    "ApplicationError",
    "ApplicationService",
    "ConfigurationError",
    "LoadError",
    "MultiService",
    "PluginError",
    "StartError",
    "StateError",
    "load",
    "privilegedStart",
    "startApplication",
    "stopAgain",
]
