// A glance at whoever a link leads to, once the pointer rests on it; leaving or Escape puts it away.
const REST = 450;
const GRACE = 220;
const hovers = matchMedia("(hover: hover) and (pointer: fine)");
const known = new Map();
const card = Object.assign(document.createElement("div"), { id: "hover-card", className: "hover-card", popover: "manual" });
let coming;
let going;

async function show(link) {
  const address = link.getAttribute("href");
  document.body.append(card);
  if (known.has(address)) card.replaceChildren(...known.get(address));
  else {
    card.replaceChildren();
    await htmx.ajax("GET", address, { target: "#hover-card", swap: "innerHTML" });
    known.set(address, [...card.children]);
  }
  if (!card.firstElementChild || !link.isConnected || !link.matches(":hover")) return;
  card.showPopover();
  place(link.getBoundingClientRect());
}

function place(box) {
  const { width, height } = card.getBoundingClientRect();
  const below = box.bottom + 8 + height < innerHeight;
  card.style.insetInlineStart = "auto";
  card.style.left = `${Math.max(8, Math.min(box.left - 12, innerWidth - width - 8))}px`;
  card.style.top = `${below ? box.bottom + 8 : Math.max(8, box.top - height - 8)}px`;
}

function hide() {
  clearTimeout(coming);
  if (card.matches(":popover-open")) card.hidePopover();
}

document.addEventListener("pointerover", (event) => {
  if (!hovers.matches || !globalThis.htmx || !(event.target instanceof Element)) return;
  const link = event.target.closest("a[data-card]");
  if (!link && !card.contains(event.target)) return;
  clearTimeout(going);
  if (link) {
    clearTimeout(coming);
    coming = setTimeout(() => show(link), REST);
  }
});
document.addEventListener("pointerout", (event) => {
  if (!(event.target instanceof Element) || !event.target.closest("a[data-card], #hover-card")) return;
  clearTimeout(coming);
  going = setTimeout(hide, GRACE);
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
document.addEventListener("scroll", hide, { passive: true, capture: true });
