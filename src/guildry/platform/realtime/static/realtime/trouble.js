// Says that the site cannot take anything just now, until it can again.
const mark = "[data-trouble]";

// Whoever writes keeps the page: it goes on by itself.
export function showTrouble() {
  const toasts = document.getElementById("toasts");
  if (!toasts || toasts.querySelector(mark)) return;
  const toast = document.createElement("div");
  toast.className = "toast is-warning";
  toast.role = "status";
  toast.dataset.trouble = "";
  const text = document.createElement("b");
  text.className = "grow";
  text.textContent = "Nothing can be saved just now. Keep this page open, it goes on by itself.";
  toast.append(text);
  toasts.append(toast);
}

export function hideTrouble() {
  document.querySelector(mark)?.remove();
}
