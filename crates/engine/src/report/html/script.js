"use strict";
// The page is whole without this: it only filters and sorts what is there.
(() => {
  const form = document.getElementById("filters");
  const table = document.getElementById("list");
  if (!form || !table) return;
  const rows = Array.from(table.tBodies);
  const shown = document.getElementById("shown");
  const ranks = { error: 0, warning: 1, info: 2 };
  const texts = new Map();

  const textOf = (row) => {
    if (!texts.has(row)) texts.set(row, row.textContent.replace(/\s+/g, " ").toLowerCase());
    return texts.get(row);
  };

  const filter = () => {
    const words = form.t.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = ["s", "r", "p", "c", "n"].filter((name) => form[name] && form[name].value);
    let count = 0;
    for (const row of rows) {
      const fits = wanted.every((name) => row.dataset[name] === form[name].value)
        && words.every((word) => textOf(row).includes(word));
      row.hidden = !fits;
      if (fits) count += 1;
    }
    shown.textContent = count === rows.length ? `${count} shown` : `${count} of ${rows.length} shown`;
  };

  const number = (text) => (text === "" ? null : BigInt(text));
  const keys = {
    s: (row) => ranks[row.dataset.s],
    r: (row) => row.dataset.r,
    i: (row) => row.dataset.i,
    p: (row) => row.dataset.p,
    d: (row) => number(row.dataset.d),
    a: (row) => number(row.dataset.a),
  };

  const sort = (head, down) => {
    const key = keys[head.dataset.sort];
    const order = rows.map((row, place) => ({ row, place, key: key(row), currency: row.dataset.c }));
    const money = head.dataset.sort === "d";
    order.sort((a, b) => {
      // What has no number stands last, whichever way; amounts compare within their currency only.
      if ((a.key === null) !== (b.key === null)) return a.key === null ? 1 : -1;
      if (money && a.currency !== b.currency) return a.currency < b.currency ? -1 : 1;
      if (a.key !== b.key) return (a.key < b.key ? -1 : 1) * (down ? -1 : 1);
      return a.place - b.place;
    });
    table.append(...order.map((entry) => entry.row));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
  };

  for (const head of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    head.dataset.head = button.textContent = head.textContent.trim();
    button.addEventListener("click", () => sort(head, head.getAttribute("aria-sort") === "ascending"));
    head.replaceChildren(button);
  }

  for (const link of document.querySelectorAll("a[data-rule]")) {
    link.addEventListener("click", () => {
      form.reset();
      form.r.value = link.dataset.rule;
      if (link.dataset.product) form.p.value = link.dataset.product;
      filter();
    });
  }

  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();

  const open = () => {
    const row = location.hash.startsWith("#x") && document.getElementById(location.hash.slice(1));
    if (!row) return;
    row.hidden = false;
    for (const details of row.querySelectorAll("details")) details.open = true;
    row.scrollIntoView();
  };
  addEventListener("hashchange", open);
  open();
})();
