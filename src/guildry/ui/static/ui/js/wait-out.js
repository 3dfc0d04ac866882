// Counts the seconds of a wait down, and says when it is over.
customElements.define("wait-out", class extends HTMLElement {
  connectedCallback() {
    this.over = Date.now() + Number(this.dataset.seconds) * 1000;
    this.ticking = setInterval(() => this.tell(), 1000);
  }

  disconnectedCallback() {
    clearInterval(this.ticking);
  }

  tell() {
    const left = Math.ceil((this.over - Date.now()) / 1000);
    const says = this.querySelector("[role=status]");
    if (left > 0) {
      says.previousElementSibling.textContent = `Try again in ${left} ${left === 1 ? "second" : "seconds"}.`;
      return;
    }
    clearInterval(this.ticking);
    says.previousElementSibling.textContent = "";
    says.textContent = "You can try again now.";
  }
});
