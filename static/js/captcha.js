// Loads Google's reCAPTCHA once somebody begins to fill in the form, and sends the form with what it says.
// Where Google does not answer in time, the form goes without.
const box = document.querySelector("[data-sitekey]");
const form = box?.closest("form");

if (form) {
  const { sitekey, action } = box.dataset;
  const PATIENCE = 4000;
  let loaded = null;
  let isSent = false;

  const load = () => {
    loaded ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `https://www.google.com/recaptcha/api.js${action ? `?render=${sitekey}` : ""}`;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
    return loaded;
  };

  const ask = async () => {
    await load();
    await new Promise((resolve) => grecaptcha.ready(resolve));
    box.value = await grecaptcha.execute(sitekey, { action });
  };

  form.addEventListener("focusin", () => load().catch(() => {}), { once: true });
  form.addEventListener("submit", async (event) => {
    // An answer of Google's holds once: a second press would spend it.
    if (isSent) return event.preventDefault();
    isSent = true;
    if (!action) return;
    event.preventDefault();
    await Promise.race([ask().catch(() => {}), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    form.submit();
  });
  // The page may come back from the browser's memory.
  addEventListener("pageshow", () => (isSent = false));
}
