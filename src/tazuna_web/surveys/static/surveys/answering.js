/* Says whether the last answer is saved, and sends again what could not be sent. Without script, "Next" saves all. */
(() => {
  const form = document.getElementById("questions");
  const status = document.getElementById("saving");
  const unsaved = new Set();
  let closed = false;

  const say = (state) => {
    status.dataset.state = state;
    status.textContent = status.dataset[state];
  };
  const sendAgain = () => {
    if (!closed) unsaved.forEach((question) => htmx.trigger(question, "change"));
  };

  form.addEventListener("htmx:beforeRequest", (event) => {
    unsaved.add(event.detail.requestConfig.elt);
    if (status.dataset.state !== "offline") say("saving");
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    const code = event.detail.xhr.status;
    if (code === 409) closed = true;
    if (event.detail.successful) unsaved.delete(event.detail.requestConfig.elt);
    if (closed) say("closed");
    else if (code === 0 || code >= 500) say("offline");
    else if (!event.detail.successful) say("refused");
    else if (unsaved.size === 0) say("saved");
  });
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    say("offline");
  });
  window.addEventListener("online", sendAgain);
  window.setInterval(() => {
    if (status.dataset.state === "offline") sendAgain();
  }, 5000);
})();
