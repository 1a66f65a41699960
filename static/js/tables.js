/* Tables: on a phone a row becomes a card, so every cell learns its heading, and keeps its role. */

function label(table) {
  const heads = [...table.querySelectorAll("thead tr:last-child > *")].map((head) => head.textContent.trim());
  if (!heads.length) return;
  table.setAttribute("role", "table");
  for (const part of table.querySelectorAll("thead, tbody, tfoot")) part.setAttribute("role", "rowgroup");
  for (const row of table.querySelectorAll("tr")) row.setAttribute("role", "row");
  for (const head of table.querySelectorAll("thead th")) head.setAttribute("role", "columnheader");
  for (const row of table.querySelectorAll("tbody tr")) {
    let column = 0;
    for (const cell of row.children) {
      cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
      const plain = cell.colSpan === 1 && !cell.classList.contains("actions") && cell.tagName === "TD";
      if (plain && heads[column] && !cell.dataset.label) cell.dataset.label = heads[column];
      column += cell.colSpan;
    }
  }
}

export function tables(root) {
  for (const table of root.querySelectorAll(".portal-table:not(.keep)")) label(table);
}
