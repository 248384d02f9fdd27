// Runs a Python program in Pyodide, under Node: node pyodide.mjs FOLDER_OF_PYODIDE ROOT PROGRAM ARGUMENTS…
//
// The program sees the folder ROOT as /repository and imports from it; PROGRAM is a path in it. What it prints comes out here,
// and the exit status is 1 when it raises.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, root, program, ...args] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")));
const python = await loadPyodide({ stdout: (line) => process.stdout.write(line + "\n") });
python.FS.mkdir("/repository");
python.FS.mount(python.FS.filesystems.NODEFS, { root }, "/repository");
python.globals.set("argv", python.toPy([`/repository/${program}`, ...args]));
try {
  python.runPython(`
import runpy, sys
sys.dont_write_bytecode = True
sys.path.insert(0, "/repository")
sys.argv = argv
runpy.run_path(sys.argv[0], run_name="__main__")
sys.stdout.flush()
`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
