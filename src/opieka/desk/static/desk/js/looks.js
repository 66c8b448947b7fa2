/** A mail shown as it was sent grows to its own height, so that only the thread scrolls. */

/** What a mail may take at once; a longer one scrolls in its frame. */
const TALLEST = 4_000;

/** @param {HTMLIFrameElement} frame */
function fit(frame) {
  const page = frame.contentDocument?.documentElement;
  if (!page || !frame.contentDocument?.body) return;
  frame.style.height = "0";
  frame.style.height = `${Math.min(page.scrollHeight + 2, TALLEST)}px`;
}

// `load` does not bubble: it is caught on its way down. Pictures that come later make it grow once more.
document.addEventListener(
  "load",
  (event) => {
    const frame = event.target;
    if (!(frame instanceof HTMLIFrameElement) || !frame.matches(".looks")) return;
    fit(frame);
    const sizes = new ResizeObserver(() => frame.isConnected && fit(frame));
    if (frame.contentDocument?.body) sizes.observe(frame.contentDocument.body);
  },
  true,
);

for (const frame of document.querySelectorAll(".looks")) fit(/** @type {HTMLIFrameElement} */ (frame));
