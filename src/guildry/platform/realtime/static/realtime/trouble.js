/** Says that the site cannot take anything just now; whoever writes keeps the page, which goes on by itself. */
export function showTrouble() {
  const toasts = document.getElementById("toasts");
  if (!toasts || toasts.querySelector("[data-degraded]")) return;
  const toast = document.createElement("div");
  toast.className = "toast is-warning";
  toast.role = "status";
  toast.dataset.degraded = "";
  const text = document.createElement("b");
  text.className = "grow";
  text.textContent = "Nothing can be saved just now. Keep this page open, it goes on by itself.";
  toast.append(text);
  toasts.append(toast);
}
