/** Toasts say what has been done and how to undo it. The server sends one as the event `toast`. */

const LINGER = 8_000;

/**
 * @param {{ text: string, undo?: string }} what `undo` is an address to post to
 */
export function toast({ text, undo }) {
  const template = /** @type {HTMLTemplateElement | null} */ (document.getElementById("toast-template"));
  const copy = template?.content.firstElementChild?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) return;
  const words = copy.querySelector(".toast-text");
  if (words) words.textContent = text;
  const button = copy.querySelector("[data-undo]");
  if (button instanceof HTMLButtonElement && undo) {
    button.hidden = false;
    button.addEventListener("click", () => {
      copy.remove();
      window.htmx.ajax("POST", undo, { swap: "none" });
    });
  }
  document.getElementById("toasts")?.append(copy);
  fade(copy);
}

/** @param {HTMLElement} shown stays while it is looked at */
function fade(shown) {
  setTimeout(() => (shown.matches(":hover, :focus-within") ? fade(shown) : shown.remove()), LINGER);
}

for (const shown of document.querySelectorAll("#toasts .toast")) fade(/** @type {HTMLElement} */ (shown));

document.addEventListener("click", (event) => {
  /** @type {Element} */ (event.target).closest("[data-dismiss]")?.closest(".toast")?.remove();
});

document.addEventListener("toast", (event) => toast(/** @type {CustomEvent} */ (event).detail));

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => {
    // The composer keeps the words and offers to try again by itself.
    const { elt: source, xhr } = /** @type {CustomEvent} */ (event).detail;
    if (source?.id === "composer" || source?.dataset?.live !== undefined) return;
    // The server has said itself what is wrong.
    if (xhr?.getResponseHeader("HX-Trigger")) return;
    toast({ text: document.body.dataset.sayFailed ?? "" });
  });
}
