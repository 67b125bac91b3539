"use strict";
// The keys of what is gone through row by row: reviews, reports, the ledger. They rest while somebody types.
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const TYPED = "textarea, select, input:not([type=checkbox])";
  const typing = (target) => target instanceof Element && target.matches(TYPED);
  const press = (element) => { if (element) element.click(); return Boolean(element); };
  const focus = (element) => { if (element) element.focus(); return Boolean(element); };
  const sheet = () => one("#keys");
  const chosen = () => one("[data-row].chosen");

  const choose = (row) => {
    if (!row) return false;
    (one("[data-open]", row) || row).focus();
    row.scrollIntoView({ block: "nearest" });
    return true;
  };
  const step = (by) => {
    const rows = all("[data-row]");
    const at = rows.indexOf(chosen());
    return choose(rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]);
  };

  const remark = () => {
    const line = chosen() && one("[data-remark]", chosen());
    return focus(line || one('[data-key="r"]'));
  };
  const propose = () => {
    const part = one("[data-propose]");
    if (!part) return false;
    part.open = true;
    const about = one("[data-about]", part);
    const line = chosen()?.dataset.line;
    if (line && [...about.options].some((option) => option.value === line)) about.value = line;
    return focus(one("select[name=penalty]", part));
  };
  // What is written and not sent would be lost by an approval: the key leads to the return instead.
  const approve = () => {
    const written = all('[form="return-form"], #return-form textarea').some((field) => field.value.trim());
    return written ? focus(one("#return-form button")) : press(one('button[data-key="a"]'));
  };
  const listen = () => {
    const player = one("audio", chosen() || document);
    if (!player) return false;
    if (player.paused) player.play().catch(() => {}); else player.pause();
    return true;
  };

  const DEEDS = {
    j: () => step(1),
    k: () => step(-1),
    a: approve,
    r: remark,
    f: () => press(chosen() && one("[data-flag]", chosen())),
    p: propose,
    l: listen,
    x: () => press(chosen() && one("input[type=checkbox]", chosen())),
    "[": () => press(one("[data-leaf=back]") || one("[data-before]")),
    "]": () => press(one("[data-leaf=on]") || one("[data-after]")),
    "?": () => { sheet()?.showModal(); return Boolean(sheet()); },
  };

  const button = (key) => () => press(all("button[data-key]").find((one) => one.dataset.key === key));
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.altKey || event.metaKey || event.ctrlKey || sheet()?.open) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.repeat && !"jk".includes(event.key)) return;
    const key = event.key.toLowerCase();
    if ((DEEDS[key] || button(key))()) event.preventDefault();
  });
  const mark = (row) => {
    if (!row || row === chosen()) return;
    chosen()?.classList.remove("chosen");
    row.classList.add("chosen");
  };
  document.addEventListener("focusin", (event) => mark(event.target.closest("[data-row]")));
  document.addEventListener("click", (event) => {
    mark(event.target.closest("[data-row]"));
    if (event.target.closest("[data-keys-open]")) sheet()?.showModal();
    if (event.target === sheet()) sheet().close();
  });
})();
