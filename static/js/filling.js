/* Comfort while filling in: the server saves each field as it is left; this only tells what a lost line means. */
"use strict";

(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const offline = form.querySelector("[data-offline]");
  let unsaved = false;

  function lost() {
    unsaved = true;
    offline.hidden = false;
  }
  function again() {
    if (unsaved) form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  form.addEventListener("htmx:sendError", lost);
  form.addEventListener("htmx:timeout", lost);
  form.addEventListener("htmx:responseError", lost);
  form.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    unsaved = false;
    offline.hidden = true;
  });

  /* A save on its way may hold half a word. The step's button waits for its answer, else the page would
     meet its own half word as if somebody else had written it. */
  let onItsWay = "";
  let pressed = null;

  function held() {
    const data = new FormData(form);
    data.delete("was");
    return new URLSearchParams(data).toString();
  }
  function goOn() {
    const button = pressed;
    onItsWay = "";
    pressed = null;
    if (button) form.requestSubmit(button);
  }

  form.addEventListener("htmx:beforeRequest", () => { onItsWay = held(); });
  form.addEventListener("htmx:afterRequest", goOn);
  form.addEventListener("submit", (event) => {
    if (!onItsWay || onItsWay === held()) return;
    event.preventDefault();
    if (pressed) return;
    pressed = event.submitter;
    window.setTimeout(goOn, 8000);
  });
  window.addEventListener("online", again);
  window.setInterval(() => { if (navigator.onLine) again(); }, 20000);

  /* The technique that is picked stands in its field at once. */
  form.addEventListener("change", (event) => {
    if (event.target.name === "picked") form.elements.technique.value = event.target.value;
  }, true);

  /* A page that is left while a field is being typed into still sends that field. */
  document.addEventListener("visibilitychange", () => {
    const field = document.activeElement;
    if (document.visibilityState === "hidden" && form.contains(field)) {
      const data = new FormData(form);
      navigator.sendBeacon(form.getAttribute("hx-post"), data);
    }
  });

  /* An error that came with a saved field belongs to its input. */
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    const note = event.detail.target;
    if (!note.id || !note.id.startsWith("note-")) return;
    const name = note.id.slice(5);
    form.querySelectorAll(`[name="${CSS.escape(name)}"]`).forEach((input) => {
      const error = note.querySelector(".field-error");
      if (error) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    });
  });
})();

/* Papers go up as they are chosen. One that is too large is told at once, before the line is used for it. */
(() => {
  const form = document.querySelector("form[data-papers]");
  if (!form) return;
  const most = Number(form.dataset.most);
  const progress = form.querySelector("[data-progress]");
  const note = form.querySelector("[data-too-large]");
  const offline = form.querySelector("[data-offline]");
  let chosen = null;

  form.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type !== "file") return;
    chosen = input.closest("section") || form;
    const large = [...input.files].find((file) => file.size > most);
    note.hidden = !large;
    offline.hidden = true;
    if (!large) return;
    note.querySelector("[data-name]").textContent = large.name;
    chosen.append(note);
    input.value = "";
    event.stopPropagation();
  }, true);
  form.addEventListener("htmx:xhr:loadstart", () => { progress.hidden = false; progress.firstElementChild.value = 0; });
  form.addEventListener("htmx:xhr:progress", (event) => {
    if (event.detail.lengthComputable) progress.firstElementChild.value = event.detail.loaded / event.detail.total;
  });
  form.addEventListener("htmx:afterRequest", () => { progress.hidden = true; });
  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((lost) => {
    form.addEventListener(lost, () => {
      (chosen || form).append(offline);
      offline.hidden = false;
    });
  });
})();
