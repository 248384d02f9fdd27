/* What this browser remembers between visits. Where it may not remember (private windows, strict settings), it forgets. */

export function remembered<T>(name: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(`lecture.${name}`);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    return otherwise;
  }
}

export function remember(name: string, value: unknown): void {
  try {
    localStorage.setItem(`lecture.${name}`, JSON.stringify(value));
  } catch {
    // Then not.
  }
}
