/* A row of tabs or entries wider than the screen begins where one is, not at its first. */

const ROWS = ".tabs, .public-nav ul, .viewer-list";

export function rows(root) {
  for (const here of root.querySelectorAll(":is(.tabs, .public-nav, .viewer-list) [aria-current]")) {
    const row = here.closest(ROWS);
    const [room, place] = [row.getBoundingClientRect(), here.getBoundingClientRect()];
    row.scrollLeft += place.left - room.left - (room.width - place.width) / 2;
  }
}
