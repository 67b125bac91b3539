"use strict";
// The customer signs a work order with finger, pen or mouse; the picture is handed in with the form as its file.
(() => {
  const form = document.querySelector("[data-signing]")?.closest("form");
  const field = form?.querySelector("canvas");
  const file = form?.querySelector("input[type=file]");
  if (!field || !file) return;
  const pen = field.getContext("2d");
  let last = null;
  let drawn = false;

  const clear = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, field.width, field.height);
    pen.strokeStyle = "#10203a";
    pen.lineWidth = 4;
    pen.lineCap = pen.lineJoin = "round";
    drawn = false;
  };

  const place = (event) => {
    const box = field.getBoundingClientRect();
    return [(event.clientX - box.left) * field.width / box.width, (event.clientY - box.top) * field.height / box.height];
  };

  field.addEventListener("pointerdown", (event) => {
    field.setPointerCapture(event.pointerId);
    last = place(event);
  });
  field.addEventListener("pointermove", (event) => {
    if (!last) return;
    const here = place(event);
    pen.beginPath();
    pen.moveTo(...last);
    pen.lineTo(...here);
    pen.stroke();
    last = here;
    drawn = true;
  });
  ["pointerup", "pointercancel"].forEach((name) => field.addEventListener(name, () => { last = null; }));
  form.querySelector("[data-signing-clear]")?.addEventListener("click", clear);

  form.addEventListener("submit", (event) => {
    if (!drawn || file.files.length) return;
    event.preventDefault();
    field.toBlob((blob) => {
      const carried = new DataTransfer();
      carried.items.add(new File([blob], "signature.png", { type: "image/png" }));
      file.files = carried.files;
      form.submit();
    }, "image/png");
  });
  form.querySelector("[data-signing]").hidden = false;
  clear();
})();
