"use strict";
// Nothing that is typed is lost: each word goes into this browser at once and to the server within three seconds.
// What the server has, the browser forgets; what it has not (no network, signed out) waits here, by person and task.
// It stands before the scripts that answer to keys, so that no key is heard before its word can be kept.
(() => {
  const PREFIX = "huifang-call:";
  const PAUSE = 900, LONGEST = 2500, AGAIN = 4000, KEPT = 30 * 24 * 3600 * 1000;
  const SKIPPED = ["csrfmiddlewaretoken", "token", "seen_attempts", "typed_by"];
  const form = () => document.querySelector("#call-form");
  const random = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  const loaded = new Promise((done) => { if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", done); else done(); });

  // The open form: whose, of which task, which page of it; `turn` counts what was written.
  let at = null;
  let busy = false, owed = false, timer = null, first = 0, resend = null;

  const key = (entry) => `${PREFIX}${entry.user}:${entry.task}`;
  const read = (name) => { try { return JSON.parse(localStorage.getItem(name) || "null"); } catch { return null; } };
  const write = (entry) => { try { localStorage.setItem(key(entry), JSON.stringify(entry)); } catch { /* full: the server has it soon */ } };
  const forget = (entry) => { try { const kept = read(key(entry)); if (kept?.turn === entry.turn && kept.page === entry.page) localStorage.removeItem(key(entry)); } catch { /* nothing kept */ } };
  const waiting = () => {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)).map(read).filter(Boolean);
    } catch { return []; }
  };

  const say = (state, words) => {
    const shown = form()?.querySelector("[data-draft-state]");
    const bar = form()?.querySelector("[data-draft-bar]");
    if (shown && state === "kept") shown.textContent = words;
    if (!bar) return;
    const text = words || bar.dataset[state] || "";
    bar.hidden = state === "kept" || !text;
    bar.querySelector("[data-draft-words]").textContent = text;
    bar.querySelector("[data-sign-in]").hidden = state !== "out";
  };

  const fields = () => [...form().elements].filter((field) => field.name && !SKIPPED.includes(field.name) && !["submit", "button", "file", "fieldset"].includes(field.type));
  const typed = () => fields()
    .filter((field) => !["radio", "checkbox"].includes(field.type) || field.checked)
    .map((field) => [field.name, field.value]);

  const written = () => ({ ...at, typed: typed(), at: Date.now() });

  const csrf = () => form()?.elements.csrfmiddlewaretoken?.value ?? JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"];

  // After somebody has signed in in another tab the old token of this page is refused: take the new one.
  const renew = async () => {
    const answer = await fetch(location.pathname, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("input[name=csrfmiddlewaretoken]")?.value;
    if (!answer.ok || !token) return false;
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = token; });
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
    return true;
  };

  const body = (entry) => {
    const sent = new URLSearchParams(entry.typed);
    const own = { token: entry.token, typed_by: entry.user, page: entry.page, turn: entry.turn, since: entry.since, since_turn: entry.sinceTurn };
    Object.entries(own).forEach(([name, value]) => sent.set(name, value));
    sent.set("csrfmiddlewaretoken", csrf() ?? "");
    return sent;
  };
  const post = (entry, closing) => fetch(`/tasks/${entry.task}/draft/`, {
    method: "POST", body: body(entry), credentials: "same-origin", keepalive: closing, headers: { "HX-Request": "true" },
    signal: closing ? undefined : AbortSignal.timeout(15000),
  });

  const here = (entry) => at !== null && entry.task === at.task && entry.user === at.user;

  const taken = async (entry, answer) => {
    const told = await answer.json();
    forget(entry);
    if (here(entry) && entry.page === at.page) {
      if (told.token && told.kept) { at.token = told.token; form().elements.token.value = told.token; }
      say("kept", form().querySelector("[data-draft-bar]").dataset.kept + " " + told.at);
      const lease = document.querySelector("#lease");
      if (lease) lease.textContent = told.held_by;
    }
    return told;
  };

  // Returns what the server answered, or null where the text still waits here.
  const send = async (entry, { again = true, closing = false } = {}) => {
    let answer;
    try { answer = await post(entry, closing); } catch { if (here(entry)) say("offline"); return null; }
    if (answer.ok) return taken(entry, answer);
    if (answer.status === 403 && again && await renew().catch(() => false)) return send(entry, { again: false });
    if (here(entry)) {
      if (answer.status === 401) say("out");
      else if ([409, 413].includes(answer.status)) say("refused", (await answer.json()).refused);
      else say(answer.status === 404 ? "gone" : "offline");
    }
    return null;
  };

  const flush = async () => {
    clearTimeout(timer);
    timer = null;
    // Another tab may have sent what waited here: only the server's answer says so to who reads this one.
    const entry = at && (read(key(at)) ?? (owed && !at.saved && form() ? written() : null));
    if (!entry || entry.page !== at.page) return;
    if (busy) { timer = setTimeout(flush, 300); return; }
    busy = true;
    first = 0;
    const told = await send(entry);
    busy = false;
    owed = !told;
    if (!told && here(entry) && !timer) timer = setTimeout(flush, AGAIN);
  };

  const touch = () => {
    if (!at || at.saved || !form()) return;
    cancelResend();
    at.turn += 1;
    write(written());
    const state = form().querySelector("[data-draft-state]");
    if (state) state.textContent = "";
    first = first || performance.now();
    clearTimeout(timer);
    timer = setTimeout(flush, Math.max(0, Math.min(PAUSE, first + LONGEST - performance.now())));
  };

  const put = (content) => {
    const told = new Map();
    content.forEach(([name, value]) => told.set(name, [...(told.get(name) || []), value]));
    fields().forEach((field) => {
      const values = told.get(field.name) || [];
      if (["radio", "checkbox"].includes(field.type)) field.checked = values.includes(field.value);
      else if (values.length) field.value = values.shift();
    });
    form().dispatchEvent(new Event("huifang:filled", { bubbles: true }));
  };

  // What waits here for this person and task goes to the server first: only it knows whether it was saved meanwhile.
  const restore = async (entry) => {
    const mine = at;
    const older = entry.page === mine.since && entry.turn <= mine.sinceTurn;
    if (older) { forget(entry); return; }
    const told = await send({ ...entry });
    if (told && !told.kept) return;
    await loaded; // what is put is shown by scripts behind this one
    const follows = mine.since === "" || mine.since === entry.page || (mine.since === entry.since && mine.sinceTurn === entry.sinceTurn);
    if (at !== mine || mine.turn || !follows) return;
    put(entry.typed);
    mine.token = told?.token ?? entry.token;
    form().elements.token.value = mine.token;
    [mine.since, mine.sinceTurn] = [entry.page, entry.turn];
    if (!told) { forget(entry); touch(); }
  };

  const open = () => {
    const found = form();
    if (!found) { at = null; return; }
    if (at && at.form === found) return;
    if (timer) flush();
    owed = false;
    const { user, task, page, turn } = found.dataset;
    at = { user, task, token: found.elements.token.value, page: random(), turn: 0, since: page, sinceTurn: Number(turn) };
    Object.defineProperty(at, "form", { value: found, enumerable: false });
    const entry = read(key(at));
    if (entry) restore(entry);
    waiting().filter((other) => other.user === user && other.task !== task).forEach((other) => send(other));
  };

  // A save that did not get through is sent again by itself, unless somebody types on.
  const cancelResend = () => { clearInterval(resend); resend = null; };
  const sendAgain = () => {
    const mine = at;
    say("unsent");
    if (resend) return;
    resend = setInterval(() => {
      if (at !== mine || !form()) { cancelResend(); return; }
      if (navigator.onLine && !document.querySelector("#call-form.htmx-request")) form().requestSubmit();
    }, AGAIN);
  };

  const isSave = (event) => event.detail.elt === form() || event.target === form();
  document.addEventListener("input", (event) => { if (event.target.form === form() && form()) touch(); });
  document.addEventListener("change", (event) => { if (event.target.form === form() && form()) touch(); });
  document.addEventListener("huifang:typed", touch);
  document.addEventListener("huifang:another", (event) => say("refused", event.detail.words));
  document.addEventListener("htmx:beforeRequest", (event) => { if (isSave(event) && timer) { clearTimeout(timer); timer = null; } });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const xhr = event.detail.xhr;
    if (!isSave(event) || !at || !xhr) return;
    if (xhr.status === 200 || (xhr.status === 204 && xhr.getResponseHeader("HX-Redirect"))) {
      cancelResend();
      // A field that loses the focus with its form still tells that it has changed.
      Object.defineProperty(at, "saved", { value: true, enumerable: false });
      try { localStorage.removeItem(key(at)); } catch { /* nothing kept */ }
    }
  });
  document.addEventListener("htmx:sendError", (event) => { if (isSave(event)) { event.stopImmediatePropagation(); sendAgain(); } }, true);
  document.addEventListener("htmx:timeout", (event) => { if (isSave(event)) sendAgain(); });
  document.addEventListener("htmx:responseError", (event) => {
    if (!isSave(event)) return;
    const { status } = event.detail.xhr;
    if (status >= 502) { event.stopImmediatePropagation(); sendAgain(); }
    if (status !== 403 || at.renewed) return;
    event.stopImmediatePropagation();
    Object.defineProperty(at, "renewed", { value: true, enumerable: false });
    renew().then((done) => { if (done) form()?.requestSubmit(); });
  }, true);
  document.addEventListener("htmx:afterSettle", open);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") flush(); });
  window.addEventListener("pagehide", () => { const entry = at && read(key(at)); if (entry && timer) send(entry, { closing: true }); });
  window.addEventListener("online", () => { flush(); if (resend && form()) form().requestSubmit(); });
  window.addEventListener("offline", () => { if (form()) say("offline"); });

  waiting().filter((entry) => Date.now() - entry.at > KEPT).forEach(forget);
  open();
})();
