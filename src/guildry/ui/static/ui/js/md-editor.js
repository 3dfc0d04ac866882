// A textarea for Markdown: its toolbar wraps the selection, its preview comes from the server.
const MARKS = {
  bold: ["**", "**"], italic: ["_", "_"], code: ["`", "`"], link: ["[", "](https://)"], quote: ["\n> ", ""], list: ["\n- ", ""],
};

customElements.define("md-editor", class extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("textarea");
    this.pane = this.querySelector("[data-md-preview]");
    const tools = this.querySelector("[role=toolbar]");
    if (!this.field || !tools) return;
    tools.hidden = false;
    this.ended = new AbortController();
    const { signal } = this.ended;
    tools.addEventListener("click", (event) => this.use(event.target.closest("[data-md]")), { signal });
    this.field.addEventListener("keydown", (event) => this.press(event), { signal });
  }

  disconnectedCallback() {
    this.ended?.abort();
  }

  press(event) {
    const keys = { b: "bold", i: "italic" };
    if (!(event.ctrlKey || event.metaKey) || !(event.key in keys)) return;
    event.preventDefault();
    this.wrap(...MARKS[keys[event.key]]);
  }

  use(tool) {
    if (!tool) return;
    if (tool.dataset.md === "preview") this.toggle(tool);
    else this.wrap(...MARKS[tool.dataset.md]);
  }

  wrap(before, after) {
    const { selectionStart: start, selectionEnd: end, value } = this.field;
    this.field.focus();
    this.field.setRangeText(before + value.slice(start, end) + after, start, end, "select");
    this.field.setSelectionRange(start + before.length, end + before.length);
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async toggle(tool) {
    const shows = tool.ariaPressed !== "true";
    if (shows) {
      this.pane.id ||= `${this.field.id}-preview`;
      await htmx.ajax("POST", this.dataset.preview, { target: `#${this.pane.id}`, swap: "innerHTML", values: { text: this.field.value } });
    }
    tool.ariaPressed = String(shows);
    this.pane.hidden = !shows;
    this.field.hidden = shows;
  }
});
