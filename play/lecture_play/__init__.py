"""Holds python.js, which is Pyodide in one script: `lecture build` puts it beside the pages that run programs."""
