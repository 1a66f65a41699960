/* What the person sees of autosave: its state, an offer to restore, a conflict. Text only, built node by node. */

function button(words, act, primary = false) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = primary ? "btn btn-sm btn-primary" : "btn btn-sm";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

function paragraph(text, className = "") {
  const made = document.createElement("p");
  made.className = className;
  made.textContent = text;
  return made;
}

const now = () => new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });

/** The page says 「填写后请保存」 until the script that saves has come. */
export function showReady(form) {
  for (const words of form.querySelectorAll("[data-autosave-idle]")) words.textContent = "填写后自动保存";
}

/** 「正在保存…」「已保存 14:32」 quietly; a failure loudly, with what to do. */
export function showState(form, state, text = "", { retry, signIn } = {}) {
  const places = [...form.querySelectorAll("[data-autosave-state]"), ...document.querySelectorAll(`[data-autosave-state="${form.id}"]`)];
  for (const place of new Set(places)) {
    place.classList.toggle("is-failed", state === "failed");
    place.setAttribute("role", state === "failed" ? "alert" : "status");
    const words = document.createElement("span");
    words.textContent = { saving: "正在保存…", saved: `已保存 ${text || now()}` }[state] ?? text;
    place.replaceChildren(words);
    if (signIn) {
      const link = document.createElement("a");
      link.href = form.dataset.loginUrl || "/account/login/";
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = "在新标签页重新登录";
      place.append(link);
    }
    if (retry) place.append(button(signIn ? "登录后重试" : "重试保存", retry));
  }
}

function box(before, className) {
  const made = document.createElement("div");
  made.className = className;
  made.setAttribute("role", "alert");
  before.before(made);
  return made;
}

function labelOf(form, name) {
  const input = form.querySelector(`[name="${CSS.escape(name)}"]`);
  const field = input?.closest(".field");
  return field?.querySelector("label, legend")?.firstChild?.textContent.trim() || name;
}

export function askRestore(form, count, decide) {
  const made = box(form.firstElementChild, "notice notice-warn");
  made.dataset.unsaved = "";
  const words = document.createElement("div");
  words.className = "notice-words";
  words.append(paragraph(`上次有 ${count} 处内容没有保存成功，还留在本页。`, "notice-title"), paragraph("恢复后会立即保存；放弃后以已保存的内容为准。"));
  const row = document.createElement("div");
  row.className = "notice-actions";
  const close = (yes) => () => {
    made.remove();
    decide(yes);
  };
  row.append(button("恢复未保存的内容", close(true), true), button("放弃", close(false)));
  made.append(words, row);
}

/** A value as the page shows it: the words of an option, not its code; ticks one after another. */
function wordsOf(input, value) {
  if (input.tagName !== "SELECT") return value.replaceAll("\n", "、");
  return [...input.options].find((option) => option.value === value)?.text ?? value;
}

/** Both values side by side; `decide(true)` keeps mine, `decide(false)` takes the saved one. */
export function askConflict(form, name, mine, theirs, decide) {
  const input = form.querySelector(`[name="${CSS.escape(name)}"]`);
  const field = input.closest(".field") ?? input;
  field.parentElement.querySelector(`[data-conflict="${CSS.escape(name)}"]`)?.remove();
  const made = box(field, "notice notice-warn");
  made.dataset.conflict = name;
  const words = document.createElement("div");
  words.className = "notice-words";
  words.append(
    paragraph(`「${labelOf(form, name)}」在别处刚被改动，请选择保留哪一个：`, "notice-title"),
    paragraph(`现在保存的：${(theirs && wordsOf(input, theirs)) || "（空）"}`),
    paragraph(`您填写的：${(mine && wordsOf(input, mine)) || "（空）"}`),
  );
  const row = document.createElement("div");
  row.className = "btn-row";
  const close = (keepMine) => () => {
    made.remove();
    decide(keepMine);
  };
  row.append(button("保留我填写的", close(true), true), button("用已保存的", close(false)));
  words.append(row);
  made.append(words);
}
