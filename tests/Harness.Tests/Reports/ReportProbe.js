// Uses a report as a reader would: sorts and filters every table, and asks every point of every figure for its values.
Object.assign(found, { sorted: 0, filtered: 0, tips: [], sizes: [] });

const numberIn = cell => Number(cell.textContent.match(/[-+]?\d+(\.\d+)?(e[-+]?\d+)?/i)?.[0] ?? -Infinity);
for (const table of document.querySelectorAll("table")) {
  for (const head of table.querySelectorAll("th:has(button)")) {
    for (const order of [1, -1]) {
      head.querySelector("button").click();
      const cells = [...table.tBodies[0].rows].map(row => row.cells[head.cellIndex]);
      const values = cells.map(cell => head.classList.contains("number") ? numberIn(cell) : cell.textContent);
      if (values.some((value, place) => place > 0 && (value < values[place - 1] ? -1 : value > values[place - 1] ? 1 : 0) * order < 0))
        found.errors.push(`not sorted by ${head.textContent}: ${values.join(" ")}`);
      found.sorted++;
    }
  }
  const filter = table.parentElement.previousElementSibling?.querySelector("input[type=search]");
  if (!filter) continue;
  const rows = [...table.tBodies[0].rows], wanted = rows[0].cells[0].textContent;
  const shown = text => {
    filter.value = text;
    filter.dispatchEvent(new Event("input"));
    return rows.filter(row => row.getClientRects().length > 0);
  };
  if (shown("no row has this").length !== 0) found.errors.push("rows that do not match are shown");
  if (shown(wanted).some(row => !row.textContent.includes(wanted))) found.errors.push(`a row without ${wanted} is shown`);
  if (shown("").length !== rows.length) found.errors.push("an empty filter hides rows");
  found.filtered++;
}

for (const figure of document.querySelectorAll("figure")) {
  const svg = figure.querySelector("svg"), size = svg.getBoundingClientRect(), tip = figure.querySelector(".tip");
  found.sizes.push([size.width, size.height]);
  const points = JSON.parse(figure.querySelector("script").textContent);
  for (const [x, y, text] of points) {
    svg.scrollIntoView();
    const at = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
    svg.dispatchEvent(new PointerEvent("pointermove", { clientX: at.x, clientY: at.y, pointerType: "mouse" }));
    const same = points.some(point => Math.hypot(point[0] - x, point[1] - y) < 1 && point[2] === tip.textContent);
    if (tip.hidden || !same) found.errors.push(`no values at ${x} ${y}: ${tip.textContent}`);
    const box = tip.getBoundingClientRect();
    if (box.left < 0 || box.right > innerWidth || box.top < 0) found.errors.push(`a tip outside the window: ${box.left} ${box.top}`);
  }
  measureContrast();
  svg.dispatchEvent(new PointerEvent("pointerleave", { pointerType: "mouse" }));
  if (!tip.hidden) found.errors.push("the values stay");
  svg.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
  found.tips.push(tip.textContent);
  if (tip.hidden || tip.textContent !== points[0][2]) found.errors.push(`the keyboard gives ${tip.textContent}`);
  svg.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
}
lookAround();
