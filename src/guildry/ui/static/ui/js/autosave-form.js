// Saves a form while it is being written, and says so; the first save wins over a second in flight.
customElements.define("autosave-form", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.note = this.querySelector("[data-autosave-note] span") ?? this.querySelector("[data-autosave-note]");
    this.ended = new AbortController();
    this.form?.addEventListener("input", () => this.soon(), { signal: this.ended.signal });
  }

  disconnectedCallback() {
    this.ended.abort();
    clearTimeout(this.wait);
  }

  soon() {
    this.say("Not saved yet");
    clearTimeout(this.wait);
    this.wait = setTimeout(() => this.save(), Number(this.dataset.after ?? 800));
  }

  async save() {
    if (this.busy) return this.soon();
    this.busy = true;
    try {
      const answer = await fetch(this.dataset.address ?? this.form.action, {
        method: "POST", body: new FormData(this.form), headers: { "X-Autosave": "1", Accept: "application/json" },
      });
      this.say(answer.ok ? "Saved just now" : "Could not save. Your text is still here");
    } catch {
      this.say("Offline. Your text is still here");
    } finally {
      this.busy = false;
    }
  }

  say(text) {
    if (this.note) this.note.textContent = text;
  }
});
