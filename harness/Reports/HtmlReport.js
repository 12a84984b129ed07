// Of the pages that HtmlReport.cs writes: sorts a table by a column, numbers by their value, and filters the rows of long tables.
for (const table of document.querySelectorAll("table")) {
  const body = table.tBodies[0];
  const valueOf = (row, place) => {
    const text = row.cells[place].textContent;
    const number = text.match(/[-+]?\d+(\.\d+)?(e[-+]?\d+)?/i);
    return row.cells[place].classList.contains("number") ? (number ? Number(number[0]) : -Infinity) : text;
  };
  table.querySelectorAll("th button").forEach(button => button.addEventListener("click", () => {
    const head = button.parentElement, place = head.cellIndex;
    const order = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", order);
    const sorted = [...body.rows].sort((one, other) => {
      const [a, b] = [valueOf(one, place), valueOf(other, place)];
      return (a < b ? -1 : a > b ? 1 : 0) * (order === "ascending" ? 1 : -1);
    });
    body.append(...sorted);
  }));
  const filter = table.parentElement.previousElementSibling?.querySelector("input[type=search]");
  filter?.addEventListener("input", () => {
    for (const row of body.rows)
      row.hidden = !row.textContent.toLowerCase().includes(filter.value.toLowerCase());
  });
}
