/*
 * Loads a script of ours when it is first needed. It is a classic one: pages from disk may run what lies beside them,
 * and may neither fetch nor import. A lecture in a single file has all of them packed in one element.
 */

const loading = new Map<string, Promise<void>>();
let packed: Promise<Readonly<Record<string, string>>> | undefined;

/** Run the script with this name, once. Rejects if it isn't there. */
export function loadScript(name: string): Promise<void> {
  const known = loading.get(name) ?? run(name);
  loading.set(name, known);
  return known;
}

async function run(name: string): Promise<void> {
  const archive = document.querySelector("script[data-packed]");
  const script = document.createElement("script");
  if (archive) {
    packed ??= unpacked(archive.textContent!);
    script.textContent = (await packed)[name] ?? "";
    document.head.append(script);
    return;
  }
  script.src = name.split("/").map(encodeURIComponent).join("/");
  await new Promise((resolve, reject) => {
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => reject(new Error(`${name} is not there`)));
    document.head.append(script);
  });
}

/** Texts by name: JSON, gzipped, in base64. */
async function unpacked(text: string): Promise<Readonly<Record<string, string>>> {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}
