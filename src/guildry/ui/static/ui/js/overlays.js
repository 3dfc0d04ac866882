// Dialogs that few visits need are fetched when asked for; without htmx, or where there is no room, their pages open instead.
const room = matchMedia("(width >= 46rem)");
const overlay = () => document.querySelector("#overlay");

async function openOverlay(address) {
  if (!globalThis.htmx) return location.assign(address);
  const page = new URL(address, location.href);
  page.searchParams.set("dialog", "");
  await htmx.ajax("GET", page.pathname + page.search, { target: "#overlay", swap: "innerHTML" });
  overlay().querySelector("dialog")?.showModal();
}

function part(name, className, content = "") {
  return Object.assign(document.createElement(name), { className, textContent: content });
}

function frameFor(title) {
  const frame = part("dialog", "page-dialog");
  const header = part("header", "");
  const way = part("form", "");
  const close = part("button", "btn btn-ghost btn-sm", "Close");
  const heading = part("h2", "", title);
  way.method = "dialog";
  heading.id = "page-dialog-title";
  frame.setAttribute("aria-labelledby", heading.id);
  way.append(close);
  header.append(heading, way);
  frame.append(header, Object.assign(part("div", "body"), { id: "page-dialog" }));
  frame.addEventListener("close", () => frame.remove());
  return frame;
}

// A page that also knows how to be one block of itself, in a dialog.
async function openPage(link) {
  const frame = frameFor(link.dataset.dialog);
  overlay().replaceChildren(frame);
  frame.showModal();
  await htmx.ajax("GET", link.getAttribute("href"), { target: "#page-dialog", swap: "innerHTML" });
  frame.querySelector("textarea, input:not([type=hidden])")?.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element
    ? event.target.closest("a[data-shortcuts], a[data-palette], a[data-dialog]") : null;
  if (!link || !globalThis.htmx || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const wantsRoom = "dialog" in link.dataset;
  if (wantsRoom && !room.matches) return;
  event.preventDefault();
  if (wantsRoom) openPage(link);
  else openOverlay(link.href);
});
document.addEventListener("shell:overlay", (event) => openOverlay(event.detail));
