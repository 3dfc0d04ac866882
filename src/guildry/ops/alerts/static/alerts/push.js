// Lets this browser be told of alerts, or no longer; shows nothing where that cannot work.
const policy = globalThis.trustedTypes?.createPolicy("app-sw", { createScriptURL: (url) => url });

customElements.define("push-switch", class extends HTMLElement {
  async connectedCallback() {
    if (!("serviceWorker" in navigator && "PushManager" in window)) return;
    const url = this.dataset.worker;
    try {
      this.registration = await navigator.serviceWorker.register(policy ? policy.createScriptURL(url) : url, { scope: "/ops/alerts/" });
      await this.show(await this.registration.pushManager.getSubscription());
    } catch { /* Without a service worker there is nothing to offer. */ }
  }

  async show(subscription) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.setAttribute("aria-pressed", String(Boolean(subscription)));
    button.textContent = subscription ? "This browser is told" : "Tell this browser";
    button.addEventListener("click", () => this.toggle(subscription, button));
    this.replaceChildren(button);
  }

  async toggle(subscription, button) {
    button.disabled = true;
    try {
      if (subscription) {
        await this.send(this.dataset.remove, { endpoint: subscription.endpoint });
        await subscription.unsubscribe();
        return await this.show(null);
      }
      const made = await this.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: this.dataset.key });
      const { endpoint, keys } = made.toJSON();
      await this.send(this.dataset.add, { endpoint, public_key: keys.p256dh, auth: keys.auth });
      return await this.show(made);
    } catch {
      button.disabled = false;
      button.textContent = Notification.permission === "denied" ? "Blocked in this browser's settings" : "That did not work. Try again";
    }
  }

  async send(url, fields) {
    const body = new URLSearchParams({ ...fields, csrfmiddlewaretoken: document.body.dataset.csrf });
    const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
  }
});
