/* The page editor is made for the mouse: this makes its blocks usable by keyboard and names what has no name.
   The order on screen is CSS; here the elements follow it, so that Tab goes the way the eye does. */
const { gettext = (text) => text } = window
const machine = () => document.querySelector(".order-machine")
const all = (selector, within = document) => [...within.querySelectorAll(selector)]
const blocks = () => all(".inline-related:not(.empty-form)", machine()).sort((a, b) => a.style.order - b.style.order)
const words = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? ""
const name = (block) => `${words(block.querySelector("h3 b"))} ${words(block.querySelector(".inline_label"))}`
const ordering = (block) => block.querySelector(".order-machine-ordering")

let added

function arrange() {
  const focused = document.activeElement
  for (const block of blocks()) machine().append(block)
  for (const empty of all(".empty-form", machine())) machine().append(empty)
  blocks().forEach((block, place, list) => {
    if (!block.querySelector(".block-tools")) addTools(block)
    const [up, down] = all(".block-tools button", block)
    up.disabled = place === 0
    down.disabled = place === list.length - 1
  })
  for (const target of all(".order-machine-insert-target")) {
    const block = target.closest(".inline-related")
    const label = block ? `${gettext("Add a block above")} ${name(block)}` : gettext("Add a block at the end")
    if (!block) target.textContent = label
    for (const [key, value] of Object.entries({ role: "button", tabindex: 0, "aria-label": label })) {
      target.setAttribute(key, value)
    }
  }
  focused.focus()
}

function addTools(block) {
  const tools = document.createElement("span")
  tools.className = "block-tools"
  for (const [sign, words, step] of [["↑", gettext("Move up"), -1], ["↓", gettext("Move down"), 1]]) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: sign, title: words })
    button.setAttribute("aria-label", words)
    button.addEventListener("click", (event) => move(event, block, step))
    tools.append(button)
  }
  block.querySelector("h3").append(tools)
}

function move(event, block, step) {
  event.stopPropagation()
  const list = blocks()
  const other = list[list.indexOf(block) + step]
  ;[ordering(block).value, ordering(other).value] = [ordering(other).value, ordering(block).value]
  for (const moved of [block, other]) moved.style.order = ordering(moved).value
  arrange()
  const button = event.target.disabled ? block.querySelector(".block-tools button:enabled") : event.target
  button.focus()
}

document.addEventListener("keydown", (event) => {
  const target = event.target.closest?.(".order-machine-insert-target, .plugin-buttons a")
  if (target && ["Enter", " "].includes(event.key)) {
    event.preventDefault()
    target.click()
    if (target.matches("span")) document.querySelector(".plugin-buttons a:not(.content-editor-hide)").focus()
  }
})
/* A new block's number must follow those that are stored, or Django counts them wrongly when one is removed. */
document.addEventListener("formset:removed", () => {
  if (!machine()) return
  for (const block of blocks().filter((block) => !block.matches(".has_original"))) machine().append(block)
  setTimeout(arrange)
})
document.addEventListener("formset:added", ({ target }) => {
  if (!machine()?.contains(target)) return
  added = target
  setTimeout(() => {
    arrange()
    target.querySelector(".form-row:not(.hidden) :is(input, select, textarea)")?.focus()
  })
})
document.addEventListener("content-editor:ready", () => {
  for (const link of all(".plugin-buttons a")) link.setAttribute("tabindex", 0)
  arrange()
})

function nameEditor(editable) {
  const textarea = editable.closest(".prose-editor").querySelector("textarea")
  editable.setAttribute("aria-label", textarea.labels[0]?.innerText.replace(/:$/, "") ?? "")
  const first = editable.closest(".inline-related")?.querySelector(".form-row")
  if (added?.contains(editable) && first.contains(editable)) editable.focus()
}
document.addEventListener("prose-editor:ready", ({ detail }) => nameEditor(detail.editor.view.dom))
for (const editable of all(".tiptap")) nameEditor(editable)

/* After a refusal the first faulty field takes focus; the editor restores its old place on the page before that. */
setTimeout(() => {
  const row = document.querySelector(".fieldBox.errors, .form-row.errors") ?? document.querySelector(".form-row:has(.errorlist)")
  const faulty = row?.querySelector(":is(input, select)[aria-invalid=true]:not([type=hidden])")
  ;(faulty ?? row?.querySelector(".tiptap, input:not([type=hidden]), select, textarea"))?.focus()
}, 400)
