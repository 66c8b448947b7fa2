/** Files are chosen, pasted or dropped; each is listed and can be taken out again before sending. */
import { toast } from "./toasts.js";

const form = () => /** @type {HTMLFormElement | null} */ (document.getElementById("composer"));
const field = () => /** @type {HTMLInputElement | null} */ (form()?.querySelector("input[type=file]") ?? null);

/** @param {number} bytes */
function size(bytes) {
  const big = bytes >= 1_000_000;
  const unit = { style: "unit", unit: big ? "megabyte" : "kilobyte", maximumFractionDigits: big ? 1 : 0 };
  const amount = Math.max(bytes / (big ? 1_000_000 : 1_000), 1);
  return new Intl.NumberFormat(document.documentElement.lang, /** @type {Intl.NumberFormatOptions} */ (unit)).format(amount);
}

/** @param {File[]} files what the field holds from now on */
function keep(files) {
  const input = field();
  if (!input) return;
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  input.files = transfer.files;
  list(files);
}

/** @param {File[]} files */
function list(files) {
  const place = /** @type {HTMLElement | null} */ (form()?.querySelector("[data-files]") ?? null);
  const template = /** @type {HTMLTemplateElement | null} */ (form()?.querySelector("#file-template") ?? null);
  if (!place || !template) return;
  place.hidden = files.length === 0;
  place.replaceChildren(
    ...files.map((file) => {
      const copy = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
      const [name, weight] = [copy.querySelector("[data-name]"), copy.querySelector("small")];
      if (name) name.textContent = file.name;
      if (weight) weight.textContent = size(file.size);
      copy.querySelector("[data-drop]")?.addEventListener("click", () => keep(files.filter((other) => other !== file)));
      return copy;
    }),
  );
}

/** @param {Iterable<File>} more */
function add(more) {
  const all = [...(field()?.files ?? []), ...more];
  const limit = Number(form()?.dataset.maxBytes);
  if (all.reduce((sum, file) => sum + file.size, 0) > limit) toast({ text: form()?.dataset.sayTooBig ?? "" });
  else keep(all);
}

export function clearFiles() {
  keep([]);
}

document.addEventListener("change", (event) => {
  if (event.target === field()) list([...(field()?.files ?? [])]);
});

document.addEventListener("paste", (event) => {
  const files = event.clipboardData?.files ?? new DataTransfer().files;
  if (!files.length || !form()?.contains(/** @type {Node} */ (event.target))) return;
  event.preventDefault();
  add(files);
});

for (const kind of /** @type {const} */ (["dragover", "dragleave", "drop"])) {
  document.addEventListener(kind, (event) => {
    const thread = /** @type {Element} */ (event.target).closest?.(".thread");
    if (!thread || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form()?.classList.toggle("dropping", kind === "dragover");
    if (kind === "drop") add(event.dataTransfer.files);
  });
}

for (const kind of ["htmx:xhr:loadstart", "htmx:xhr:progress", "htmx:xhr:loadend"]) {
  document.addEventListener(kind, (event) => {
    const { elt, loaded, total, lengthComputable } = /** @type {CustomEvent} */ (event).detail;
    const bar = form()?.querySelector("progress");
    if (elt !== form() || !bar) return;
    bar.hidden = kind === "htmx:xhr:loadend" || !field()?.files?.length;
    if (lengthComputable) bar.value = (100 * loaded) / total;
  });
}
