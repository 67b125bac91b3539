"use strict";
// A form with data-keep outlives a sign-in that ended and a tab that was closed: what is typed waits in this browser,
// under the person and the row that it is about, until that row's form is open again.
(() => {
  const PREFIX = "huifang-kept:";
  const KEPT = 30 * 24 * 3600 * 1000;
  const OWN = ["csrfmiddlewaretoken", "token"];
  const form = document.querySelector("form[data-keep]");
  if (!form) return;
  const key = PREFIX + form.dataset.keep;
  const fields = () => [...form.elements].filter((field) => field.name && !OWN.includes(field.name) && !["hidden", "submit", "button", "file"].includes(field.type));
  const chosen = (field) => !["radio", "checkbox"].includes(field.type) || field.checked;
  const read = (name) => { try { return JSON.parse(localStorage.getItem(name) || "null"); } catch { return null; } };

  const keep = () => {
    const typed = fields().filter(chosen).map((field) => [field.name, field.value]);
    try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), typed })); } catch { /* full: then it stays on the screen */ }
  };

  const put = (typed) => fields().forEach((field) => {
    const values = typed.filter(([name]) => name === field.name).map(([, value]) => value);
    if (["radio", "checkbox"].includes(field.type)) field.checked = values.includes(field.value);
    else if (values.length) [field.value] = values;
  });

  const found = read(key);
  if (found && !form.querySelector("[data-faults]")) {
    put(found.typed);
    const said = form.querySelector("[data-kept]");
    if (said) said.hidden = false;
    form.dispatchEvent(new Event("huifang:filled", { bubbles: true }));
  }
  Object.keys(localStorage).filter((name) => name.startsWith(PREFIX) && !(read(name)?.at > Date.now() - KEPT)).forEach((name) => localStorage.removeItem(name));
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
})();
