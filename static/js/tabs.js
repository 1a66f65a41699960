/* Tabs: where the bar scrolls, the tab of this page is brought into sight. */

export function tabs(root) {
  for (const here of root.querySelectorAll(".tabs [aria-current]")) {
    const bar = here.closest(".tabs");
    const [tab, frame] = [here.getBoundingClientRect(), bar.getBoundingClientRect()];
    bar.scrollLeft += tab.left - frame.left - (frame.width - tab.width) / 2;
  }
}
