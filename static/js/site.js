// Menus of the header open and close by themselves; this closes them when somebody leaves them or presses Escape.
const menus = [...document.querySelectorAll(".masthead details")];

const leave = ({ target }) => menus.forEach((menu) => menu.contains(target) || (menu.open = false));

if (menus.length) {
  addEventListener("click", leave);
  addEventListener("focusin", leave);
  addEventListener("keydown", ({ key, target }) => {
    const menu = key === "Escape" && target.closest?.(".masthead details[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
