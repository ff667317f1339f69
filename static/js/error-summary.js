// Moves the focus to the summary of errors, so that keyboards and screen readers start there.
// The browser does so by itself (autofocus), except where the address ends in #something.
document.querySelector(".summary[role=alert]")?.focus();
