// What pages gain from a script; without it every form still works by itself.

// An htmx answer that is an error page is shown, not swallowed.
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([403, 404, 422, 500].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// After a form came back with errors, the summary is read first.
document.getElementById("error-summary")?.focus();

// One key on a focused finding: data-key="x" names the button that it presses.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  const row = event.target.closest("[data-keys]");
  const button = row?.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (button) {
    event.preventDefault();
    button.click();
  }
});
