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
    leave();
    box.querySelector("[data-viewer-name]").textContent = label;
    for (const other of links) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    link.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /* Keys pressed inside a PDF stay in the browser's own viewer, which no script of ours sees (it needs them: copy, find,
     its page number). We do not take the one pressed before the viewer was ready for it either, nor one that comes to us
     because the viewer, once loaded, lost the focus again. The keyboard comes back to the papers once the pointer or the
     focus is on our page again. */
  let within = false;
  const frame = () => page.querySelector("iframe");
  function enter() {
    within ||= document.activeElement !== null && document.activeElement === frame();
    inside.hidden = !within;
  }
  function leave() {
    within = false;
    inside.hidden = true;
  }
  // A browser under load may tell us of the pointer's way into the PDF only after the click inside it.
  function over({ clientX: x, clientY: y }) {
    const { left, right, top, bottom } = frame().getBoundingClientRect();
    return x >= left && x <= right && y >= top && y <= bottom;
  }
  window.addEventListener("blur", enter);
  window.addEventListener("focus", enter);
  document.addEventListener("focusin", (event) => event.target !== frame() && leave());
  document.addEventListener("pointermove", (event) => {
    if (!within || event.buttons || over(event)) return;
    page.focus({ preventScroll: true });
    leave();
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
    if (typing || within || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    acts[keys[event.key]]();
  });
  fit();
}

export function viewers(root) {
  for (const box of root.querySelectorAll("[data-viewer]")) viewer(box);
}
