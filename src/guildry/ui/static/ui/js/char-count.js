// Counts down what is left of a text's limit, and speaks only when it gets close.
customElements.define("char-count", class extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("textarea, input");
    this.left = this.querySelector("[data-left]");
    this.ended = new AbortController();
    this.field?.addEventListener("input", () => this.tell(), { signal: this.ended.signal });
    this.tell();
  }

  disconnectedCallback() {
    this.ended.abort();
  }

  tell() {
    const limit = this.field?.maxLength ?? 0;
    if (limit <= 0 || !this.left) return;
    const left = limit - this.field.value.length;
    this.left.textContent = `${left.toLocaleString("en-GB")} characters left`;
    this.left.ariaLive = left < 20 ? "polite" : "off";
  }
});
