// The shell of every page: theme, toasts, copying, dialogs, connection, and the token of htmx requests.
const ISLANDS = ["cmd-palette", "combo-box", "md-editor", "autosave-form", "char-count", "wait-out"];
const root = document.documentElement;
const closest = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

function switchTheme() {
  const isDark = getComputedStyle(root).colorScheme === "dark"
    || (!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = isDark ? "light" : "dark";
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${root.dataset.theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

document.addEventListener("click", (event) => {
  const theme = closest(event, "[data-theme-toggle]");
  const copy = closest(event, "[data-copy]");
  if (theme) { event.preventDefault(); switchTheme(); }
  if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => { copy.lastChild.textContent = "Copied"; });
  closest(event, "[data-dismiss]")?.closest(".toast")?.remove();
});
document.addEventListener("shell:theme", switchTheme);

document.addEventListener("focusout", (event) => {
  const panel = closest(event, "[popover][data-nav]");
  const next = event.relatedTarget;
  if (panel && next && !panel.contains(next) && next !== panel.previousElementSibling && panel.matches(":popover-open")) {
    panel.hidePopover();
  }
});

// What went well may leave by itself after eight seconds unless somebody is reading it; errors stay.
function watchToasts() {
  for (const toast of document.querySelectorAll("#toasts > [role=status]:not([data-watched])")) {
    toast.dataset.watched = "";
    let left = setTimeout(() => toast.remove(), 8000);
    toast.addEventListener("pointerenter", () => clearTimeout(left));
    toast.addEventListener("focusin", () => clearTimeout(left));
    toast.addEventListener("pointerleave", () => { left = setTimeout(() => toast.remove(), 4000); });
  }
}

function focusProblem(scope) {
  scope.querySelector?.("[data-focus]")?.focus();
}

document.addEventListener("htmx:config:request", (event) => {
  const { request } = event.detail.ctx;
  const token = document.body.dataset.csrf;
  const isOurs = new URL(request.action, location.href).origin === location.origin;
  if (token && isOurs && request.method !== "GET") request.headers["X-CSRFToken"] = token;
});
document.addEventListener("htmx:after:swap", () => { watchToasts(); loadIslands(); focusProblem(document); });

// What only some pages have is loaded where it is found.
function loadIslands() {
  const wanted = ISLANDS.filter((name) => document.querySelector(name));
  if (document.querySelector("[role=feed]")) wanted.push("feed-keys");
  if (document.querySelector("[data-card]")) wanted.push("hover-card");
  if (document.querySelector("[data-menu]")) wanted.push("page-menu");
  for (const name of wanted) import(`${import.meta.url.slice(0, -3)}/${name}.js`);
  for (const island of document.querySelectorAll("[data-island]")) import(island.dataset.island);
}

function showConnection() {
  document.querySelector(".offline-bar")?.remove();
  if (navigator.onLine) return;
  const bar = document.createElement("p");
  bar.className = "offline-bar";
  bar.role = "status";
  bar.textContent = "You are offline. What you see may be older than it looks.";
  document.body.prepend(bar);
}
addEventListener("online", showConnection);
addEventListener("offline", showConnection);

// A bar that scrolls sideways begins where the reader is.
for (const here of document.querySelectorAll("nav [aria-current=page]")) {
  const bar = here.closest("ul, .tabs, .sections");
  if (bar && bar.scrollWidth > bar.clientWidth) bar.scrollLeft = here.offsetLeft - bar.offsetLeft - 16;
}
showConnection();
loadIslands();
watchToasts();
focusProblem(document);
