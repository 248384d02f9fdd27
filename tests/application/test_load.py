"""Loading an application from a file, and what is said of files that define none."""

import os
import sys

import pytest

from reactor.app import Application
from reactor.application.errors import LoadError
from reactor.application.loading import load


@pytest.fixture(autouse=True)
def keep_modules():
    """Loading adds to sys.path and sys.modules, as running a program does: take it out again."""
    path, modules = list(sys.path), set(sys.modules)
    yield
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        del sys.modules[name]


@pytest.fixture
def write(tmp_path):
    def write(text, name="web.py"):
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return write


def problem_with(path):
    with pytest.raises(LoadError) as caught:
        load(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


GOOD = """
from reactor import app
application = app.Application('web')
if __name__ == '__main__':
    application.run()
"""


def test_an_application_is_what_the_file_calls_so(write):
    application = load(write(GOOD))
    assert isinstance(application, Application) and application.name == "web"


def test_a_file_can_import_what_stands_beside_it(write):
    write("NAME = 'from beside'\n", "beside_web.py")
    path = write("import beside_web\nfrom reactor.app import Application\napplication = Application(beside_web.NAME)\n")
    assert load(path).name == "from beside"


def test_a_file_knows_its_own_name_and_can_define_dataclasses(write):
    path = write(
        "from __future__ import annotations\nimport dataclasses\nfrom reactor.application import service\n"
        "@dataclasses.dataclass\nclass Point:\n    x: int\n"
        "application = service.Application(__file__)\n"
    )
    assert load(path).name == path


def test_a_relative_path_is_one_of_the_working_directory(write, tmp_path, monkeypatch):
    write(GOOD)
    monkeypatch.chdir(tmp_path)
    assert load("web.py").name == "web"


def test_a_missing_file_is_named(tmp_path):
    path = str(tmp_path / "none.py")
    assert problem_with(path) == f"{path}: can't be read: No such file or directory"


def test_a_folder_is_no_file(tmp_path):
    assert problem_with(str(tmp_path)).startswith(f"{tmp_path}: can't be read: ")


def test_a_file_without_an_application_is_told_what_to_write(write):
    path = write("print\n")
    assert problem_with(path) == f"{path}: defines no `application`: write application = Application(…) in it"


def test_an_application_of_another_kind_is_shown(write):
    path = write("application = 'web'\n")
    assert problem_with(path) == f"{path}: its `application` is 'web', not an Application"


def test_what_a_file_raises_is_told_with_its_line(write):
    path = write("import os\n\nraise ValueError('no\\nluck')\n")
    assert problem_with(path) == f"{path}:3: raises ValueError: no luck"


def test_a_file_that_misuses_the_library_is_told_its_own_line(write):
    path = write(GOOD + "application.listenTCP(8080, None).setName('other')\n")
    assert problem_with(path).startswith(f"{path}:6: raises RuntimeError: web/(TCPServer) can't be named 'other'")


def test_what_a_module_beside_the_file_raises_is_told_with_that_modules_line(write, tmp_path):
    write("\n1 / 0\n", "broken_beside.py")
    path = write("import broken_beside\n")
    assert problem_with(path) == f"{tmp_path / 'broken_beside.py'}:2: raises ZeroDivisionError: division by zero"


def test_a_file_among_those_of_the_library_is_told_its_first_line(write, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "__file__", str(tmp_path / "os.py"))
    path = write("\n1 / 0\n")
    assert problem_with(path) == f"{path}:1: raises ZeroDivisionError: division by zero"


def test_a_file_that_ends_the_program_defines_no_application(write):
    path = write("import sys\nsys.exit('usage: …')\n")
    assert problem_with(path) == f"{path}:2: raises SystemExit: usage: …"


def test_a_configuration_is_told_how_it_is_run(write):
    path = write("[web]\n", "site.toml")
    assert problem_with(path) == f"{path}: is a configuration, and no Python: run it by reactord -c {path}"


def test_a_file_that_is_no_Python_is_told_its_line(write):
    path = write("application = (\n")
    assert problem_with(path) == f"{path}:1: is no Python: '(' was never closed"


def test_bytes_that_are_no_text_are_no_Python(tmp_path):
    path = tmp_path / "web.py"
    for content in (b"x = '\xff'\n", b"\0"):
        path.write_bytes(content)
        assert problem_with(str(path)).startswith(f"{path}:1: is no Python: ")
