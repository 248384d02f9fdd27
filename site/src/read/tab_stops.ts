/*
 * A listing that the build took for long enough to scroll on a telephone is a stop of the Tab key. Where its lines are
 * seen whole, it need not be one.
 */

function settle(code: HTMLElement): void {
  if (code.scrollWidth > code.clientWidth) code.tabIndex = 0;
  else code.removeAttribute("tabindex");
}

/** Keep the stops that are needed, also when the window changes. */
export function settleTabStops(): void {
  const watcher = new ResizeObserver((entries) => entries.forEach(({ target }) => settle(target as HTMLElement)));
  for (const code of document.querySelectorAll(".listing pre[tabindex]")) watcher.observe(code);
}
