/** How long something still lasts, counted down each second; without this script the exact time stands there. */
const UNITS = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];

function left(seconds) {
  const parts = [];
  let rest = seconds;
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (parts.length) parts.push(`${String(count).padStart(2, "0")} ${unit}`);
    else if (count) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(" ");
}

class CountDown extends HTMLElement {
  connectedCallback() {
    this.until = Date.parse(this.querySelector("time").dateTime);
    this.shown = this.querySelector("[data-left]");
    this.shown.setAttribute("role", "timer");
    this.tick();
    this.timer = setInterval(() => this.tick(), 1000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  tick() {
    const seconds = Math.round((this.until - Date.now()) / 1000);
    this.shown.textContent = seconds > 0 ? `in ${left(seconds)}` : "now";
    if (seconds <= 0) this.disconnectedCallback();
  }
}

customElements.define("count-down", CountDown);
