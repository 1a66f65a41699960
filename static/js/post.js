/* Posting one field with the form's token. */

export function post(form, values) {
  return fetch(form.dataset.autosaveUrl, {
    method: "POST",
    headers: {
      "X-Requested-With": "fetch",
      "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "",
    },
    body: new URLSearchParams(values),
    redirect: "manual",
  });
}

/** Reads the token out of a fresh copy of this page into every form of it; true when there was one. */
export async function renewToken(form) {
  const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return false;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = fresh.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!token) return false;
  for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = token;
  return form.querySelector("[name=csrfmiddlewaretoken]")?.value === token;
}
