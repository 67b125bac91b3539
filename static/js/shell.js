"use strict";
// What every page behind the door can do: menus, colours, toasts that go away, words when the server says no.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  const showTheme = () => all("[data-theme]").forEach((button) =>
    button.setAttribute("aria-pressed", String(button.dataset.theme === window.huifangTheme.chosen())));

  const closeMenus = (except) => all("details[data-menu][open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });

  document.addEventListener("click", (event) => {
    const theme = event.target.closest("[data-theme]");
    if (theme) { window.huifangTheme.choose(theme.dataset.theme); showTheme(); }
    closeMenus(event.target.closest("details[data-menu]"));
    const dismiss = event.target.closest("[data-toast]");
    if (dismiss && !event.target.closest("button, a")) dismiss.remove();
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-pick-all]")) return;
    all("input[type=checkbox]", event.target.closest("table").tBodies[0]).forEach((box) => {
      box.checked = event.target.checked;
    });
  });

  // "?" opens the keys where a page has its own list of them, else the help of the page.
  const help = document.getElementById("help");
  const typing = (target) => target instanceof Element && target.matches("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus(null);
    if (event.key !== "?" || event.isComposing || typing(event.target) || document.querySelector("dialog[open], #keys")) return;
    document.querySelector(".help-link")?.click();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "help-told" && !help.open) help.showModal();
  });
  help?.addEventListener("click", (event) => { if (event.target === help) help.close(); });

  const expire = (root) => all("[data-toast]", root).forEach((toast) => {
    if (toast.dataset.timed) return;
    toast.dataset.timed = "yes";
    setTimeout(() => toast.remove(), Number(toast.dataset.toast || 6) * 1000);
  });

  const say = (words) => {
    const toast = document.createElement("div");
    toast.className = "toast-line error";
    toast.dataset.toast = "10";
    toast.setAttribute("role", "alert");
    toast.textContent = words;
    document.getElementById("toasts").append(toast);
    expire(document);
  };

  const words = document.getElementById("content")?.dataset ?? {};
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401) return;
    say(event.detail.xhr.status === 404 ? words.gone : words.failed);
  });
  document.addEventListener("htmx:sendError", () => say(words.offline));
  document.addEventListener("htmx:afterSettle", () => expire(document));

  // On a phone a row becomes a block whose cells say what they are: by the heads of their columns.
  all(".table-card .list-table").forEach((table) => {
    const heads = all("thead th", table).map((head) => head.textContent.trim());
    all("tbody tr", table).forEach((row) => [...row.cells].forEach((cell, at) => { cell.dataset.label = heads[at] || ""; }));
  });

  all("[data-theme-switch]").forEach((part) => { part.hidden = false; });
  all("[data-keys-open]").forEach((part) => { part.hidden = !document.getElementById("keys"); });
  showTheme();
  expire(document);

  // A form that is on its way is not sent again by a second press; a page that comes back may be sent anew.
  const PRESSED_MS = 10000;
  let sent = new WeakMap();
  document.addEventListener("submit", (event) => {
    if (event.timeStamp - (sent.get(event.target) ?? -PRESSED_MS) < PRESSED_MS) event.preventDefault();
    else if (event.target.method === "post") setTimeout(() => {
      if (!event.defaultPrevented) sent.set(event.target, event.timeStamp);
    });
  });
  window.addEventListener("pageshow", () => { sent = new WeakMap(); });

  // Where the browser allows it, a page of our own stands in for one that the network does not bring.
  navigator.serviceWorker?.register("/static/offline-worker.js", { scope: "/" }).catch(() => {});
})();
