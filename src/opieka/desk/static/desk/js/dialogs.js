/** Dialogs open by [data-opens], menus close when one looks elsewhere, [data-copy] copies, [data-submits] submits. */

/** @param {string} id */
export function open(id) {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
  closeMenus();
  dialog.showModal();
  dialog.querySelector("[autofocus]")?.dispatchEvent(new Event("opened"));
}

/** @param {Element | null} [except] a menu that stays open */
export function closeMenus(except = null) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!except || !menu.contains(except)) menu.removeAttribute("open");
  }
}

document.addEventListener("click", async (event) => {
  const target = /** @type {Element} */ (event.target);
  closeMenus(target);
  // A click on the veil lands on the dialog itself.
  if (target instanceof HTMLDialogElement) target.close();
  const opener = target.closest("[data-opens]");
  if (opener instanceof HTMLElement) open(opener.dataset.opens ?? "");
  const copier = target.closest("[data-copy]");
  if (copier instanceof HTMLElement) {
    await navigator.clipboard.writeText(copier.dataset.copy ?? "");
    copier.classList.add("copied");
    setTimeout(() => copier.classList.remove("copied"), 1200);
  }
});

// A filter that is chosen is applied; without scripts its form has a button.
document.addEventListener("change", (event) => {
  if (event.target instanceof HTMLSelectElement) event.target.closest("form[data-submits]")?.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  const menu = document.activeElement?.closest("details.menu[open]");
  if (!menu) return;
  if (event.key === "Escape") {
    closeMenus();
    menu.querySelector("summary")?.focus();
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll(".menu-item")]);
  const here = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  items[(here + step + items.length + (here < 0 && step < 0 ? 1 : 0)) % items.length]?.focus();
});
