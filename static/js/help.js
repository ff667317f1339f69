// Improves the pages of crisis help: leaving them, keeping them on this device, printing and filling in the family card.

// “Leave this page” replaces the page, so that Back does not lead here again. Pressing Shift three times does the same.
const LIMIT = 5000; // milliseconds for the three
const leave = document.querySelector(".leave a");

if (leave) {
  const told = document.querySelector(".leave [role=status]");
  const words = ["", told.dataset.once, told.dataset.twice];
  let presses = 0;
  let isAlone = false;
  let timer;

  const go = (event) => {
    event?.preventDefault();
    document.title = leave.hostname;
    document.documentElement.hidden = true;
    location.replace(leave.href);
  };

  const count = (number) => {
    if (number === 3) return go();
    presses = number;
    told.textContent = words[number];
    if (number < 2) clearTimeout(timer);
    if (number === 1) timer = setTimeout(count, LIMIT, 0);
  };

  const stop = () => {
    isAlone = false;
    count(0);
  };

  leave.addEventListener("click", go);
  addEventListener("pointerdown", stop);
  addEventListener("keydown", ({ key, repeat }) => {
    if (key !== "Shift") stop();
    else if (!repeat) isAlone = true;
  });
  // A capital letter needs Shift too: only one that comes up again with nothing typed counts.
  addEventListener("keyup", ({ key }) => key === "Shift" && isAlone && count(presses + 1));
}

const worker = document.querySelector("[data-worker]");
const button = document.querySelector("[data-print]");

if (worker) navigator.serviceWorker?.register(worker.dataset.worker).catch(() => {});

if (button) {
  const { form } = button;
  // Where the browser cannot size a field to its text, CSS lays the text behind it.
  const grow = () => {
    for (const field of form.querySelectorAll("textarea")) field.parentElement.dataset.text = field.value;
  };
  button.hidden = false;
  button.nextElementSibling.hidden = true;
  button.addEventListener("click", () => print());
  form.addEventListener("input", grow);
  // A page that comes back from the browser's memory would show somebody else what was typed.
  addEventListener("pagehide", () => {
    form.reset();
    grow();
  });
}
