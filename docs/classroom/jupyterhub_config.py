"""JupyterHub for one course on one machine: everybody has a folder with the notebooks, and all share one password.

    CLASSROOM_PASSWORD=…  CLASSROOM_FOLDER=/srv/course  jupyterhub --config docs/classroom/jupyterhub_config.py

The folder keeps a folder for each name that logs in; what is in it is never overwritten. All servers run under the
account that runs the hub, so students can read each other's files: docs/classroom.md says what to take where they must
not. Whoever is called `teacher`, or has a name in CLASSROOM_TEACHERS, sees all servers in the hub's page of admins, and
needs CLASSROOM_ADMIN_PASSWORD.
"""

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("CLASSROOM_FOLDER", "course")).resolve()
SHARED = ("notebooks", "examples", "exercises")  # what each student gets


def bring_notebooks(spawner):
    """Copy what a student hasn't yet. A file that is there is theirs."""
    home = FOLDER / spawner.user.name
    for name in SHARED:
        for path in (ROOT / name).rglob("*"):
            own = home / path.relative_to(ROOT)
            if path.is_file() and "__pycache__" not in path.parts and not own.exists():
                own.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, own)


c = get_config()  # noqa: F821  # JupyterHub gives it to this file

c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ["CLASSROOM_PASSWORD"]
c.Authenticator.allow_all = True  # whoever knows the password
if admin_password := os.environ.get("CLASSROOM_ADMIN_PASSWORD"):
    c.SharedPasswordAuthenticator.admin_password = admin_password
    c.Authenticator.admin_users = set(os.environ.get("CLASSROOM_TEACHERS", "teacher").split())

c.JupyterHub.spawner_class = "simple"  # a process each, under this account
c.SimpleLocalProcessSpawner.home_dir_template = str(FOLDER / "{username}")
c.Spawner.pre_spawn_hook = bring_notebooks
c.Spawner.default_url = "/lab/tree/notebooks/live.ipynb"
c.Spawner.environment = {"PYTHONPATH": str(ROOT)}  # `reactor` and `lecture` of this clone, whatever else is installed
c.Spawner.args = ["--KernelManager.shutdown_wait_time=2"]
c.Spawner.start_timeout = c.Spawner.http_timeout = 300  # seconds; when all come at nine, the last one waits
c.JupyterHub.last_activity_interval = 60
if os.geteuid() == 0:
    c.Spawner.args = [*c.Spawner.args, "--allow-root"]  # a container has often no other account

c.JupyterHub.bind_url = os.environ.get("CLASSROOM_URL", "http://127.0.0.1:8000")
c.JupyterHub.hub_port = int(os.environ.get("CLASSROOM_HUB_PORT", "8081"))  # for its own servers, on this machine
c.JupyterHub.db_url = f"sqlite:///{FOLDER / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(FOLDER / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(FOLDER / "proxy.pid")
FOLDER.mkdir(parents=True, exist_ok=True)
