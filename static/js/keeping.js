"use strict";
// What was typed outlives a session that has ended: it waits in this tab until the same task is open again.
(() => {
  const KEPT = "huifang-kept";
  const form = () => document.querySelector("#call-form");
  const task = () => document.querySelector("#card")?.dataset.task;
  const OWN = ["csrfmiddlewaretoken", "token", "seen_attempts"];

  // Another answer may still come in while the page goes to the sign-in: it must not take what was just put away.
  let leaving = false;

  const keep = () => {
    leaving = true;
    const typed = [...new FormData(form())].filter(([name]) => !OWN.includes(name));
    try { sessionStorage.setItem(KEPT, JSON.stringify({ task: task(), typed })); } catch { /* then it is typed again */ }
  };

  const kept = () => {
    try { return JSON.parse(sessionStorage.getItem(KEPT) || "null"); } catch { return null; }
  };

  const put = ([name, value]) => {
    const inputs = [...form().querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    const box = inputs.find((input) => input.matches("[type=radio], [type=checkbox]") && input.value === value);
    if (box) box.checked = true;
    else if (inputs.length === 1 && !inputs[0].matches("[type=radio], [type=checkbox]")) inputs[0].value = value;
    (box || inputs[0])?.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const restore = () => {
    const found = kept();
    if (leaving || !found || !form() || found.task !== task()) return;
    sessionStorage.removeItem(KEPT);
    found.typed.forEach(put);
  };

  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status === 401 && form() && event.detail.elt === form()) keep();
  });
  document.addEventListener("htmx:afterSettle", restore);
  restore();
})();
