/* Local copy of text of 附件1 that could not be saved: this tab only, gone once saved. Nothing else is ever kept here. */

const PREFIX = "unsaved:";

function all(key) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + key)) ?? {};
  } catch {
    return {};
  }
}

function put(key, values) {
  try {
    if (Object.keys(values).length) sessionStorage.setItem(PREFIX + key, JSON.stringify(values));
    else sessionStorage.removeItem(PREFIX + key);
    return true;
  } catch {
    return false; // storage full or switched off
  }
}

/** Keeps one field; false when the browser does not let us. */
export const keep = (key, name, value) => put(key, { ...all(key), [name]: value });

/** What is kept for this application: {field: value}. */
export const kept = all;

export function drop(key, name) {
  const values = all(key);
  if (!(name in values)) return;
  delete values[name];
  put(key, values);
}
