// Added to a copy of a page that a browser opens: what every page is asked. What a probe of one kind of page finds is added to it.
const found = { errors: pageErrors, unlabelled: [], contrast: 21, faintest: "" };

const colour = text => (text.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
const luminance = ([r, g, b]) => [r, g, b].map(part => part / 255)
  .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
  .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
const ratio = (one, other) => {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
};

const behind = element => {
  const page = element.closest("svg")?.querySelector("rect.page");
  if (page) return colour(getComputedStyle(page).fill);
  for (let above = element; above; above = above.parentElement) {
    const back = colour(getComputedStyle(above).backgroundColor);
    if (back.length < 4 || back[3] === 1) return back;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches ? [0, 0, 0] : [255, 255, 255];
};

const measureContrast = () => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement, style = getComputedStyle(element);
    if (!texts.currentNode.data.trim() || !element.getClientRects().length || ["SCRIPT", "STYLE"].includes(element.tagName)) continue;
    const seen = ratio(colour(element.closest("svg") ? style.fill : style.color), behind(element));
    if (seen < found.contrast)
      [found.contrast, found.faintest] = [seen, `${element.tagName} of ${style.color}: ${texts.currentNode.data.slice(0, 60)}`];
  }
};

const lookAround = () => {
  for (const field of document.querySelectorAll("input, select, textarea")) {
    if (!field.labels.length && !field.getAttribute("aria-label")) found.unlabelled.push(field.outerHTML);
  }
  measureContrast();
};
lookAround();
found.dark = matchMedia("(prefers-color-scheme: dark)").matches;
