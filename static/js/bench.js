"use strict";
// Around the call: the hold on its task while somebody works, the panel of skipping, what is known leaf by leaf.
(() => {
  const one = (selector) => document.querySelector(selector);
  const BEAT = 4 * 60 * 1000; // a hold lasts a quarter of an hour; whoever has gone away lets go of it by and by
  let beaten = performance.now();

  const beat = () => {
    if (performance.now() - beaten < BEAT || !one("#lease[hx-post]")) return;
    beaten = performance.now();
    window.htmx.trigger("#lease", "beat");
  };
  const speaking = () => { const timer = one("[data-timer]"); return Boolean(timer && !timer.hidden && !one("[name=ended_at]")?.value); };
  ["keydown", "pointerdown", "input"].forEach((kind) => document.addEventListener(kind, beat, { passive: true }));
  setInterval(() => { if (speaking()) beat(); }, 60 * 1000);

  const mark = () => {
    const open = one("#card")?.dataset.task;
    document.querySelectorAll("#queue .row-link").forEach((row) => {
      if (row.dataset.row === open) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    });
  };

  // The panels of what is known: one at a time, the chosen one stays chosen from card to card.
  let leaf = "";
  const leaves = () => [...document.querySelectorAll("[data-leaf-of]")];
  const turn = (name) => {
    const tabs = leaves();
    if (!tabs.length) return;
    const chosen = tabs.find((tab) => tab.dataset.leafOf === name) ?? tabs[0];
    leaf = chosen.dataset.leafOf;
    tabs.forEach((tab) => {
      const on = tab === chosen;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !on;
    });
  };
  const step = (by) => {
    const tabs = leaves();
    const at = tabs.findIndex((tab) => tab.dataset.leafOf === leaf);
    if (tabs.length) turn(tabs[(at + by + tabs.length) % tabs.length].dataset.leafOf);
  };

  // A further visit of the same call opens its questions when it is ticked.
  const bundle = () => document.querySelectorAll("[data-bundled]").forEach((part) => {
    part.hidden = !one(`#call-form input[name=also][value="${part.dataset.bundled}"]`)?.checked;
  });

  document.addEventListener("change", (event) => { if (event.target.name === "also") bundle(); });
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-leaf-of]");
    if (tab) turn(tab.dataset.leafOf);
    const way = event.target.closest("[data-leaf]");
    if (way) step(way.dataset.leaf === "on" ? 1 : -1);
    const skip = one("details[data-skip][open]");
    if (skip && !skip.contains(event.target)) skip.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const skip = one("details[data-skip][open]");
    if (event.key === "Escape" && skip) { skip.open = false; one("[data-key=s]")?.focus(); }
    if (!event.target.matches?.("[data-leaf-of]") || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    step(event.key === "ArrowRight" ? 1 : -1);
    one("[data-leaf-of][aria-selected=true]").focus();
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("details[data-skip]") && event.target.open) event.target.querySelector(".chip").focus();
  }, true);
  document.addEventListener("htmx:afterSettle", (event) => {
    const id = event.detail.target?.id;
    if (id === "queue-rows") mark();
    if (id === "queue-rows" && one("#news")) one("#news").replaceChildren();
    if (id === "card" || event.target?.id === "card") { beaten = performance.now(); turn(leaf); bundle(); }
    if (event.target?.id === "known") turn(leaf);
  });
  turn(leaf);
  bundle();
})();
