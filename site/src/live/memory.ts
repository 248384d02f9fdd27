/* What this tab remembers while its page is loaded again. A browser that forbids it forgets, and all else works. */

export function recall(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

export function store(key: string, value: string): void {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // It forgets.
  }
}

/** The token of the speaker's link, which then stands in the address no more: an audience would see it there. */
export function takeToken(): string | null {
  const address = new URL(location.href);
  const token = address.searchParams.get("token");
  if (token === null) return recall("lecture.token");
  store("lecture.token", token);
  address.searchParams.delete("token");
  history.replaceState(history.state, "", address);
  return token;
}
