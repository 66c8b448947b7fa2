/** Ctrl-K: arrows choose among what was found, Enter goes there. */

const input = document.getElementById("palette-q");
const found = document.getElementById("palette-found");

const items = () => /** @type {HTMLAnchorElement[]} */ ([...(found?.querySelectorAll(".palette-item") ?? [])]);
const chosen = () => items().findIndex((item) => item.classList.contains("chosen"));

/** @param {number} index */
function choose(index) {
  for (const [place, item] of items().entries()) {
    item.classList.toggle("chosen", place === index);
    if (place === index) item.scrollIntoView({ block: "nearest" });
  }
}

input?.addEventListener("keydown", (event) => {
  const count = items().length;
  if (event.key === "ArrowDown") choose((chosen() + 1) % count);
  else if (event.key === "ArrowUp") choose((chosen() - 1 + count) % count);
  else if (event.key === "Enter" && count) items()[Math.max(chosen(), 0)].click();
  else return;
  event.preventDefault();
});

found?.addEventListener("htmx:afterSwap", () => choose(0));
