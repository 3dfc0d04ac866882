/** A form whose button asks the browser for a passkey and sends what it answers. */
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const listed = (entries) => (entries ?? []).map((entry) => ({ ...entry, id: toBytes(entry.id) }));

function creation({ publicKey }, alone) {
  const selection = { ...publicKey.authenticatorSelection };
  selection.residentKey = alone ? "required" : "discouraged";
  selection.requireResidentKey = alone;
  if (alone) selection.userVerification = "required";
  return {
    ...publicKey,
    challenge: toBytes(publicKey.challenge),
    user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
    excludeCredentials: listed(publicKey.excludeCredentials),
    authenticatorSelection: selection,
  };
}

const request = ({ publicKey }) => ({
  ...publicKey,
  challenge: toBytes(publicKey.challenge),
  allowCredentials: listed(publicKey.allowCredentials),
});

function spoken(credential) {
  const { response } = credential;
  const parts = { clientDataJSON: toText(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = toText(response[name]);
  }
  if (response.getTransports) parts.transports = response.getTransports();
  return {
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    response: parts,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

class PasskeyForm extends HTMLElement {
  connectedCallback() {
    if (!window.PublicKeyCredential) return this.explain("This browser does not know passkeys.");
    this.hidden = false;
    this.querySelector("[data-passkey]").addEventListener("click", () => this.ask());
  }

  async ask() {
    const form = this.querySelector("form");
    try {
      const credential = await this.obtain(form);
      form.elements.namedItem("credential").value = JSON.stringify(spoken(credential));
      form.requestSubmit();
    } catch (error) {
      this.explain(error.name === "InvalidStateError"
        ? "This device already holds a passkey of your account."
        : "No passkey was used. Try again, or choose another way.");
    }
  }

  async obtain(form) {
    const options = await this.options();
    if (this.dataset.mode === "add") {
      const alone = form.elements.namedItem("passwordless")?.checked ?? false;
      return navigator.credentials.create({ publicKey: creation(options.creation_options, alone) });
    }
    return navigator.credentials.get({ publicKey: request(options.request_options) });
  }

  async options() {
    if (this.dataset.options) return JSON.parse(this.dataset.options);
    const response = await fetch(this.dataset.source, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error("The site did not offer a challenge.");
    return response.json();
  }

  explain(text) {
    const trouble = this.querySelector("[data-trouble]");
    trouble.textContent = text;
    trouble.hidden = false;
  }
}

customElements.define("passkey-form", PasskeyForm);
