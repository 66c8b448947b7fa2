/** Light, dark, or as the system prefers. The choice is a cookie, so that the server already paints it. */

const YEAR = 365 * 24 * 60 * 60;

document.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("[data-theme-choice]");
  if (!(button instanceof HTMLElement)) return;
  const theme = button.dataset.themeChoice ?? "";
  document.cookie = `theme=${theme}; path=/; max-age=${theme ? YEAR : 0}; samesite=lax`;
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  document.querySelector("meta[name=color-scheme]")?.setAttribute("content", theme || "light dark");
  for (const other of document.querySelectorAll("[data-theme-choice]")) {
    if (other === button) other.setAttribute("aria-pressed", "true");
    else other.removeAttribute("aria-pressed");
  }
});
