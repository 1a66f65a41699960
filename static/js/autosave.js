/* Autosave of 附件1: one field at a time, against the value it had when this page last agreed with the server.

   POST {field, value, previous} → 200 {saved_at, value} | 409 {current, message} | 422 {message} | 401.
   What could not be saved is kept in sessionStorage (this tab, this browser, only while unsaved) and offered again. */

import { keep, kept, drop } from "./unsaved.js";
import { post, renewToken } from "./post.js";
import { askConflict, askRestore, showReady, showState } from "./autosave-view.js";
import { initial, markField, read, write } from "./fields.js";

const PAUSE = 1200;
const AGAIN = [3000, 6000, 12000, 30000]; // the browser's word that it is online may come too early, or never

function autosave(form) {
  const key = form.dataset.autosaveKey || form.dataset.autosaveUrl;
  const agreed = new Map();
  const waiting = new Map();
  const queued = new Map(); // name → how many of its sends have not been answered yet
  const offered = new Set(); // kept from before and not decided on: the page still shows what is saved
  let running = Promise.resolve();
  let shown = "";
  let unreachable = 0; // sends in a row that reached nobody
  let again = 0;
  const typed = (input) => input.name && !["file", "submit", "button", "hidden"].includes(input.type);
  const names = new Set([...form.elements].filter(typed).map((input) => input.name));
  for (const name of names) agreed.set(name, initial(form, name));
  showReady(form);

  function show(state, text, options) {
    shown = state;
    showState(form, state, text, options);
  }

  async function send(name) {
    const value = read(form, name);
    if (value === agreed.get(name)) {
      if (!offered.has(name)) drop(key, name);
      if (shown === "saving") settle();
      return;
    }
    show("saving");
    let answer;
    try {
      answer = await post(form, { field: name, value, previous: agreed.get(name) });
      // Signing in again in another tab changed the form's token: take the new one, once.
      if (answer.status === 403) {
        if (!(await renewToken(form))) return failed(name, value, "登录已超时", true); // no page, no session
        answer = await post(form, { field: name, value, previous: agreed.get(name) });
      }
    } catch {
      again ||= setTimeout(retry, AGAIN[Math.min(unreachable++, AGAIN.length - 1)]);
      return failed(name, value, "网络连接中断");
    }
    unreachable = 0;
    const body = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    if (answer.ok) {
      agreed.set(name, value);
      drop(key, name);
      markField(form, name, "");
      if (body.value !== undefined && body.value !== value && read(form, name) === value) {
        write(form, name, body.value);
        agreed.set(name, read(form, name));
      }
      return settle(body.saved_at);
    }
    if (answer.status === 409) return conflict(name, value, body);
    if (answer.status === 422) {
      markField(form, name, body.message);
      keep(key, name, value);
      return show("failed", `有一处没有保存：${body.message}`);
    }
    if (answer.status === 401 || answer.type === "opaqueredirect") return failed(name, value, "登录已超时", true);
    return failed(name, value, body.message?.replace(/。$/, "") || "系统没有应答");
  }

  function settle(savedAt) {
    const left = kept(key);
    const names = Object.keys(left);
    if (names.length) show("failed", `还有 ${names.length} 处没有保存`, { retry: offered.size ? reveal : retry });
    else if (queued.size > 1) show("saving"); // 「已保存」 is said of the whole page, not of the first of several
    else show("saved", savedAt);
  }

  function failed(name, value, why, signIn = false) {
    const local = keep(key, name, value);
    const where = local ? "内容已暂存在本页" : "请先不要关闭本页";
    show("failed", `保存失败：${why}。${where}。`, { retry, signIn });
  }

  function conflict(name, value, body) {
    keep(key, name, value);
    show("failed", body.message || "同一处内容刚被别人改动");
    askConflict(form, name, value, body.current ?? "", (mine) => {
      agreed.set(name, body.current ?? "");
      markField(form, name, "");
      if (mine) {
        queue(name);
        return;
      }
      write(form, name, body.current ?? "");
      drop(key, name);
      settle();
    });
  }

  /** One request at a time, in order: two saves of one field never overtake each other. */
  function queue(name) {
    clearTimeout(waiting.get(name));
    waiting.delete(name);
    queued.set(name, (queued.get(name) ?? 0) + 1);
    running = running.then(() => send(name)).finally(() => {
      const left = queued.get(name) - 1;
      if (left) queued.set(name, left);
      else queued.delete(name);
    });
    return running;
  }

  /** Leaving with something still to be sent or not answered yet: its copy is offered again on the next visit. */
  function keepUnsent() {
    for (const name of new Set([...waiting.keys(), ...queued.keys()])) {
      const value = read(form, name);
      if (value !== agreed.get(name)) keep(key, name, value);
    }
  }

  function retry() {
    clearTimeout(again);
    again = 0;
    for (const name of new Set([...Object.keys(kept(key)), ...waiting.keys()])) if (!offered.has(name)) queue(name);
  }

  function reveal() {
    form.querySelector("[data-unsaved], [data-conflict]")?.scrollIntoView({ block: "center" });
  }

  const relevant = (event) => names.has(event.target.name);
  form.addEventListener("input", (event) => {
    if (!relevant(event)) return;
    const { name } = event.target;
    offered.delete(name); // what is typed now takes the place of the copy
    clearTimeout(waiting.get(name));
    waiting.set(name, setTimeout(() => queue(name), PAUSE));
  });
  form.addEventListener("change", (event) => relevant(event) && queue(event.target.name));
  window.addEventListener("online", retry);
  window.addEventListener("pagehide", keepUnsent); // phones do not ask before they leave
  window.addEventListener("beforeunload", (event) => {
    keepUnsent();
    if (Object.keys(kept(key)).length) event.preventDefault();
  });
  // Submitting waits for what is still on its way, then goes once.
  let going = ""; // "" → "saving" → "ready" → "gone"
  form.addEventListener("submit", async (event) => {
    if (going === "ready") {
      going = "gone";
      return;
    }
    event.preventDefault();
    if (going) return;
    going = "saving";
    retry();
    await running;
    // A form being submitted ignores requestSubmit(); with nothing to wait for, this is still the same moment.
    await new Promise((done) => setTimeout(done));
    if (Object.keys(kept(key)).length) {
      going = "";
      reveal();
      return;
    }
    going = "ready";
    form.requestSubmit(event.submitter);
  });
  window.addEventListener("pageshow", () => (going = ""));

  // Typed while this script was still on its way: the page has no event of it, only the difference.
  for (const name of names) if (read(form, name) !== agreed.get(name)) queue(name);

  const left = Object.entries(kept(key)).filter(([name, value]) => names.has(name) && value !== agreed.get(name));
  for (const name of Object.keys(kept(key))) if (!left.some(([other]) => other === name)) drop(key, name);
  if (left.length) {
    for (const [name] of left) offered.add(name);
    askRestore(form, left.length, (yes) => {
      for (const [name, value] of left) {
        if (!offered.delete(name)) continue; // typed anew meanwhile
        if (yes) {
          write(form, name, value);
          queue(name);
        } else drop(key, name);
      }
    });
  }
}

export function autosaves(root) {
  for (const form of root.querySelectorAll("form[data-autosave-url]")) autosave(form);
}
