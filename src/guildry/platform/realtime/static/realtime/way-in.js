// Says that the member is signed out here, with a link to sign in and come back.
const offer = document.querySelector('meta[name="realtime"]');

// The page stays as it is, so that nothing half written is lost.
export function showWayIn() {
  const toasts = document.getElementById("toasts");
  if (!offer.content || toasts?.querySelector("[data-way-in]")) return;
  const toast = document.createElement("div");
  toast.className = "toast is-warning";
  toast.role = "alert";
  toast.dataset.wayIn = "";
  const text = document.createElement("b");
  text.className = "grow";
  text.textContent = "You are signed out here.";
  const link = document.createElement("a");
  link.className = "btn btn-primary btn-sm";
  link.href = `${offer.content}?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.textContent = "Sign in";
  toast.append(text, link);
  toasts?.append(toast);
}
