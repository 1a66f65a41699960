/* A file input speaks the browser's language, not the page's: its own words give way to ours. */

const EMPTY = "还没有选择文件";

function filepick(input) {
  if (!input.id || input.disabled) return;
  const pick = document.createElement("span");
  const button = document.createElement("label");
  const names = document.createElement("span");
  pick.className = "file-pick";
  button.className = "btn";
  button.htmlFor = input.id;
  button.textContent = input.multiple ? "选择文件（可多选）" : "选择文件";
  names.className = "file-pick-names";
  const show = () => {
    names.textContent = [...input.files].map((file) => file.name).join("、") || EMPTY;
  };
  input.classList.add("visually-hidden");
  input.addEventListener("change", show);
  input.after(pick);
  // A dropzone lists its files with their sizes already.
  pick.append(button, ...(input.closest("[data-dropzone]") ? [] : [names]));
  show();
}

export function filepicks(root) {
  for (const input of root.querySelectorAll("input[type=file].form-control")) filepick(input);
}
