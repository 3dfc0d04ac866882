// A menu whose entries are a block of the page its link leads to; where scripts do not run, that page opens.
const menu = Object.assign(document.createElement("div"), { id: "page-menu", className: "menu", popover: "auto", role: "group" });
let wanted = null;
let openBefore = null;
menu.dataset.nav = "";

async function open(link) {
  wanted = link;
  menu.replaceChildren();
  menu.ariaLabel = link.ariaLabel;
  link.after(menu);
  await htmx.ajax("GET", link.getAttribute("href"), { target: "#page-menu", swap: "innerHTML" });
  if (wanted !== link || !menu.firstElementChild || !menu.isConnected) return;
  menu.showPopover({ source: link });
  menu.querySelector("a, button").focus();
}

menu.addEventListener("toggle", (event) => {
  menu.previousElementSibling?.setAttribute("aria-expanded", event.newState === "open");
});

// Pressing the link of an open menu closes it before the click arrives.
document.addEventListener("pointerdown", () => {
  openBefore = menu.matches(":popover-open") ? menu.previousElementSibling : null;
}, true);

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-menu]") : null;
  if (!link || !globalThis.htmx || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link !== openBefore) open(link);
  openBefore = null;
});
