/* On the review page a paper named on the left opens in the viewer on the right, without leaving what was typed. */

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-paper]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const entry = document.querySelector(`.viewer-list a[href*="paper=${CSS.escape(link.dataset.paper)}"]`);
  if (!entry) return;
  event.preventDefault();
  entry.click();
  document.getElementById("papers").scrollIntoView({ block: "nearest" });
});

/* A link to a mark in the tray opens the tray. */
function openTray() {
  const tray = document.getElementById("tray");
  if (tray && location.hash.startsWith("#tray")) tray.open = true;
}
window.addEventListener("hashchange", openTray);
openTray();
