/** Relative times tick ("in 3 h"), and what is about to leave counts down. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto", style: "short" });

/**
 * @param {number} seconds from now, negative in the past
 * @returns {string} as a person says it
 */
export function relative(seconds) {
  const size = Math.abs(seconds);
  if (size < HOUR) return words.format(Math.round(seconds / MINUTE), "minute");
  if (size < DAY) return words.format(Math.round(seconds / HOUR), "hour");
  return words.format(Math.round(seconds / DAY), "day");
}

/** @param {string} iso */
function secondsUntil(iso) {
  return (Date.parse(iso) - Date.now()) / 1000;
}

function tick() {
  for (const time of document.querySelectorAll("time[data-relative]")) {
    const text = relative(secondsUntil(/** @type {HTMLTimeElement} */ (time).dateTime));
    if (time.textContent !== text) time.textContent = text;
  }
}

function count() {
  for (const place of document.querySelectorAll(".countdown[data-until]")) {
    const left = Math.ceil(secondsUntil(/** @type {HTMLElement} */ (place).dataset.until ?? ""));
    if (left > 0) {
      place.textContent = words.format(left, "second");
      continue;
    }
    // Too late to take it back; the live feed brings the new state.
    place.textContent = "";
    place.removeAttribute("data-until");
    place.closest(".delivery")?.querySelector("form")?.remove();
  }
}

setInterval(tick, 30_000);
setInterval(count, 1_000);
count();
document.addEventListener("htmx:afterSettle", count);
