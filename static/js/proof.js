"use strict";
// Files that prove a visit: chosen, dropped, pasted, photographed or drawn, and handed in while the call goes on.
(() => {
  const panel = () => document.querySelector("#proof[data-send]");
  const list = () => document.querySelector("[data-proof-files]");
  const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
  let running = 0;
  let saving = null;

  const line = (words) => {
    const item = document.createElement("li");
    item.className = "proof-file waiting";
    const told = document.createElement("span");
    told.className = "proof-told";
    told.setAttribute("role", "status");
    told.textContent = words;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.setAttribute("aria-label", words);
    item.append(told, bar);
    list()?.append(item);
    return { item, told, bar };
  };

  const failed = (shown, words, again) => {
    shown.bar.remove();
    shown.told.textContent = words;
    shown.told.setAttribute("role", "alert");
    if (!again) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = panel()?.dataset.again || "";
    button.addEventListener("click", () => { shown.item.remove(); again(); });
    shown.item.append(button);
  };

  // Lines of files that are still on their way, or could not be sent, outlive the answer about another file.
  const show = (html) => {
    const old = document.querySelector("#proof");
    const made = document.createRange().createContextualFragment(html).querySelector("#proof");
    if (!old || !made) return false;
    const kept = [...old.querySelectorAll(".waiting")];
    old.replaceWith(made);
    kept.forEach((item) => list().append(item));
    window.htmx?.process(made);
    showPad();
    return true;
  };

  const done = () => {
    running -= 1;
    if (running || !saving) return;
    const form = saving;
    saving = null;
    if (form.isConnected && !document.querySelector(".proof-file [role=alert]")) form.requestSubmit();
  };

  const send = (file, kind, to = panel()?.dataset) => {
    if (!to) return;
    const shown = line(to.waiting);
    if (file.size > Number(to.largest)) { failed(shown, to.tooLarge); return; }
    running += 1;
    const again = () => send(file, kind, to);
    const body = new FormData();
    body.append("kind", kind);
    body.append("made", String(file.lastModified || ""));
    body.append("file", file, "file");  // its name may hold a number, and is not told
    const request = new XMLHttpRequest();
    request.open("POST", to.send);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) shown.bar.value = event.loaded / event.total; });
    request.addEventListener("load", () => {
      if (request.status === 401) failed(shown, to.expired, again);
      else if (panel()?.dataset.send !== to.send) shown.item.remove();
      else {
        shown.item.remove();
        if (!show(request.responseText)) { const lost = line(""); failed(lost, to.lost, again); }
      }
      done();
    });
    request.addEventListener("error", () => { failed(shown, to.lost, again); done(); });
    request.send(body);
  };

  const kindOf = (file) => (file.type.startsWith("audio/") ? "recording" : document.querySelector("[data-proof-kind]")?.value || "");
  const sendAll = (files) => [...files].forEach((file) => send(file, kindOf(file)));

  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-proof-file]")) {
      sendAll(event.target.files);
      event.target.value = "";
      event.target.blur();  // the keys would rest in it
    }
    if (event.target.matches?.("#call-form select[name=channel]")) showPad();
  });

  const carries = (event) => panel() && [...(event.dataTransfer?.types || [])].includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    panel().classList.add("over");
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) panel()?.classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    panel().classList.remove("over");
    sendAll(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files || [])];
    if (!panel() || !files.length) return;
    event.preventDefault();
    sendAll(files);
  });

  // A visit that is saved while a file is on its way waits for it: else the file would come too late to prove it.
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "call-form" || !running) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!saving) {
      const told = line(panel()?.dataset.saving || "");
      told.bar.remove();
      told.item.scrollIntoView({ block: "center" });
    }
    saving = event.target;
  }, true);

  // The signature: drawn with finger, pen or mouse.
  const pad = () => document.querySelector("[data-proof-pad]");
  const canvas = () => pad()?.querySelector("canvas");
  let drawn = false;
  let last = null;

  const clear = () => {
    const field = canvas();
    if (!field) return;
    const pen = field.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, field.width, field.height);
    pen.strokeStyle = "#10203a";
    pen.lineWidth = 4;
    pen.lineCap = pen.lineJoin = "round";
    drawn = false;
  };

  const showPad = () => {
    const button = document.querySelector("[data-proof-sign]");
    const channel = document.querySelector("#call-form select[name=channel]")?.value;
    if (button && channel) button.hidden = channel !== "onsite";
  };

  const place = (event) => {
    const box = event.target.getBoundingClientRect();
    return [(event.clientX - box.left) * event.target.width / box.width, (event.clientY - box.top) * event.target.height / box.height];
  };

  document.addEventListener("pointerdown", (event) => {
    if (event.target !== canvas()) return;
    event.target.setPointerCapture(event.pointerId);
    last = place(event);
  });
  document.addEventListener("pointermove", (event) => {
    if (!last || event.target !== canvas()) return;
    const here = place(event);
    const pen = event.target.getContext("2d");
    pen.beginPath();
    pen.moveTo(...last);
    pen.lineTo(...here);
    pen.stroke();
    last = here;
    drawn = true;
  });
  ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, () => { last = null; }));

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-proof-sign]");
    if (button) {
      pad().hidden = !pad().hidden;
      button.setAttribute("aria-expanded", String(!pad().hidden));
      clear();
      if (!pad().hidden) pad().scrollIntoView({ block: "center" });
    }
    if (event.target.closest("[data-pad-clear]")) clear();
    if (event.target.closest("[data-pad-take]") && drawn) {
      canvas().toBlob((blob) => send(new File([blob], "signature.png", { type: "image/png" }), "signature"), "image/png");
    }
  });

  document.addEventListener("htmx:afterSettle", showPad);
  showPad();
})();
