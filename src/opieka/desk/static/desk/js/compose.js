/**
 * The composer grows, keeps a draft per conversation, counts the parts of a text, and shows what is sent
 * before the server has answered. When the answer does not come, the words are still there.
 */
import { toEnd } from "./inbox.js";
import { clearFiles } from "./files.js";
import { measure } from "./segments.js";
import { toast } from "./toasts.js";

const form = () => /** @type {HTMLFormElement | null} */ (document.getElementById("composer"));
const area = () => /** @type {HTMLTextAreaElement | null} */ (document.getElementById("composer-text"));
const grows = CSS.supports("field-sizing", "content");

/** @param {HTMLFormElement} composer */
const draftKey = (composer) => `opieka.draft.${composer.dataset.draft}`;

function fit() {
  const text = area();
  if (!text) return;
  if (!grows) {
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight}px`;
  }
  count(text);
}

/** @param {HTMLTextAreaElement} text */
function count(text) {
  const place = form()?.querySelector("[data-count]");
  const channel = form()?.querySelector("[data-channels]");
  const limit = Number(channel instanceof HTMLSelectElement ? channel.selectedOptions[0]?.dataset.limit : 0);
  if (!place) return;
  const { parts, left } = measure(text.value);
  place.textContent = limit ? `${left} · ${parts} / ${limit}` : "";
  place.classList.toggle("over", Boolean(limit) && parts > limit);
}

/** A composer that has just come gets its draft back; one that was there keeps what is in it. */
function restore() {
  const [composer, text] = [form(), area()];
  if (!composer || !text || composer.dataset.seen) return;
  composer.dataset.seen = "yes";
  if (!text.value) text.value = localStorage.getItem(draftKey(composer)) ?? "";
  fit();
}

/**
 * Show the words in the thread as on their way.
 * @param {HTMLFormElement} composer
 * @param {string} words
 */
function pend(composer, words) {
  const template = /** @type {HTMLTemplateElement | null} */ (composer.querySelector("#pending-template"));
  const copy = template?.content.firstElementChild?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) return null;
  const place = copy.querySelector(".words");
  if (place) place.textContent = words;
  document.getElementById("items")?.append(copy);
  toEnd();
  return copy;
}

/** @param {HTMLElement} pending */
function offerAgain(pending) {
  const state = pending.querySelector("[data-state]");
  if (state) state.textContent = document.body.dataset.sayFailed ?? "";
  pending.classList.add("msg-failed");
  const again = pending.querySelector("[data-again]");
  if (!(again instanceof HTMLButtonElement)) return;
  again.hidden = false;
  again.addEventListener("click", () => {
    pending.remove();
    form()?.requestSubmit();
  });
}

document.addEventListener("input", (event) => {
  const composer = form();
  if (!composer || !composer.contains(/** @type {Node} */ (event.target))) return;
  const text = area();
  if (event.target === text && text) {
    if (text.value) localStorage.setItem(draftKey(composer), text.value);
    else localStorage.removeItem(draftKey(composer));
  }
  fit();
});

document.addEventListener("keydown", (event) => {
  if (event.target !== area() || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  const composer = form();
  const note = composer?.querySelector("input[value=note]:checked");
  const button = composer?.querySelector(note ? ".for-note" : `.for-reply[value="${event.shiftKey ? "resolve" : ""}"]`);
  composer?.requestSubmit(/** @type {HTMLButtonElement} */ (button));
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, xhr } = /** @type {CustomEvent} */ (event).detail;
  const [composer, text] = [form(), area()];
  if (elt !== composer || !composer || !text) return;
  const words = text.value;
  const pending = pend(composer, words);
  text.value = "";
  fit();
  xhr.addEventListener("loadend", () => {
    if (xhr.status >= 200 && xhr.status < 300) {
      pending?.remove();
      localStorage.removeItem(draftKey(composer));
      document.getElementById("composer-trouble")?.replaceChildren();
      clearFiles();
    } else {
      // Anything written meanwhile goes on after what was not sent.
      text.value = text.value ? `${words}\n\n${text.value}` : words;
      localStorage.setItem(draftKey(composer), text.value);
      if (pending) offerAgain(pending);
    }
    fit();
  });
});

/** A saved answer, filled in for this conversation, is put where the cursor is. */
document.addEventListener("click", async (event) => {
  const chosen = /** @type {Element} */ (event.target).closest("[data-macro]");
  const text = area();
  if (!(chosen instanceof HTMLElement) || !text) return;
  const answer = await fetch(chosen.dataset.macro ?? "", { headers: { "HX-Request": "true" } });
  if (!answer.ok) return toast({ text: document.body.dataset.sayFailed ?? "" });
  text.focus();
  text.setRangeText(await answer.text(), text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
  chosen.closest("details")?.removeAttribute("open");
});

document.addEventListener("htmx:afterSwap", restore);
restore();
