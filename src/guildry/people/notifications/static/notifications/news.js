// One's own news, live: the bell's number, a word for screen readers, and the open list of notifications.
const TOLD_FOR = 10000;

class NewsAnnouncer extends HTMLElement {
  connectedCallback() {
    this.className = "vh";
    this.role = "status";
    this.listen();
  }

  disconnectedCallback() {
    this.gateway?.close();
  }

  async listen() {
    const { live } = await import("/static/realtime/live.js");
    if (!this.isConnected) return;
    this.gateway = live("/me");
    this.gateway.on("notification", (news) => this.tell(news));
    this.gateway.on("counters", () => this.refresh());
    this.gateway.on("reset", () => this.refresh());
  }

  tell(news) {
    this.textContent = `New notification: ${news.text}`;
    clearTimeout(this.telling);
    this.telling = setTimeout(() => (this.textContent = ""), TOLD_FOR);
  }

  // The shell asks again for the number beside the bell, and an open list for what stands in it.
  refresh() {
    document.body.dispatchEvent(new Event("badge-notifications"));
    document.body.dispatchEvent(new Event("news"));
  }
}

class NewsList extends HTMLElement {
  connectedCallback() {
    this.ended = new AbortController();
    const { signal } = this.ended;
    this.addEventListener("click", (event) => this.read(event), { signal });
    this.addEventListener("auxclick", (event) => this.read(event), { signal });
    document.addEventListener("visibilitychange", () => this.look(), { signal });
    this.look();
  }

  disconnectedCallback() {
    this.ended.abort();
  }

  // Following the link of a notification reads it; the page that opens need not wait for that.
  read(event) {
    const link = event.target.closest("a[data-read]");
    const form = link && document.getElementById(link.dataset.read);
    if (form) send(form);
  }

  look() {
    const form = this.querySelector("form[data-seen]");
    const newest = Number(form?.elements.up_to.value ?? 0);
    if (document.visibilityState !== "visible" || newest <= (this.looked ?? 0)) return;
    this.looked = newest;
    send(form);
  }
}

function send(form) {
  return fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true });
}

customElements.define("news-announcer", NewsAnnouncer);
customElements.define("news-list", NewsList);
if (document.getElementById("badge-notifications")) document.body.append(document.createElement("news-announcer"));
