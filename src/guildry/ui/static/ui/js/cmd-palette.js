// The palette: arrows move through what htmx found while the words stay in the field.
customElements.define("cmd-palette", class extends HTMLElement {
  connectedCallback() {
    this.ended = new AbortController();
    const { signal } = this.ended;
    this.addEventListener("keydown", (event) => this.move(event), { signal });
    this.addEventListener("htmx:after:swap", () => this.mark(0), { signal });
    this.mark(0);
  }

  disconnectedCallback() {
    this.ended.abort();
  }

  get items() {
    return [...this.querySelectorAll(".palette-item")];
  }

  get place() {
    return this.items.findIndex((item) => item.hasAttribute("data-active"));
  }

  move(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      event.preventDefault();
      this.mark((this.place + steps[event.key] + this.items.length) % Math.max(this.items.length, 1));
    } else if (event.key === "Escape") {
      this.closest("dialog")?.close();
    } else if (event.key === "Enter" && event.target.matches("input") && this.place >= 0) {
      event.preventDefault();
      this.items[this.place].click();
    }
  }

  mark(place) {
    this.items.forEach((item, index) => {
      item.id = `palette-item-${index}`;
      item.toggleAttribute("data-active", index === place);
    });
    const current = this.items[place];
    current?.scrollIntoView({ block: "nearest" });
    this.querySelector("input")?.setAttribute("aria-activedescendant", current?.id ?? "");
  }
});
