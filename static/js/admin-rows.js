// Rows of a list in Django admin: add, take out, move. Without this script the last, empty row and the tick boxes do.
(() => {
  "use strict";
  const KINDS = "input, select, textarea, label, p, ul, fieldset, span";

  function directRows(rows) {
    return [...rows.querySelector("ol").children];
  }

  function total(rows) {
    return rows.querySelector(":scope > input[name$='-TOTAL_FORMS']");
  }

  function renumbered(row, prefix, number) {
    const from = new RegExp("^(id_)?" + prefix.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") + "-\\d+(?=-|$)");
    const to = (_all, id) => `${id || ""}${prefix}-${number}`;
    for (const element of [row, ...row.querySelectorAll(KINDS)]) {
      for (const name of ["id", "name", "for", "aria-describedby"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.split(" ").map((one) => one.replace(from, to)).join(" "));
      }
    }
    return row;
  }

  function order(rows) {
    let place = 1;
    for (const row of directRows(rows)) {
      const input = row.querySelector(":scope > .row-tools input[name$='-ORDER']");
      if (!row.hidden && input) input.value = place++;
    }
  }

  function tool(row, sign, words, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "row-tool";
    button.textContent = sign;
    button.setAttribute("aria-label", words);
    button.title = words;
    button.addEventListener("click", act);
    row.querySelector(":scope > .row-tools").append(button);
  }

  function neighbour(row, way) {
    let found = row[way];
    while (found && found.hidden) found = found[way];
    return found;
  }

  function equip(rows, row, words) {
    const tools = row.querySelector(":scope > .row-tools");
    tools.querySelectorAll("button").forEach((button) => button.remove());
    tools.classList.add("scripted");
    tool(row, "↑", words.up, () => {
      const before = neighbour(row, "previousElementSibling");
      if (before) before.before(row);
      order(rows);
    });
    tool(row, "↓", words.down, () => {
      const after = neighbour(row, "nextElementSibling");
      if (after) after.after(row);
      order(rows);
    });
    tool(row, "×", words.out, () => {
      row.querySelector(":scope > .row-tools input[name$='-DELETE']").checked = true;
      row.hidden = true;
      rows.querySelector(":scope > .row-more > .row-add").focus();
    });
  }

  function begin(rows) {
    if (rows.dataset.begun) return;
    const add = rows.querySelector(":scope > .row-more > .row-add");
    const words = { up: add.dataset.up, down: add.dataset.down, out: add.dataset.out };
    const items = directRows(rows);
    const last = items[items.length - 1];
    const pristine = last.cloneNode(true);
    rows.dataset.begun = "yes";
    items.forEach((row) => equip(rows, row, words));
    if (last.classList.contains("blank") && rows.dataset.keep !== "yes") last.hidden = true;
    add.hidden = false;
    add.addEventListener("click", () => {
      const unused = directRows(rows).find((row) => row.hidden && row.classList.contains("blank"));
      let row = unused;
      if (row) {
        row.classList.remove("blank");
        row.hidden = false;
      } else {
        const prefix = total(rows).name.replace(/-TOTAL_FORMS$/, "");
        row = renumbered(pristine.cloneNode(true), prefix, Number(total(rows).value));
        row.classList.remove("blank");
        total(rows).value = Number(total(rows).value) + 1;
        rows.querySelector("ol").append(row);
        equip(rows, row, words);
        row.querySelectorAll(".rows").forEach(begin);
      }
      order(rows);
      const first = row.querySelector(".row-body input:not([type=hidden]), .row-body select, .row-body textarea");
      if (first) first.focus();
    });
  }

  function otherColumn(select) {
    const column = select.closest(".condition").querySelector(".condition-column");
    column.hidden = select.value !== "";
  }

  function start(inside) {
    inside.querySelectorAll(".rows").forEach(begin);
    inside.querySelectorAll(".condition-field select").forEach(otherColumn);
  }

  document.addEventListener("change", (event) => {
    if (event.target.closest(".condition-field")) otherColumn(event.target);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest(".row-add")) {
      event.target.closest(".rows").querySelectorAll(".condition-field select").forEach(otherColumn);
    }
  });
  document.addEventListener("formset:added", (event) => {
    event.target.querySelectorAll(".rows[data-begun]").forEach((rows) => delete rows.dataset.begun);
    start(event.target);
  });
  document.querySelectorAll(".inline-related:not(.empty-form), form > div > fieldset, .tools").forEach(start);
})();
