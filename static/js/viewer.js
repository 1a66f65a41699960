/* Papers beside the form: next and previous by keys, zoom and rotation for images (a PDF brings its own). */

const STEPS = [1, 1.5, 2, 3];

function viewer(box) {
  const page = box.querySelector("[data-viewer-page]");
  const inside = box.querySelector("[data-viewer-inside]");
  const links = [...box.querySelectorAll("[data-viewer-src]")];
  let index = Math.max(0, links.findIndex((link) => link.getAttribute("aria-current") === "true"));
  let zoom = 0;
  let turn = 0;
  box.querySelector("[data-viewer-tools]").hidden = false;

  function fit() {
    const image = page.querySelector("img");
    for (const act of ["in", "out", "rotate"]) box.querySelector(`[data-viewer-act="${act}"]`).hidden = !image;
    if (!image) return;
    image.classList.toggle("zoomed", zoom > 0);
    image.style.width = zoom > 0 ? `${STEPS[zoom] * 100}%` : "";
    image.style.transform = turn ? `rotate(${turn}deg)` : "";
  }

  function show(next) {
    const link = links[next];
    if (!link) return;
    index = next;
    zoom = 0;
    turn = 0;
    const label = link.firstChild.textContent.trim();
    const node = document.createElement(link.dataset.viewerKind === "image" ? "img" : "iframe");
    // The browser's own PDF viewer: no side panel, the page as wide as the pane.
    node.src = link.dataset.viewerKind === "image" ? link.dataset.viewerSrc : `${link.dataset.viewerSrc}#navpanes=0&view=FitH`;
    node.setAttribute(node.tagName === "IMG" ? "alt" : "title", label);
    page.replaceChildren(node);
    page.setAttribute("aria-label", `材料：${label}`);
    fit();
    mark();
    box.querySelector("[data-viewer-name]").textContent = label;
    for (const other of links) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    link.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /* Keys pressed inside a PDF stay in the browser's own viewer, which no script of ours sees (it needs them: copy, find,
     its page number), nor do we take the one pressed before the viewer was ready for it. The keyboard comes back to the
     papers once the pointer is on our page again. */
  const held = () => document.activeElement?.tagName === "IFRAME" && page.contains(document.activeElement);
  const mark = () => (inside.hidden = !held());
  window.addEventListener("blur", mark);
  window.addEventListener("focus", mark);
  document.addEventListener("pointermove", (event) => {
    if (!held() || event.buttons) return;
    page.focus({ preventScroll: true });
    mark();
  });

  const acts = {
    prev: () => show(index - 1),
    next: () => show(index + 1),
    in: () => ((zoom = Math.min(zoom + 1, STEPS.length - 1)), fit()),
    out: () => ((zoom = Math.max(zoom - 1, 0)), fit()),
    rotate: () => ((turn = (turn + 90) % 360), fit()),
  };
  const keys = { ArrowLeft: "prev", ArrowRight: "next", "+": "in", "=": "in", "-": "out", r: "rotate", R: "rotate" };

  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-viewer-act]");
    const link = event.target.closest("[data-viewer-src]");
    if (button) acts[button.dataset.viewerAct]();
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      show(links.indexOf(link));
    }
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (typing || held() || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    acts[keys[event.key]]();
  });
  fit();
}

export function viewers(root) {
  for (const box of root.querySelectorAll("[data-viewer]")) viewer(box);
}
