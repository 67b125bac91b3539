"use strict";
// The keys of the workbench. They rest while somebody types and while an input method composes.
(() => {
  const one = (selector) => document.querySelector(selector);
  const TYPED = "textarea, select, input:not([type=radio]):not([type=checkbox]):not([type=button]):not([type=submit])";
  const composing = (event) => event.isComposing || event.keyCode === 229;
  const typing = (target) => target instanceof Element && (target.matches(TYPED) || target.isContentEditable);
  const press = (element) => { if (element) element.click(); return Boolean(element); };
  const sheet = () => one("#keys");

  const save = () => {
    const form = one("#call-form");
    if (form) form.requestSubmit();
    return Boolean(form);
  };

  const outcome = (digit) => {
    const radio = one(`#call-form input[data-digit="${digit}"]`);
    if (!radio) return false;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    radio.focus();
    return true;
  };

  const step = (by) => {
    const rows = [...document.querySelectorAll("#queue .row-link")];
    const at = rows.findIndex((row) => row.getAttribute("aria-current") === "true");
    return press(rows[at < 0 ? 0 : at + by]);
  };

  const focus = (element) => { if (element) element.focus(); return Boolean(element); };

  const DEEDS = {
    j: () => step(1),
    k: () => step(-1),
    n: () => focus(one('[data-key="n"]')),
    f: () => focus(one('[data-key="f"]')),
    s: () => press(one('[data-key="s"]')),
    w: () => press(one('[data-key="w"]')),
    b: () => press(one('[data-key="b"]')),
    d: () => press(one('[data-key="d"]')),
    i: () => press(one('[data-key="i"]')),
    g: () => press(one('.follow.on [data-key="g"]')),
    c: () => press(one('.follow.on [name="complaint"]')),
    e: () => press(one('[data-key="e"]')),
    "[": () => press(one("[data-leaf=back]")),
    "]": () => press(one("[data-leaf=on]")),
    x: () => press(one('[data-key="x"]')),
    z: () => press(one("#toasts form button")),
    "/": () => focus(one('[data-key="/"]')),
    "?": () => { sheet()?.showModal(); return Boolean(sheet()); },
    " ": () => { const link = one("[data-dial]") || one("[data-reveal]"); return press(link); },
  };

  document.addEventListener("keydown", (event) => {
    if (composing(event) || event.altKey || event.metaKey || sheet()?.open) return;
    // A small form beside the call has its own Enter; no key in it is meant for the call.
    if (event.target instanceof Element && event.target.closest("[data-deed]")) return;
    if (event.key === "Enter" && event.ctrlKey) {
      if (save()) event.preventDefault();
      return;
    }
    if (event.ctrlKey) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      // One line of text is no button: Enter in it must not send a call that is half written.
      if (event.key === "Enter" && event.target.closest("#call-form") && !event.target.matches("textarea")) event.preventDefault();
      return;
    }
    if (event.repeat) return;
    const onControl = event.target instanceof Element && event.target.closest("a, button, summary");
    if (event.key === "Enter" && !onControl) {
      if (save()) event.preventDefault();
      return;
    }
    if (event.key === " " && (onControl || event.target.matches?.("input"))) return;
    const done = /^[0-9]$/.test(event.key) ? outcome(event.key) : DEEDS[event.key.toLowerCase()]?.();
    if (done) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-open]")) sheet()?.showModal();
    if (event.target === sheet()) sheet().close();
  });
})();
