/** Signing in by passkey: the device answers the server's question, and the form carries the answer. */

/** @param {HTMLFormElement} form @returns {Promise<any>} the server's question */
async function question(form) {
  const given = form.dataset.options;
  if (given) return JSON.parse(given);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  return answer.json();
}

/** @param {HTMLFormElement} form */
async function use(form) {
  const { request_options: asked } = await question(form);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.publicKey);
  return navigator.credentials.get({ publicKey });
}

/** @param {HTMLFormElement} form */
async function make(form) {
  const { creation_options: asked } = await question(form);
  const box = form.elements.namedItem("passwordless");
  const alone = box instanceof HTMLInputElement && box.checked;
  const need = alone ? "required" : "discouraged";
  const selection = { ...asked.publicKey.authenticatorSelection, residentKey: need, requireResidentKey: alone };
  if (alone) selection.userVerification = "required";
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON({ ...asked.publicKey, authenticatorSelection: selection });
  return navigator.credentials.create({ publicKey });
}

document.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const field = form.elements.namedItem("credential");
  if (!form.dataset.passkey || !(field instanceof HTMLInputElement) || field.value) return;
  event.preventDefault();
  const trouble = /** @type {HTMLElement | null} */ (form.querySelector("[data-trouble]"));
  if (trouble) trouble.hidden = true;
  try {
    const credential = await (form.dataset.passkey === "make" ? make(form) : use(form));
    field.value = JSON.stringify(credential);
    form.requestSubmit();
  } catch {
    // Refused, timed out, or this browser knows no passkeys: the other ways are still there.
    if (trouble) trouble.hidden = false;
  }
});
