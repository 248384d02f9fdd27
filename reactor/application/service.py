"""Services: the parts of a program that are started and stopped. The names of `twisted.application.service`.

`tree.py` says what a service is and how a tree of them starts and stops; `application.py` has the root of the tree.
This module has the public names of both; modules that `application.py` needs import `tree` instead.
"""

from reactor.application.application import Application
from reactor.application.interfaces import IService, IServiceCollection
from reactor.application.tree import MultiService, Service, path_of

__all__ = ["Application", "IService", "IServiceCollection", "MultiService", "Service", "path_of"]
