/* Entry of the portal's scripts: each module improves markup that already works without it. */
import { menus } from "./menus.js";
import { forms } from "./forms.js";
import { dropzones } from "./dropzone.js";
import { filepicks } from "./filepick.js";
import { rows } from "./rows.js";
import { tables } from "./tables.js";
import { viewers } from "./viewer.js";
import { autosaves } from "./autosave.js";
import { charts } from "./charts.js";
import { fragments } from "./fragments.js";

function enhance(root) {
  menus(root);
  forms(root);
  dropzones(root);
  filepicks(root);
  rows(root);
  tables(root);
  viewers(root);
  autosaves(root);
  charts(root);
}

enhance(document);
fragments(enhance);
