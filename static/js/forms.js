/* Forms: no double submit, focus on the summary of errors, copy buttons, select-all, print. */

/** A form is sent once; coming back by the browser's back button makes it usable again. */
function once(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    // After this turn: a disabled button would not send its own name and value.
    setTimeout(() => {
      for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
        button.setAttribute("aria-busy", "true");
        button.setAttribute("aria-disabled", "true");
      }
    });
  });
}

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) {
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
  }
}

async function copy(button) {
  const words = button.querySelector("[data-copy-words]") ?? button;
  const before = words.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    words.textContent = "已复制";
  } catch {
    words.textContent = "请手动选中后复制";
  }
  setTimeout(() => (words.textContent = before), 2000);
}

function selectAll(box) {
  const boxes = () => [...document.querySelectorAll(`input[type=checkbox][name="${CSS.escape(box.dataset.selectAll)}"]`)];
  box.addEventListener("change", () => {
    for (const other of boxes()) {
      if (other.disabled || other.checked === box.checked) continue;
      other.checked = box.checked;
      other.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}

export function forms(root) {
  // A download answers with a file and leaves the page: such forms say data-again and stay usable.
  for (const form of root.querySelectorAll("form[method=post]:not([data-again], [data-autosave-url])")) once(form);
  for (const button of root.querySelectorAll("[data-copy]")) button.addEventListener("click", () => copy(button));
  for (const button of root.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
  for (const box of root.querySelectorAll("[data-select-all]")) selectAll(box);
  for (const select of root.querySelectorAll("[data-submit-on-change]")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }
  root.querySelector("[data-focus]")?.focus();
}

window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-sent]");
  if (form) release(form);
});
