"""As much of pywin32 as a service needs, and a service manager: for machines that are no Windows.

`install()` puts win32service, win32serviceutil and servicemanager into sys.modules. `Manager` keeps what is installed,
as the registry does, starts it, and stops it when it reports that it runs.
"""

import importlib
import sys
import threading
from types import ModuleType

STOPPED, STOP_PENDING, RUNNING = 1, 3, 4


class Manager:
    def __init__(self):
        self.services = {}
        self.options = {}
        self.reports = []
        self.errors = []

    def InstallService(self, pythonClassString, serviceName, displayName, startType=None):
        self.services[serviceName] = (pythonClassString, startType)

    def RemoveService(self, serviceName):
        del self.services[serviceName]

    def SetServiceCustomOption(self, serviceName, option, value):
        self.options[serviceName, option] = value

    def GetServiceCustomOption(self, serviceName, option, defaultValue=None):
        return self.options.get((serviceName, option), defaultValue)

    def start(self, name):
        """Run the service, in a thread that is not the main one, until it has stopped."""
        module, _, attribute = self.services[name][0].rpartition(".")
        service = getattr(importlib.import_module(module), attribute)([name])
        thread = threading.Thread(target=service.SvcDoRun)
        thread.start()
        thread.join()
        self.reports.append(STOPPED)

    def report(self, service, status):
        self.reports.append(status)
        if status == RUNNING:
            threading.Thread(target=service.SvcStop).start()


def install():
    manager = Manager()

    class ServiceFramework:
        def __init__(self, args):
            pass

        def ReportServiceStatus(self, status):
            manager.report(self, status)

    service, util, servicemanager = map(ModuleType, ("win32service", "win32serviceutil", "servicemanager"))
    service.SERVICE_RUNNING, service.SERVICE_STOP_PENDING, service.SERVICE_AUTO_START = RUNNING, STOP_PENDING, 2
    util.ServiceFramework = ServiceFramework
    for name in ("InstallService", "RemoveService", "SetServiceCustomOption", "GetServiceCustomOption"):
        setattr(util, name, getattr(manager, name))
    servicemanager.LogErrorMsg = manager.errors.append
    sys.modules.update(win32service=service, win32serviceutil=util, servicemanager=servicemanager)
    return manager
