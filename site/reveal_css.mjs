/*
 * reveal.js's stylesheet without the rules of what src/deck/audience.ts switches off: transitions, fragments, its own
 * controls, overview, dialogs, notes and scroll view. They are three quarters of its bytes. Whoever switches one of them
 * on takes it out of this list.
 */

import postcss from "postcss";

const SWITCHED_OFF = [
  /\.reveal\.(slide|linear|default|convex|concave|zoom|cube|page|fade)\b|\.center\.cube\b/,
  /\[data-(background-)?transition~?=(?!none\b)/,
  /\[data-transition-speed=/,
  /\.(fragment|controls|navigate-\w+|progress|slide-number|playback|overview|overview-deactivating|paused|pause-overlay)\b/,
  /\.(jump-to-slide|r-overlay|x-frame-error|speaker-notes|notes|show-notes|r-media-play-button)\b/,
  /\.(reveal-scroll|loading-scroll-mode|has-parallax-background|zoomed|rtl|roll|hljs)\b|\[data-(preview|auto-animate)/,
];

/** The same stylesheet, without these rules and what only they used. */
export function withoutSwitchedOff(css) {
  const root = postcss.parse(css);
  root.walkRules((rule) => {
    if (rule.parent.name === "keyframes") return;
    rule.selectors = rule.selectors.filter((selector) => !SWITCHED_OFF.some((pattern) => pattern.test(selector)));
    if (rule.selector === "") rule.remove();
  });
  const animations = new Set();
  root.walkDecls(/^animation/, ({ value }) => value.split(/[\s,]+/).forEach((word) => animations.add(word)));
  root.walkAtRules((rule) => {
    if (rule.name === "keyframes" ? !animations.has(rule.params) : rule.nodes?.length === 0) rule.remove();
  });
  return root.toString();
}
