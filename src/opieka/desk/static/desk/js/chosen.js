/** Tables in which rows are chosen: one box in the head for all of them; what is chosen survives news. */
const boxes = (table) => [...table.querySelectorAll("tbody input[type=checkbox]")];

function head(table) {
  const place = table.tHead?.rows[0]?.cells[0];
  if (!place || place.querySelector("input")) return;
  const all = document.createElement("input");
  all.type = "checkbox";
  all.className = "form-check-input";
  all.title = table.dataset.chooses;
  all.setAttribute("aria-label", table.dataset.chooses);
  all.addEventListener("change", () => boxes(table).forEach((box) => (box.checked = all.checked)));
  place.replaceChildren(all);
}

const dress = (root) => root.querySelectorAll("table[data-chooses]").forEach(head);

dress(document);
document.addEventListener("htmx:load", (event) => dress(event.target));
// News would throw away what a person is about to do; they come when she is done.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id !== "tower") return;
  if (event.target.querySelector(".together input:checked, .together details[open]")) event.preventDefault();
});
