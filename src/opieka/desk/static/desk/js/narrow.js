/** [data-narrows] leaves those choices of its form's section that hold what is typed, and those that are made. */

document.addEventListener("input", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || !("narrows" in input.dataset)) return;
  const sought = input.value.trim().toLowerCase();
  for (const group of input.closest(".form-section")?.querySelectorAll("fieldset") ?? []) {
    const choices = [...group.querySelectorAll("label")];
    for (const choice of choices) {
      choice.hidden = !choice.textContent.toLowerCase().includes(sought) && !choice.querySelector(":checked");
    }
    group.hidden = choices.every((choice) => choice.hidden);
  }
});

// Return would send the form.
document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (event.key === "Enter" && input instanceof HTMLInputElement && "narrows" in input.dataset) event.preventDefault();
});
