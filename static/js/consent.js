// Asks before the analytics service is loaded. The answer is kept in this browser, for this service, without a cookie.
const notice = document.querySelector(".consent");

if (notice && !navigator.globalPrivacyControl) {
  // A browser that sends Global Privacy Control has answered already: https://globalprivacycontrol.org
  const choice = document.querySelector(".footer__choice");
  const key = `analytics ${notice.dataset.src}`;
  let answer = null;
  let started = false;

  try {
    answer = localStorage.getItem(key);
  } catch {
    // Storage is switched off: the answer holds for this page.
  }

  const start = () => {
    const script = document.createElement("script");
    for (const { name, value } of notice.attributes) {
      if (name.startsWith("data-") && name !== "data-src") script.setAttribute(name, value);
    }
    script.src = notice.dataset.src;
    document.head.append(script);
    started = true;
  };

  notice.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    answer = button.value;
    try {
      localStorage.setItem(key, answer);
    } catch {
      // As above.
    }
    notice.hidden = true;
    choice.focus({ preventScroll: true });
    if (answer === "accepted" && !started) start();
    else if (answer === "declined" && started) location.reload();
  });

  choice.hidden = false;
  choice.addEventListener("click", () => {
    notice.hidden = false;
    notice.focus();
  });

  if (answer === "accepted") start();
  else notice.hidden = answer === "declined";
}
