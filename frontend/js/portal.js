import {
  Accordion,
  Button,
  CharacterCount,
  Checkboxes,
  createAll,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs,
} from "govuk-frontend";

// Words are runs without white space, as the server counts them.
class WordCount extends CharacterCount {
  updateCount() {
    if (this.config.countType === "words") {
      this.count = (this.$textarea.value.match(/\S+/g) || []).length;
    } else {
      super.updateCount();
    }
  }
}

const COMPONENTS = [
  Accordion,
  Button,
  WordCount,
  Checkboxes,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs,
];

function start(scope) {
  COMPONENTS.forEach((component) => createAll(component, undefined, scope));
}

// Filters are folded on a phone and always open beside the list on a wide screen.
function foldFilters() {
  const wide = window.matchMedia("(min-width: 48.0625em)");
  const panels = document.querySelectorAll("details.impact-filters");
  const fold = () => panels.forEach((panel) => { panel.open = wide.matches || panel.hasAttribute("data-keep-open"); });
  if (panels.length) {
    fold();
    wide.addEventListener("change", fold);
  }
}

// An address that names a part of the page scrolls there, past what just happened: say it there.
function showNewsAtTarget() {
  const news = document.querySelector(".govuk-notification-banner[role=alert]");
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (news && target && target.closest("main")) {
    target.before(news);
    window.addEventListener("load", () => setTimeout(() => { news.tabIndex = -1; news.focus(); }));
  }
}

// A table that is wider than a phone becomes a list of its rows, each value under the name of its
// column. Only plain tables: where cells span, the table scrolls. The roles keep it a table for
// those who hear it, since a browser forgets that once rows are blocks.
const ROLES = { thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell" };

function isPlain(table) {
  const heads = table.tHead ? [...table.tHead.rows] : [];
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
  return heads.length === 1 && !table.tFoot && !table.matches(".impact-table--cross") && !table.querySelector("[colspan], [rowspan]")
    && rows.every((row) => row.cells.length === heads[0].cells.length);
}

function nameCells(table) {
  table.setAttribute("role", "table");
  Object.entries(ROLES).forEach(([tag, role]) => table.querySelectorAll(tag).forEach((element) => element.setAttribute("role", role)));
  table.querySelectorAll("th").forEach((cell) => cell.setAttribute("role", cell.scope === "row" ? "rowheader" : "columnheader"));
  const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim().replace(/\s+/g, " "));
  [...table.tBodies].forEach((body) => [...body.rows].forEach((row) => [...row.cells].forEach((cell, index) => { cell.dataset.label = names[index]; })));
}

function stackTables() {
  const narrow = window.matchMedia("(max-width: 40.0525em)");
  const tables = [...document.querySelectorAll(".impact-scroll > table")].filter(isPlain);
  const fit = () => tables.forEach((table) => {
    const region = table.parentElement;
    table.classList.remove("impact-table--stacked");
    if (narrow.matches && table.scrollWidth > region.clientWidth) {
      nameCells(table);
      table.classList.add("impact-table--stacked");
    }
  });
  fit();
  window.addEventListener("resize", fit);
  window.addEventListener("beforeprint", () => tables.forEach((table) => table.classList.remove("impact-table--stacked")));
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-impact-print]")) {
    window.print();
  }
});

// Who signs out leaves nothing of what they typed in a shared browser (see answers.js).
document.addEventListener("submit", (event) => {
  if (new URL(event.target.action, location.href).pathname.endsWith("/account/logout/")) {
    try {
      Object.keys(localStorage).filter((key) => key.startsWith("impact-answer:")).forEach((key) => localStorage.removeItem(key));
    } catch {
      // No store, nothing in it.
    }
  }
});

// What htmx swaps in gets the same components as the page had.
document.addEventListener("htmx:afterSwap", (event) => start(event.detail.elt));

start(document);
foldFilters();
stackTables();
showNewsAtTarget();
