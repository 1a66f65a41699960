/* Reading and writing a field of a form by its name, and saying what is wrong with it. */

/** Names, not elements: radios and checkboxes of one name are one field. */
export function read(form, name) {
  return new FormData(form).getAll(name).join("\n");
}

/** What the server put there, whatever was typed since. */
export function initial(form, name) {
  const values = [];
  for (const input of form.elements) {
    if (input.name !== name || input.disabled) continue;
    if (input.type === "radio" || input.type === "checkbox") {
      if (input.defaultChecked) values.push(input.value);
    } else if (input.tagName === "SELECT") {
      const options = [...input.options];
      const chosen = options.filter((option) => option.defaultSelected);
      values.push(...(chosen.length || input.multiple ? chosen : options.slice(0, 1)).map((option) => option.value));
    } else values.push(input.defaultValue);
  }
  return values.join("\n");
}

export function write(form, name, value) {
  const values = value.split("\n");
  for (const input of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
    if (input.type === "radio" || input.type === "checkbox") input.checked = values.includes(input.value);
    else input.value = value;
  }
}

/** The server's word about one field, beside it; an empty message takes it away. */
export function markField(form, name, message) {
  const input = form.querySelector(`[name="${CSS.escape(name)}"]`);
  if (!input) return;
  input.classList.toggle("is-invalid", Boolean(message));
  input.toggleAttribute("data-unsaved", Boolean(message));
  let note = form.querySelector(`[data-autosave-error="${CSS.escape(name)}"]`);
  if (message && !note) {
    note = document.createElement("p");
    note.className = "field-error";
    note.dataset.autosaveError = name;
    note.setAttribute("role", "alert");
    (input.closest(".field") ?? input.parentElement).append(note);
  }
  if (note) note.textContent = message;
  if (!message) note?.remove();
}
