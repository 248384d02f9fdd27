/*
 * Loads a script of ours when it is first needed. It is a classic one: pages from disk may run what lies beside them,
 * and may neither fetch nor import. A lecture in a single file has it as text in an element that says its name.
 */

const loading = new Map<string, Promise<void>>();

/** Run the script with this name, once. Rejects if it isn't there. */
export function loadScript(name: string): Promise<void> {
  const known = loading.get(name) ?? run(name);
  loading.set(name, known);
  return known;
}

function run(name: string): Promise<void> {
  const script = document.createElement("script");
  const within = document.querySelector(`script[data-name="${CSS.escape(name)}"]`);
  const done = new Promise<void>((resolve, reject) => {
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => reject(new Error(`${name} is not there`)));
    if (within) resolve();
  });
  if (within) script.textContent = within.textContent;
  else script.src = name;
  document.head.append(script);
  return done;
}
