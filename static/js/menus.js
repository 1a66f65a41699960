/* Menus are <details>: they close on Escape, on a click elsewhere, and when another one opens. */

const open = () => document.querySelectorAll("details[data-menu][open]");
let listening = false;

export function menus() {
  if (listening) return;
  listening = true;
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}
