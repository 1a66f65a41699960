/* What htmx brings in is enhanced too, and what it could not bring is said aloud. */

/** The outcome of something that failed in the background: stays until the next action. */
export function announce(text, kind = "error") {
  const live = document.getElementById("live");
  const note = document.createElement("p");
  note.className = `toast-line toast-${kind}`;
  note.textContent = text;
  live.replaceChildren(note);
}

const WORDS = {
  401: "登录已超时，请重新登录；未保存的内容仍在本页。",
  403: "您的角色不能办理这一事项。",
  404: "没有找到这份材料，它可能刚刚被改动，请刷新页面。",
  409: "这份材料刚刚被别人处理，请刷新页面后查看。",
  503: "系统繁忙，请稍后重试。",
};

export function fragments(enhance) {
  document.addEventListener("htmx:load", (event) => {
    if (event.target !== document.body) enhance(event.target);
  });
  // Where somebody was quicker the answer shows both values: it belongs into the page, not into a line of its own.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (xhr.status === 409 && requestConfig.elt.closest("[data-swap-conflict]")) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  document.addEventListener("htmx:responseError", (event) => {
    const answer = event.detail.xhr;
    let text = WORDS[answer.status];
    try {
      text = JSON.parse(answer.responseText).message || text;
    } catch {
      // not JSON: the sentence by status stands
    }
    announce(text || "操作没有完成，请稍后重试。");
  });
  document.addEventListener("htmx:sendError", () => announce("网络连接中断，操作没有完成，请检查网络后重试。"));
}
