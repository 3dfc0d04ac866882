// A text field with suggestions (APG combobox): the server says which, the field keeps the focus.
customElements.define("combo-box", class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.list = this.querySelector("[role=listbox]");
    if (!this.input || !this.list) return;
    Object.assign(this.input, { role: "combobox", autocomplete: "off", ariaExpanded: "false", ariaAutoComplete: "list" });
    this.input.setAttribute("aria-controls", this.list.id);
    this.ended = new AbortController();
    const { signal } = this.ended;
    this.input.addEventListener("input", () => this.ask(), { signal });
    this.input.addEventListener("keydown", (event) => this.move(event), { signal });
    this.input.addEventListener("blur", () => setTimeout(() => this.show([]), 150), { signal });
    this.list.addEventListener("mousedown", (event) => this.choose(event.target.closest("[role=option]")), { signal });
  }

  disconnectedCallback() {
    this.ended?.abort();
    clearTimeout(this.wait);
  }

  ask() {
    clearTimeout(this.wait);
    this.wait = setTimeout(async () => {
      const words = this.input.value.trim();
      if (!words) return this.show([]);
      const address = new URL(this.dataset.source, location.href);
      address.searchParams.set("q", words);
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (answer.ok && words === this.input.value.trim()) this.show(await answer.json());
    }, 120);
  }

  show(options) {
    this.list.replaceChildren(...options.map((option, index) => {
      const item = document.createElement("li");
      Object.assign(item, { id: `${this.list.id}-${index}`, role: "option", textContent: option.label ?? option });
      item.dataset.value = option.value ?? option.label ?? option;
      return item;
    }));
    this.list.hidden = !options.length;
    this.input.ariaExpanded = String(options.length > 0);
    this.mark(-1);
  }

  mark(place) {
    this.place = place;
    [...this.list.children].forEach((item, index) => { item.ariaSelected = String(index === place); });
    this.input.setAttribute("aria-activedescendant", this.list.children[place]?.id ?? "");
  }

  move(event) {
    const size = this.list.children.length;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && size) {
      event.preventDefault();
      this.mark((this.place + steps[event.key] + size) % size);
    } else if (event.key === "Enter" && this.place >= 0) {
      event.preventDefault();
      this.choose(this.list.children[this.place]);
    } else if (event.key === "Escape") {
      this.show([]);
    }
  }

  choose(item) {
    if (!item) return;
    this.input.value = item.dataset.value;
    this.show([]);
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }
});
