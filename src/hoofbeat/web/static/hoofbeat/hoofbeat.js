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

// A note that was read: each suggestion has its keys, and the focus goes to the next one that is open.
const review = document.querySelector("[data-review]");
if (review?.querySelector("[data-row]")) goThrough(review);

function goThrough(form) {
  const rows = [...form.querySelectorAll("[data-row]")];
  const radios = (row) => [...row.querySelectorAll("input[type=radio]")];
  const chosen = (row) => radios(row).find((one) => one.checked);
  const marks = [...document.querySelectorAll("[data-of]")];
  const take = form.querySelector("#take");
  const progress = form.querySelector("[data-progress]");
  const clear = form.querySelector("[data-certain]");
  const done = [];  // what was decided, for undoing it: rows and what was chosen in them before

  const focus = (row) => (chosen(row) ?? radios(row)[0]).focus();
  const choose = (row, radio) => {
    radios(row).forEach((one) => { one.checked = one === radio; });
    row.toggleAttribute("data-left", radio?.value === "leave");
  };
  const count = () => {
    const decided = rows.filter(chosen).length;
    progress.textContent = progress.dataset.progress.replace("{done}", decided).replace("{all}", rows.length);
  };
  const decide = (some) => {
    done.push(some.map(([row]) => [row, chosen(row) ?? null]));
    for (const [row, radio] of some) choose(row, radio);
    count();
  };
  const onward = (row) => {
    const at = rows.indexOf(row);
    const next = [...rows.slice(at + 1), ...rows.slice(0, at)].find((one) => !chosen(one));
    if (next) focus(next);
    else take.focus();
  };
  const markClear = () => {
    const open = rows.filter((row) => "clear" in row.dataset && !chosen(row));
    if (open.length) decide(open.map((row) => [row, radios(row).find((one) => one.value === row.dataset.proposed)]));
    onward(rows.at(-1));
  };
  const keepTerm = (row) => {  // the note's own, whatever was typed in its place
    const other = row.querySelector("details");
    other.querySelector("input").value = "";
    document.getElementById(`picks-${row.dataset.row}`).replaceChildren();
    other.open = false;
    focus(row);
  };
  const undo = () => {
    const last = done.pop();
    if (!last) return;
    for (const [row, radio] of last) choose(row, radio);
    count();
    focus(last[0][0]);
  };

  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = event.target.closest("[data-row]");
    if (event.target.matches("input:not([type=radio])")) {
      if (event.key === "Enter") {  // the first that was found, not the whole form
        event.preventDefault();
        row.querySelector("[data-pick]")?.click();
      }
      if (event.key === "Escape") keepTerm(row);
      return;
    }
    const key = event.key.toLowerCase();
    if (key === "z") { event.preventDefault(); undo(); return; }
    if (key === "a" && clear) { event.preventDefault(); markClear(); return; }
    if (!row || event.target.matches("button, summary") && key === "enter") return;
    const step = { arrowdown: 1, j: 1, arrowup: -1, k: -1 }[key];
    if (step) {
      event.preventDefault();
      const next = rows.indexOf(row) + step;
      if (next >= rows.length) take.focus();
      else focus(rows[Math.max(0, next)]);
      return;
    }
    if (key === "c") {
      event.preventDefault();
      row.querySelector("details").open = true;
      row.querySelector("details > input").focus();
      return;
    }
    const radio = radios(row).find((one) => key === "enter" ? one.value === row.dataset.proposed : one.dataset.key === key);
    if (radio || key === "enter") event.preventDefault();
    if (radio) { decide([[row, radio]]); onward(row); }
  });
  form.addEventListener("change", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) row.toggleAttribute("data-left", chosen(row)?.value === "leave");
    count();
  });
  form.addEventListener("click", (event) => {
    const pick = event.target.closest("[data-pick]");
    if (pick) {
      const row = pick.closest("[data-row]");
      row.querySelector("details > input").value = pick.dataset.pick;
      pick.closest("ul").remove();
      focus(row);
    }
    if (event.target.closest("[data-certain]")) { event.preventDefault(); markClear(); }
  });
  form.addEventListener("focusin", (event) => {
    const key = event.target.closest("[data-row]")?.dataset.row;
    for (const one of marks) one.classList.toggle("is-here", one.dataset.of === key);
    const box = document.querySelector(".note-text");
    const mark = marks.find((one) => one.dataset.of === key);
    if (mark) box.scrollTop += mark.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
  });
  for (const one of marks) {
    one.addEventListener("click", () => {
      const row = rows.find((each) => each.dataset.row === one.dataset.of);
      if (row) focus(row);
    });
  }
  form.querySelectorAll("[data-scripted]").forEach((one) => { one.hidden = false; });
  progress.hidden = false;
  if (clear) clear.textContent = clear.dataset.marks;
  rows.forEach((row) => row.toggleAttribute("data-left", chosen(row)?.value === "leave"));
  count();
  if (!document.getElementById("error-summary")) focus(rows[0]);
}
