// A list of posts: numbers them, loads a few pages by itself, and hears of new posts and moving counts.
const BY_ITSELF = 3;
const SPREAD = 400;

class TimelineFeed extends HTMLElement {
  connectedCallback() {
    this.ended = new AbortController();
    const { signal } = this.ended;
    this.loaded = 0;
    this.moved = new Map();
    this.watcher = new IntersectionObserver((seen) => this.reachEnd(seen), { rootMargin: "600px" });
    this.addEventListener("click", (event) => this.noticeClick(event), { signal });
    this.addEventListener("htmx:after:swap", () => this.settle(), { signal });
    this.settle();
    if ("live" in this.dataset) this.listen(signal);
  }

  disconnectedCallback() {
    this.ended.abort();
    this.watcher.disconnect();
  }

  settle() {
    const posts = this.querySelectorAll("[role=feed] > article");
    posts.forEach((post, place) => {
      post.ariaPosInSet = place + 1;
      post.ariaSetSize = -1;
    });
    if (this.wantsFirst && posts.length) {
      this.wantsFirst = false;
      posts[0].focus({ preventScroll: true });
      posts[0].scrollIntoView({ block: "start" });
    }
    this.watcher.disconnect();
    const more = this.querySelector("#more > a");
    if (more) this.watcher.observe(more);
  }

  noticeClick(event) {
    if (event.target.closest(".new-pill")) this.wantsFirst = true;
  }

  // The end of the page must stay within reach, so only the first pages come without being asked for.
  reachEnd(seen) {
    const more = seen.find((entry) => entry.isIntersecting)?.target;
    if (!more || this.loaded >= BY_ITSELF) return;
    this.loaded += 1;
    more.click();
  }

  async listen(signal) {
    const { live } = await import("/static/realtime/live.js");
    if (signal.aborted) return;
    const gateway = live("/timeline");
    signal.addEventListener("abort", () => gateway.close());
    gateway.on("reset", () => this.askForNew());
    gateway.on("post.new", () => this.askForNew());
    gateway.on("post.gone", () => this.askForNew());
    gateway.on("post.counts", (counts) => this.moveCounts(counts));
  }

  // Readers ask at slightly different moments, so that one post does not bring them all at once.
  askForNew() {
    clearTimeout(this.asking);
    this.asking = setTimeout(() => {
      this.querySelector("[data-new]")?.dispatchEvent(new Event("post-new"));
    }, 100 + Math.random() * SPREAD);
  }

  moveCounts(counts) {
    if (!this.moved.size) requestAnimationFrame(() => this.showCounts());
    this.moved.set(counts.post_id, counts);
  }

  showCounts() {
    for (const [post, counts] of this.moved) {
      for (const place of this.querySelectorAll(`[data-post="${post}"] [data-count]`)) {
        if (place.dataset.count in counts) place.dataset.n = place.textContent = counts[place.dataset.count];
      }
    }
    this.moved.clear();
  }
}

// What a button on a post asks for changes its card alone; without scripts its form is sent as any other.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  const post = button?.closest("article[data-post]");
  if (!post || event.target.id !== "acts" || !globalThis.htmx) return;
  event.preventDefault();
  const values = { card: post.id.slice(5) };
  if (button.name) values[button.name] = button.value;
  button.closest("[popover]")?.hidePopover();
  htmx.ajax("POST", button.formAction, { source: post, target: `#${post.id}`, swap: button.dataset.swap ?? "outerMorph", values });
});

customElements.define("timeline-feed", TimelineFeed);
