"use strict";
// What was answered: one key for each answer, one question after the other, the reason where it was not good,
// the length of the call against its bounds.
(() => {
  const form = () => document.querySelector("#call-form");
  const all = (selector, root = form()) => (root ? [...root.querySelectorAll(selector)] : []);
  const field = (name) => form()?.elements[name];
  const shown = (element) => Boolean(element) && element.offsetParent !== null && !element.disabled;
  const TEXT = "textarea, select, input:not([type=radio]):not([type=checkbox])";
  const composing = (event) => event.isComposing || event.keyCode === 229;
  const changed = (element, kind = "change") => element.dispatchEvent(new Event(kind, { bubbles: true }));

  const answers = (question) => all("[name^='answer.'], [name=satisfied], [name=settled]", question)
    .filter((input) => !["radio", "checkbox"].includes(input.type) || input.checked).map((input) => input.value).filter(Boolean);
  const questions = () => all(".question").filter(shown);
  const enter = (question) => {
    const inputs = all("input, textarea", question).filter((input) => !input.disabled && !input.matches(".because"));
    (inputs.find((input) => input.checked) ?? inputs[0])?.focus();
    question.scrollIntoView({ block: "nearest" });
    return true;
  };
  const next = (from) => {
    const rest = questions();
    const after = rest.slice(rest.indexOf(from) + 1)[0];
    if (after) return enter(after);
    document.activeElement?.blur();
    return true;
  };

  // On the n-th answer by its digit, 0 for the tenth; one of several stays, the only one goes on.
  const choose = (question, digit) => {
    const choices = all("input[type=radio], input[type=checkbox]", question).filter((input) => !input.disabled);
    const input = choices[digit === "0" ? 9 : Number(digit) - 1];
    if (!input) return false;
    input.checked = input.type === "radio" || !input.checked;
    input.focus();
    changed(input);
    if (input.type === "radio" && !wantsWhy(question)) next(question);
    return true;
  };
  const wantsWhy = (question) => {
    const why = question.querySelector(".because.on");
    if (!why || why.value) return false;
    why.focus();
    return true;
  };

  const PRESSED = {
    q: () => { const open = questions(); const found = open.find((question) => !answers(question).length) ?? open[0]; return found ? enter(found) : false; },
    p: () => { const box = all("input[name=phrases]").find((input) => !input.checked); if (!box) return false; box.checked = true; box.focus(); changed(box); return true; },
    o: () => { const offer = form()?.querySelector("[data-key=o]"); if (!shown(offer)) return false; offer.parentElement.open = true; field("offered").focus(); return true; },
    m: () => { const more = form()?.querySelector("details[data-more]"); if (!more) return false; more.open = !more.open; if (more.open) field("started_at").focus(); return true; },
  };

  document.addEventListener("keydown", (event) => {
    if (!form() || composing(event) || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const target = event.target instanceof Element ? event.target : document.body;
    const question = target.closest("#call-form .question");
    const isText = target.matches(TEXT) || target.isContentEditable;
    let done = false;
    if (question && event.key === "Enter" && target.matches("input") && isText) done = target.matches(".because") || !wantsWhy(question) ? next(question) : true;
    else if (question && !isText && /^[0-9]$/.test(event.key)) done = choose(question, event.key);
    else if (!isText && !event.repeat) done = PRESSED[event.key.toLowerCase()]?.() ?? false;
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  // Whether the answers that judge are those of a satisfied customer.
  const isBad = (question) => answers(question).some((answer) => {
    const { good, goodfrom } = question.dataset;
    return good !== undefined ? !good.split("|").includes(answer) : goodfrom !== undefined && Number(answer) < Number(goodfrom);
  });
  const showDispleasure = () => {
    const panel = form()?.querySelector("[data-displeased]");
    if (!panel) return;
    const told = field("displeasure").value.trim() || panel.querySelector("input:checked");
    const bad = all("[data-good], [data-goodfrom]").some(isBad) || form().querySelector("[name=satisfied][value=no]:checked");
    panel.hidden = !(bad || told);
  };

  const moment = (name) => Date.parse(`${field(name)?.value}Z`);
  const seconds = () => (moment("ended_at") - moment("started_at")) / 1000;
  const clock = (count) => `${Math.floor(count / 60)}:${String(Math.round(count % 60)).padStart(2, "0")}`;
  const showLength = () => {
    const length = field("lasted");
    if (length && document.activeElement !== length && seconds() >= 0) length.value = clock(seconds());
    const panel = form()?.querySelector("[data-length-reason]");
    const opened = form()?.querySelector("details[data-more]")?.open || form()?.dataset.asked;
    if (panel) panel.hidden = !panel.dataset.always && !opened && !(outOfBounds() && seconds() >= 0);
  };
  const outOfBounds = () => {
    const panel = form()?.querySelector("[data-length-reason]");
    if (!panel || form().querySelector("[name=outcome]:checked")?.value !== "reached") return false;
    const count = seconds();
    const { min, max } = panel.dataset;
    const complaint = form().querySelector("[name=complaint]:checked");
    return !(count >= 0) || (min && count < Number(min)) || (max && !complaint && count > Number(max));
  };
  const reckonEnd = () => {
    const [minutes, rest] = field("lasted").value.normalize("NFKC").trim().split(":");
    const began = moment("started_at");
    if (!/^\d{1,4}$/.test(minutes) || !/^\d{0,2}$/.test(rest ?? "") || Number.isNaN(began)) return;
    field("ended_at").value = new Date(began + (Number(minutes) * 60 + Number(rest || 0)) * 1000).toISOString().slice(0, 19);
  };

  // A call out of its bounds is asked once why; who presses save again has said that there is no reason.
  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    showLength();
    const panel = form().querySelector("[data-length-reason]");
    if (!panel || form().dataset.asked || !outOfBounds() || field("reason").value.trim()) return;
    form().dataset.asked = "yes";
    panel.hidden = false;
    event.preventDefault();
    event.stopPropagation();
    (seconds() >= 0 ? field("reason") : field("lasted")).focus();
    panel.scrollIntoView({ block: "nearest" });
  }, true);

  const show = () => { showDispleasure(); showLength(); };
  document.addEventListener("input", (event) => {
    if (event.target.form !== form() || !form()) return;
    if (event.target.name === "lasted") reckonEnd();
    show();
  });
  document.addEventListener("change", (event) => { if (form() && event.target.form === form()) show(); });
  document.addEventListener("toggle", (event) => { if (event.target.matches?.("[data-more]")) show(); }, true);
  document.addEventListener("huifang:filled", show);
  document.addEventListener("huifang:typed", show);
  document.addEventListener("htmx:afterSettle", show);
  show();
})();
