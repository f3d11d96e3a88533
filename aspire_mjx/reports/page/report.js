// Keys and focus of the heat map. Without this script the page shows the same, by its links alone.
"use strict";

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** The cell that the address names, or null. */
function chosen() {
  return [...document.querySelectorAll("a.cell")].find((cell) => cell.hash === location.hash) ?? null;
}

/** Marks the chosen cell and goes to what it shows. */
function show() {
  for (const cell of document.querySelectorAll("a.cell[aria-current]")) cell.removeAttribute("aria-current");
  const cell = chosen();
  if (!cell) return;
  document.getElementById(`tab-${cell.closest(".map").dataset.map}`).checked = true;
  cell.setAttribute("aria-current", "true");
  document.getElementById(cell.hash.slice(1)).focus();
}

/** The next cell with a number in a direction, or null. */
function neighbour(cell, [down, right]) {
  const place = cell.closest("td");
  let row = place.parentElement;
  let column = place.cellIndex;
  for (;;) {
    row = down > 0 ? row.nextElementSibling : down < 0 ? row.previousElementSibling : row;
    column += right;
    const there = row?.cells[column];
    if (!there || there.tagName !== "TD") return null;
    const found = there.querySelector("a.cell");
    if (found) return found;
  }
}

addEventListener("hashchange", show);
addEventListener("keydown", (event) => {
  const cell = document.activeElement.closest("a.cell");
  if (event.key === "Escape" && chosen()) {
    const last = chosen();
    location.hash = "#faults";
    last.focus();
  } else if (cell && STEPS[event.key]) {
    event.preventDefault();
    neighbour(cell, STEPS[event.key])?.focus();
  }
});
show();
