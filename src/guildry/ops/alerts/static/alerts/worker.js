// Shows what is pushed, and opens the runbook or the alerts when it is pressed.
self.addEventListener("push", (event) => {
  const told = event.data.json();
  const options = { body: told.observed, tag: told.title, data: told.runbook || told.url };
  event.waitUntil(self.registration.showNotification(told.title, options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data));
});
