/** The inbox keeps its place: the open row is marked at once, and what is refreshed stays where it was. */

/** How near the end of the thread counts as being at the end, in pixels. */
const NEAR = 80;

/** @returns {HTMLElement | null} */
const scroller = () => document.getElementById("thread-scroll");

export function toEnd() {
  const place = scroller();
  if (place) place.scrollTop = place.scrollHeight;
}

/** @param {string} [href] the row just chosen; without one, the row of the open conversation */
function mark(href) {
  const id = document.querySelector(".talk")?.getAttribute("data-conversation");
  for (const row of document.querySelectorAll("#rows .entry")) {
    const open = href ? row.getAttribute("href") === href : row.id === `row-${id}`;
    if (open) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
    if (open) row.classList.remove("entry-unread");
  }
}

/** @type {{ unfolded: string[], bottom: boolean, top: number, list: number } | null} */
let before = null;

document.addEventListener("htmx:beforeRequest", (event) => {
  const row = /** @type {CustomEvent} */ (event).detail.elt;
  if (row instanceof Element && row.matches(".entry")) mark(row.getAttribute("href") ?? undefined);
});

document.addEventListener("htmx:beforeSwap", () => {
  const place = scroller();
  before = {
    unfolded: [...document.querySelectorAll("#items details[open][id]")].map((fold) => fold.id),
    bottom: place ? place.scrollHeight - place.scrollTop - place.clientHeight < NEAR : true,
    top: place?.scrollTop ?? 0,
    list: document.getElementById("rows")?.scrollTop ?? 0,
  };
});

document.addEventListener("htmx:afterSwap", (event) => {
  const { elt, target, requestConfig } = /** @type {CustomEvent} */ (event).detail;
  const place = scroller();
  for (const id of before?.unfolded ?? []) document.getElementById(id)?.setAttribute("open", "");
  if (target?.id === "conversation") {
    toEnd();
    // On a phone the list has gone: the reader goes on in the thread.
    if (matchMedia("(max-width: 899.98px)").matches) place?.focus({ preventScroll: true });
  } else if (requestConfig?.elt?.id === "items" && place && before) {
    if (before.bottom) toEnd();
    else place.scrollTop = before.top;
  } else if (elt?.classList?.contains("items-earlier") && place && before) {
    place.scrollTop = before.top;
  }
  const rows = document.getElementById("rows");
  if (rows && before && target?.id === "list") rows.scrollTop = before.list;
  mark();
});

toEnd();
mark();
