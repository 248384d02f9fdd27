"""The playground: a page in which readers change the programs of a lecture, and run them in a simulated world.

`python_script` packs Pyodide, which is CPython for the browser, `library_script` our own library, and `programs_script`
the programs of the slides. All three are scripts that hold data, since a page from disk may run what lies beside it,
and may fetch nothing.
"""
