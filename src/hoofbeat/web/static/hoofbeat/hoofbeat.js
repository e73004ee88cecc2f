// What pages gain from a script; without it every form still works by itself.

// An htmx answer that is an error page is shown, not swallowed.
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([403, 404, 422, 500, 503].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// A search that is answered late does not take away the match that is being stated: its answer empties the search.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id === "matches" && document.querySelector("#matches .htmx-request")) event.detail.shouldSwap = false;
});

// Where the tabs of a record go on beyond the edge of a phone, the current one is in sight.
const tab = document.querySelector(".tabs [aria-current]");
if (tab) tab.parentElement.scrollLeft += tab.getBoundingClientRect().left - tab.parentElement.getBoundingClientRect().left - 40;

// After a form came back with errors, the summary is read first.
document.getElementById("error-summary")?.focus();
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "main") document.getElementById("error-summary")?.focus();
});

// A large file on its way: how much of it has arrived. What comes back is counted too, and is smaller than any file.
document.addEventListener("htmx:xhr:progress", (event) => {
  const shown = event.target.querySelector?.("[data-uploading]"), file = event.target.querySelector?.("[type=file]")?.files[0];
  if (!shown || !file || event.detail.total < file.size) return;
  shown.hidden = false;
  shown.querySelector("progress").value = (100 * event.detail.loaded) / event.detail.total;
});

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

// From the search for findings the arrow keys go through what was found; each has its keys then.
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const rows = [...document.querySelectorAll("#matches [data-keys]")];
  const at = rows.findIndex((row) => row.contains(event.target));
  if (!rows.length || (at < 0 && !event.target.matches("[data-search]"))) return;
  event.preventDefault();
  const next = event.key === "ArrowDown" ? at + 1 : at - 1;
  if (next < 0) document.querySelector("[data-search]")?.focus();
  else rows[Math.min(next, rows.length - 1)].querySelector("button").focus();
});

// What is unfolded stays unfolded when a part of the page is read anew.
let unfolded = new Map();
document.addEventListener("htmx:beforeSwap", (event) => {
  unfolded = new Map([...event.detail.target.querySelectorAll("details[id]")].map((one) => [one.id, one.open]));
});
document.addEventListener("htmx:afterSwap", () => {
  for (const [id, open] of unfolded) document.getElementById(id)?.toggleAttribute("open", open);
});
