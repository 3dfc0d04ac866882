// Keys for any list of posts: j and k align a post to the top, and its buttons answer to their letters.
const ACTIONS = { l: '[data-key="l"]', r: '[data-key="r"]', s: '[data-key="s"]', o: '[data-key="o"], header a time' };
const posts = (feed) => [...feed.querySelectorAll(":scope > article")];

function go(post) {
  if (!post) return false;
  post.focus({ preventScroll: true });
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  post.scrollIntoView({ block: "start", behavior: isStill ? "auto" : "smooth" });
  return true;
}

function step(feed, direction) {
  const all = posts(feed);
  const current = document.activeElement?.closest("article");
  const place = all.indexOf(current);
  if (place >= 0) return go(all[place + direction]);
  const below = all.find((post) => post.getBoundingClientRect().bottom > 80);
  return go(direction > 0 ? below : all[all.indexOf(below) - 1]);
}

function leave(feed, direction) {
  const focusable = [...document.querySelectorAll("a[href], button, input, select, textarea")]
    .filter((element) => !feed.contains(element) && element.checkVisibility());
  const mask = direction > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
  const there = focusable.filter((element) => feed.compareDocumentPosition(element) & mask);
  there.at(direction > 0 ? 0 : -1)?.focus();
  return there.length > 0;
}

function press(control) {
  control?.click();
  return Boolean(control);
}

function answer(event, feed) {
  const inside = document.activeElement?.closest("[role=feed] > article");
  if (event.ctrlKey || event.metaKey) {
    if (!inside || !["End", "Home"].includes(event.key)) return false;
    return leave(feed, event.key === "End" ? 1 : -1);
  }
  if (inside && event.key === "PageDown") return step(feed, 1);
  if (inside && event.key === "PageUp") return step(feed, -1);
  if (localStorage.getItem("single-keys-off") === "1") return false;
  if (event.key === "j") return step(feed, 1);
  if (event.key === "k") return step(feed, -1);
  if (event.key === ".") return press(document.querySelector(".new-pill"));
  return Object.hasOwn(ACTIONS, event.key) && press(inside?.querySelector(ACTIONS[event.key]));
}

document.addEventListener("keydown", (event) => {
  const feed = document.querySelector("[role=feed]");
  const isWriting = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
  if (!feed || isWriting || event.altKey || event.defaultPrevented || document.querySelector("dialog:modal")) return;
  if (answer(event, feed)) event.preventDefault();
});
