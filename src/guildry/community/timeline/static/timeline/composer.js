// The composer: counts what is left, sends with the keyboard, and lets a picture's focus be pointed at.
const NEAR = 500;
const STEPS = { ArrowLeft: [-10, 0], ArrowRight: [10, 0], ArrowUp: [0, -10], ArrowDown: [0, 10] };

class PostComposer extends HTMLElement {
  connectedCallback() {
    this.ended = new AbortController();
    const { signal } = this.ended;
    this.addEventListener("input", (event) => this.count(event.target), { signal });
    this.addEventListener("keydown", (event) => this.press(event), { signal });
    this.addEventListener("click", (event) => this.point(event), { signal });
  }

  disconnectedCallback() {
    this.ended.abort();
  }

  count(field) {
    const left = this.querySelector("[data-left]");
    if (field.name !== "body" || !left) return;
    const rest = field.maxLength - field.value.length;
    left.textContent = rest < NEAR ? `${rest} characters left` : "";
  }

  press(event) {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      const send = this.querySelector("[data-send]");
      send.form.requestSubmit(send);
      return;
    }
    const picture = event.target.closest("[data-focus]")?.closest("[data-picture]");
    if (!picture || !(event.key in STEPS)) return;
    event.preventDefault();
    const [across, down] = STEPS[event.key];
    this.place(picture, this.value(picture, "x") + across, this.value(picture, "y") + down);
  }

  point(event) {
    const target = event.target.closest("[data-focus]");
    if (!target || event.detail === 0) return;
    const box = target.getBoundingClientRect();
    const across = (100 * (event.clientX - box.x)) / box.width;
    const down = (100 * (event.clientY - box.y)) / box.height;
    this.place(target.closest("[data-picture]"), across, down);
  }

  value(picture, axis) {
    return Number(picture.querySelector(`[name=picture_focus_${axis}]`).value);
  }

  place(picture, across, down) {
    const [x, y] = [across, down].map((part) => Math.max(0, Math.min(100, Math.round(part / 10) * 10)));
    picture.querySelector("[name=picture_focus_x]").value = x;
    picture.querySelector("[name=picture_focus_y]").value = y;
    picture.querySelector("[data-spot]").className = `spot fx-${x / 10} fy-${y / 10}`;
  }
}

customElements.define("post-composer", PostComposer);
