"""Grades programs as a page does, in whatever Python runs this: tests/sim/pyodide.mjs runs it in Pyodide.

    python grade_in_page.py REQUESTS

REQUESTS is a file below this repository: JSON, a list of requests of `lecture.exercises.in_the_page`. Prints a line of
JSON for each: the answer, the seconds of the processor that it took, and how many lines were heard before it.
"""

import json
import sys
import time
from pathlib import Path

from lecture.exercises import in_the_page
from lecture.programs.simulation.wasm import complete_sockets


def processor_s():
    """Seconds of the processor so far. In WebAssembly `process_time` is the clock on the wall, so Node is asked."""
    try:
        import js
    except ImportError:
        return time.process_time()
    used = js.process.cpuUsage()
    return (used.user + used.system) / 1e6


def main(requests):
    complete_sockets()
    in_the_page.warm_up()
    in_the_page._shut_the_doors = lambda: None  # what prints this is behind one of them
    for request in json.loads(Path(requests).read_text("utf-8")):
        heard = []
        begun = processor_s()
        answer = in_the_page.grade(json.dumps(request), heard.append)
        seconds = processor_s() - begun
        print(json.dumps({"answer": json.loads(answer), "seconds": seconds, "heard": len(heard)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
