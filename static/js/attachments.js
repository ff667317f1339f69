// Says before the upload what the form would say after it: too many files, or too large ones.
for (const input of document.querySelectorAll("input[type=file][data-words]")) {
  const note = document.createElement("p");
  note.className = "field__error";
  note.setAttribute("role", "alert");
  input.after(note);
  input.addEventListener("change", () => {
    const sizes = [...input.files].map(({ size }) => size);
    const sum = sizes.reduce((total, size) => total + size, 0);
    const { files, bytes, together, words } = input.dataset;
    const tooMuch = sizes.length > files || sum > together || sizes.some((size) => size > bytes);
    note.textContent = tooMuch ? words : "";
  });
  input.form.addEventListener("submit", (event) => {
    if (!note.textContent) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    input.focus();
  });
}
