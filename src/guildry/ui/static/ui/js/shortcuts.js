// Shortcuts of the whole site; every one is listed under ? and those of one key can be switched off.
const SWITCHED_OFF = "single-keys-off";
const isWriting = (target) => target instanceof Element
  && target.closest("input:not([type=checkbox],[type=radio]), textarea, select, [contenteditable]");
const areOff = () => localStorage.getItem(SWITCHED_OFF) === "1";
const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
let afterG = 0;

function follow(selector) {
  const link = document.querySelector(selector);
  link?.click();
  return Boolean(link);
}

function search() {
  const field = document.querySelector("#search");
  if (!field?.checkVisibility()) return tell("shell:overlay", "/ui/palette/");
  field.focus();
}

const KEYS = {
  "/": search,
  "?": () => tell("shell:overlay", "/ui/keyboard/"),
  t: () => tell("shell:theme"),
  c: () => follow("main a[data-create], #m-create a"),
  g: () => { afterG = Date.now(); },
};

function single(event) {
  const isAfterG = Date.now() - afterG < 1200;
  afterG = 0;
  if (isAfterG && /^[a-z]$/.test(event.key)) return follow(`[data-go="${event.key}"]`);
  if (!Object.hasOwn(KEYS, event.key)) return false;
  KEYS[event.key]();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "k") {
    event.preventDefault();
    tell("shell:overlay", "/ui/palette/");
  } else if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    event.target.form?.requestSubmit();
  } else if (!event.ctrlKey && !event.metaKey && !event.altKey && !isWriting(event.target) && !areOff()) {
    if (!document.querySelector("dialog:modal") && single(event)) event.preventDefault();
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-single-keys]")) {
    localStorage.setItem(SWITCHED_OFF, event.target.checked ? "0" : "1");
  }
});

function showChoice() {
  for (const box of document.querySelectorAll("[data-single-keys]")) box.checked = !areOff();
}
document.addEventListener("htmx:after:swap", showChoice);
showChoice();
