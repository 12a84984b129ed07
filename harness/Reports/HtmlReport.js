// Of the pages that HtmlReport.cs writes: sorts a table by a column, numbers by their value, filters the rows of
// long tables, and shows the values of a figure's points.
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
for (const figure of document.querySelectorAll("figure")) {
  const data = figure.querySelector("script"), svg = figure.querySelector("svg");
  if (!data) continue;
  const points = JSON.parse(data.textContent), reach = 40;
  const ring = document.createElementNS(svg.namespaceURI, "circle"), tip = document.createElement("div");
  for (const [name, value] of [["r", 6], ["fill", "none"], ["stroke", "currentColor"], ["stroke-width", 2], ["class", "ring"]])
    ring.setAttribute(name, value);
  tip.className = "tip";
  tip.setAttribute("role", "status");
  tip.hidden = true;
  figure.append(tip);
  // What the browser itself would show under the pointer names the figure, and would lie over the values.
  const name = svg.querySelector("title");
  if (name) { svg.setAttribute("aria-label", name.textContent); name.remove(); }
  svg.setAttribute("tabindex", "0");
  let chosen = -1;
  const toScreen = (x, y) => new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
  const hide = () => { chosen = -1; tip.hidden = true; ring.remove(); };
  const show = place => {
    chosen = place;
    const [x, y, text] = points[place], at = toScreen(x, y);
    ring.setAttribute("cx", x);
    ring.setAttribute("cy", y);
    svg.append(ring);
    tip.textContent = text;
    tip.hidden = false;
    const left = Math.min(at.x + 12, innerWidth - tip.offsetWidth - 4);
    const above = at.y - tip.offsetHeight - 12;
    tip.style.left = Math.max(left, 4) + "px";
    tip.style.top = (above > 4 ? above : at.y + 12) + "px";
  };
  const nearest = event => {
    let best = -1, least = reach;
    points.forEach(([x, y], place) => {
      const at = toScreen(x, y), distance = Math.hypot(at.x - event.clientX, at.y - event.clientY);
      if (distance < least) [best, least] = [place, distance];
    });
    if (best < 0) hide(); else if (best !== chosen) show(best);
  };
  svg.addEventListener("pointermove", nearest);
  svg.addEventListener("pointerdown", nearest);
  svg.addEventListener("pointerleave", event => { if (event.pointerType === "mouse") hide(); });
  svg.addEventListener("blur", hide);
  addEventListener("scroll", hide, { passive: true });
  svg.addEventListener("keydown", event => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") hide();
    if (!step) return;
    event.preventDefault();
    show((chosen + step + (chosen < 0 && step < 0 ? 1 : 0) + points.length) % points.length);
  });
}
