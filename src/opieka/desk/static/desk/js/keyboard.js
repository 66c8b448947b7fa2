/**
 * Keys. An element that is reached by one says so: data-key="r", "g i" (one after the other) or "ctrl+k".
 * Letters act by their place on the keyboard when the layout is Greek or Cyrillic.
 */
import { open } from "./dialogs.js";

const SEQUENCE = 1_000;
const SWITCH = "opieka.single-keys";

let prefix = "";
let prefixAt = 0;

/** @param {KeyboardEvent} event */
function name(event) {
  const latin = /^[\x21-\x7e]$/.test(event.key);
  const key = latin ? event.key.toLowerCase() : event.code.replace(/^Key/, "").toLowerCase();
  return event.ctrlKey || event.metaKey ? `ctrl+${key}` : key;
}

/** @param {EventTarget | null} target */
function isWriting(target) {
  return target instanceof HTMLElement && target.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");
}

/** @param {number} step */
function move(step) {
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("#rows .entry, tbody th a")]);
  if (!rows.length) return;
  const focused = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const here = focused >= 0 ? focused : rows.findIndex((row) => row.matches("[aria-current]"));
  const next = rows[Math.min(Math.max(here + step, 0), rows.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

/** @param {HTMLElement} element */
function use(element) {
  if (element instanceof HTMLDetailsElement) {
    element.open = !element.open;
    const first = element.querySelector(".menu-item");
    if (element.open && first instanceof HTMLElement) first.focus();
  } else if (element instanceof HTMLInputElement && element.type === "radio") {
    element.click();
    document.getElementById("composer-text")?.focus();
  } else if (element instanceof HTMLInputElement) {
    element.focus();
    element.select();
  } else {
    element.click();
  }
}

/** @param {string} keys */
function act(keys) {
  if (keys === "j" || keys === "k") return move(keys === "j" ? 1 : -1), true;
  if (keys === "?") return open("keys"), true;
  if (keys === "o") {
    const row = document.activeElement?.closest(".entry, tbody th a");
    if (row instanceof HTMLElement) row.click();
    return Boolean(row);
  }
  const found = document.querySelector(`[data-key="${CSS.escape(keys)}"]`);
  if (!(found instanceof HTMLElement)) return false;
  use(found);
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  const key = name(event);
  if (key === "escape" && isWriting(event.target)) return /** @type {HTMLElement} */ (event.target).blur();
  const chord = event.ctrlKey || event.metaKey;
  if (!chord && (isWriting(event.target) || document.querySelector("dialog[open]"))) return;
  if (!chord && localStorage.getItem(SWITCH) === "off") return;
  const keys = Date.now() - prefixAt < SEQUENCE ? `${prefix} ${key}` : key;
  prefix = "";
  prefixAt = 0;
  if (key === "g" && !chord) {
    prefix = "g";
    prefixAt = Date.now();
  } else if (act(keys)) {
    event.preventDefault();
  }
});

const single = document.querySelector("[data-keys-switch]");
if (single instanceof HTMLInputElement) {
  single.checked = localStorage.getItem(SWITCH) !== "off";
  single.addEventListener("change", () => localStorage.setItem(SWITCH, single.checked ? "on" : "off"));
}
