"use strict";
// The call form while a call lasts: what an outcome needs opens, the clock runs, a chip fills a field.
(() => {
  const form = () => document.querySelector("#call-form");
  const all = (selector, root = form()) => (root ? [...root.querySelectorAll(selector)] : []);
  const field = (name) => form()?.elements[name];
  let opened = { at: performance.now(), now: "" };
  let call = { began: null, ended: null, ticking: null };

  const pad = (number) => String(number).padStart(2, "0");
  // The server's clock counts, not the desk's: its moment at opening plus what has passed since.
  const moment = () => {
    const [day, time] = opened.now.split("T");
    const [year, month, date] = day.split("-").map(Number);
    const [hour, minute, second] = time.split(":").map(Number);
    const at = new Date(Date.UTC(year, month - 1, date, hour, minute, second) + performance.now() - opened.at);
    return at.toISOString().slice(0, 19);
  };

  const outcome = () => all("input[name=outcome]").find((radio) => radio.checked)?.value ?? "";

  const showPanels = () => {
    const chosen = outcome();
    all(".panel[data-for]").forEach((panel) => panel.classList.toggle("on", panel.dataset.for.split(" ").includes(chosen)));
    const hint = form()?.querySelector("[data-save-hint]");
    if (hint) hint.hidden = Boolean(chosen);
  };

  const value = (name) => {
    const found = all(`[name="${CSS.escape(name)}"]`);
    if (found.some((input) => input.matches("[type=radio], [type=checkbox]"))) return found.filter((input) => input.checked).map((input) => input.value);
    return found.map((input) => input.value).filter(Boolean);
  };

  const showWhy = () => all("[data-question]").forEach((question) => {
    const why = question.querySelector(".because");
    if (!why) return;
    const answers = value(`answer.${question.dataset.question}`);
    const below = question.dataset.below;
    const options = (question.dataset.options || "").split("|").filter(Boolean);
    const low = below !== undefined && answers.some((answer) => answer !== "" && Number(answer) < Number(below));
    why.classList.toggle("on", low || answers.some((answer) => options.includes(answer)) || Boolean(why.value));
  });

  const COMPARED = {
    "==": (found, wanted) => found === String(wanted),
    "!=": (found, wanted) => found !== String(wanted),
    "<": (found, wanted) => Number(found) < Number(wanted),
    "<=": (found, wanted) => Number(found) <= Number(wanted),
    ">": (found, wanted) => Number(found) > Number(wanted),
    ">=": (found, wanted) => Number(found) >= Number(wanted),
    in: (found, wanted) => wanted.map(String).includes(found),
  };
  const TRUTH = { true: "yes", false: "no" };

  // The same that the server judges by: without an answer a condition does not hold, except "is not".
  const met = ({ code, op, value: wanted }) => {
    const plain = Array.isArray(wanted) ? wanted : TRUTH[wanted] ?? wanted;
    const answers = value(`answer.${code}`);
    if (!answers.length) return op === "!=";
    return op === "!=" ? answers.every((one) => COMPARED[op](one, plain)) : answers.some((one) => COMPARED[op](one, plain));
  };

  const showQuestions = () => {
    let waiting = false;  // U-08: what comes later can be seen, and opens when what comes before is answered
    all("[data-question]").forEach((question) => {
      const when = JSON.parse(question.dataset.when || "[]");
      const asked = !when.length || (question.dataset.match === "any" ? when.some(met) : when.every(met));
      const answered = value(`answer.${question.dataset.question}`).length > 0;
      question.hidden = !asked;
      question.classList.toggle("locked", waiting && !answered);
      all("input, textarea, button", question).forEach((input) => { input.disabled = waiting && !answered; });
      if (asked && question.closest("[data-ordered]") && question.dataset.required && !answered) waiting = true;
    });
  };

  const showTexts = () => all("[data-needs]").forEach((text) => {
    const own = text.querySelector("textarea")?.value.trim() || text.querySelector("input:checked");
    text.hidden = !(field(text.dataset.needs)?.value.trim() || own);
  });

  const showChannel = () => {
    const takes = field("channel")?.selectedOptions[0]?.dataset.takes;
    all("[data-channel-reason]").forEach((label) => label.classList.toggle("on", takes !== "free" && takes !== undefined));
  };

  const tick = () => {
    const shown = document.querySelector("[data-timer-shown]");
    if (!shown) return;
    const seconds = Math.floor(((call.ended ?? performance.now()) - call.began) / 1000);
    const longest = Number(document.querySelector("[data-length-reason]")?.dataset.max || 0);
    shown.closest("[data-timer]").classList.toggle("over", longest > 0 && seconds > longest);
    shown.textContent = `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`;
  };

  const begin = () => {
    if (call.began !== null || !form()) return;
    call = { began: performance.now(), ended: null, ticking: setInterval(tick, 500) };
    field("started_at").value = moment();
    const timer = document.querySelector("[data-timer]");
    if (timer) timer.hidden = false;
    form().dispatchEvent(new Event("huifang:typed", { bubbles: true }));
  };

  const end = () => {
    if (call.began === null) return;
    call.ended = performance.now();
    clearInterval(call.ticking);
    tick();
    field("ended_at").value = moment();
  };

  const show = () => { showPanels(); showQuestions(); showWhy(); showTexts(); showChannel(); };

  // On a phone the call comes first; the queue opens at a touch, and closes when a task was chosen.
  const fold = () => {
    const sheet = document.querySelector(".queue-sheet");
    if (sheet && document.querySelector("#card[data-task], #card[hx-get]")) sheet.open = !window.matchMedia("(max-width: 767px)").matches;
  };

  const open = () => {
    clearInterval(call.ticking);
    call = { began: null, ended: null, ticking: null };
    // The focus stays in a field of the same name when a new card comes: the keys would rest there.
    if (document.activeElement?.closest("#card")) document.activeElement.blur();
    if (!form()) return;
    opened = { at: performance.now(), now: form().dataset.now };
    show();
    const card = document.querySelector("#card");
    all(".row-link", document).forEach((row) => {
      if (row.dataset.row === card.dataset.task) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    });
    fold();
    document.querySelector("[data-faults]")?.focus();
  };

  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-fill]");
    if (chip) {
      const target = field(chip.dataset.fill);
      target.value = chip.dataset.value;
      target.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (event.target.closest("[data-dial]")) begin();
  });
  document.addEventListener("change", (event) => {
    if (!event.target.closest?.("#call-form")) return;
    if (event.target.name === "outcome" && event.target.value !== "reached") end();
    show();
  });
  document.addEventListener("input", (event) => { if (event.target.closest?.("#call-form")) { showQuestions(); showWhy(); showTexts(); } });
  document.addEventListener("huifang:filled", show);
  document.addEventListener("submit", (event) => { if (event.target === form() && call.ended === null) end(); }, true);
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target === form() && call.began !== null) event.detail.parameters.ended_at = field("ended_at").value;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "card" || event.target?.id === "card") open();
    if (event.target?.id === "number" && event.target.querySelector("[data-dial]")) event.target.querySelector("[data-dial]").focus();
  });
  fold();
  open();
})();
