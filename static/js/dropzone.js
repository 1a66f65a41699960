/* Files can be dropped, and are listed with their size before they are sent. */

const MB = 1024 * 1024;
const size = (bytes) => (bytes >= MB ? `${(bytes / MB).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`);

function list(zone) {
  const place = zone.querySelector("[data-dropzone-list]");
  const limit = Number(zone.dataset.maxBytes) || Infinity;
  const files = [...zone.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
  place.replaceChildren(
    ...files.map((file) => {
      const row = document.createElement("li");
      const name = document.createElement("span");
      const note = document.createElement("span");
      name.textContent = file.name;
      note.textContent = file.size > limit ? `${size(file.size)}，超过 ${size(limit)}，请压缩后再传` : size(file.size);
      row.classList.toggle("too-big", file.size > limit);
      row.append(name, note);
      return row;
    }),
  );
  place.hidden = files.length === 0;
  return files.every((file) => file.size <= limit);
}

function dropzone(zone) {
  const input = zone.querySelector("input[type=file]");
  let depth = 0;
  const over = (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  };
  zone.addEventListener("dragenter", (event) => {
    over(event);
    depth += 1;
    zone.classList.add("is-over");
  });
  zone.addEventListener("dragover", over);
  zone.addEventListener("dragleave", () => {
    depth -= 1;
    if (depth <= 0) zone.classList.remove("is-over");
  });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    zone.classList.remove("is-over");
    const files = [...event.dataTransfer.files];
    if (!files.length) return;
    const chosen = new DataTransfer();
    for (const file of input.multiple ? [...input.files, ...files] : files.slice(0, 1)) chosen.items.add(file);
    input.files = chosen.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  zone.addEventListener("change", () => {
    const fits = list(zone);
    if (fits && "autoSubmit" in zone.dataset && input.form) input.form.requestSubmit();
  });
}

export function dropzones(root) {
  for (const zone of root.querySelectorAll("[data-dropzone]")) dropzone(zone);
}
