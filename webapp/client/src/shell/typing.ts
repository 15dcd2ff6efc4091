/* Whether a key press belongs to what somebody is typing, also while a Chinese word is being composed. */

const FIELDS = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";

export function isTyping(event: KeyboardEvent): boolean {
  if (event.isComposing || event.keyCode === 229) return true;
  const target = event.composedPath()[0]; // an editor stands in a shadow root: outside, its host is the target
  return target instanceof Element && target.closest(FIELDS) !== null;
}

export function isPlain(event: KeyboardEvent): boolean {
  return !event.ctrlKey && !event.metaKey && !event.altKey;
}
