// An own amount chooses “Other amount”, and the fee of a card is shown as it is typed. The server counts again.
const form = document.querySelector("#gift");
const own = form?.elements.own_amount;
const fee = form?.elements.covers_fee;

const rhythm = () => form.elements.frequency.value;
const amounts = () => form.elements[`amount_${rhythm()}`];

const cents = () => {
  const typed = own.value.trim().replace(/^\$\s*|,(?=\d{3})/g, "");
  if (typed) return /^\d{1,7}(\.\d{1,2})?$/.test(typed) ? Math.round(typed * 100) : 0;
  return Number(amounts().value) || 0;
};

const show = () => {
  const { share, fixed } = fee.dataset;
  const gift = cents();
  const more = gift && Math.ceil(((gift + Number(fixed)) * 10000) / (10000 - share)) - gift;
  const text = (sum) => (sum / 100).toLocaleString("en-US", { style: "currency", currency: "USD" });
  form.elements.fee_seen.value = fee.checked ? more : "";
  fee.sum.textContent = more ? ` + ${text(more)} = ${text(gift + more)}` : "";
};

if (form) {
  own.addEventListener("input", () => own.value && (amounts().value = "other"));
  form.addEventListener("change", ({ target }) => {
    if (target.name === `amount_${rhythm()}` && target.value !== "other") own.value = "";
  });
  if (fee) {
    fee.sum = document.createElement("b");
    fee.parentElement.querySelector(".check__label").append(fee.sum);
    form.addEventListener("input", show);
    form.addEventListener("change", show);
    show();
  }
}
