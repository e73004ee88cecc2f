// A passkey that was not used (the window was closed, the key is unknown) is said on the page instead of the console.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const place = document.querySelector(".notices");
  if (!place?.dataset.passkeyFailed) return;
  const note = document.createElement("p");
  note.className = "notice notice--warning";
  note.textContent = place.dataset.passkeyFailed;
  place.replaceChildren(note);
});
