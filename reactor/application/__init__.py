"""A program as one thing: made of services, loaded, started and stopped as a whole.

`tree.py` has services and their tree, `internet/` the services that listen, connect and repeat, `application.py` the
root of the tree; `service.py` has the public names of both. `starting.py` starts and stops an application,
`state_file.py` keeps what its services declare, `loading.py` reads it from a program's file; `plugins.py`, `options.py`
and `configuration.py` make it from a command line or a TOML file, and `runner/` is the command `reactord`. A name of
`twisted.application` is in the module of the same name here.
"""
