// Of the pages that SamplesPage.cs writes. The part of the address after # says what is shown, such as
// #pool/problem/sample?right=0&finish=length: the problems of a pool, or the samples of one problem. What models and data wrote is put in
// as text, never as HTML, and only as much as is looked at.
const data = JSON.parse(document.getElementById("data").textContent);
const view = document.getElementById("view"), form = document.getElementById("filters");
const rowsAtOnce = 100, samplesAtOnce = 20;

const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.map(String));
  return element;
};
const within = (element, ...children) => { element.append(...children); return element; };
const decoded = text => { try { return decodeURIComponent(text); } catch { return text; } };

// What the address asks for: the place of the pool, numbers of problem and sample or null, and the filters.
const readAddress = () => {
  const [path, query = ""] = location.hash.slice(1).split("?");
  const [pool, problem, sample] = path.split("/").map(decoded);
  const numberOf = text => text === undefined || !/^\d+$/.test(text) ? null : Number(text);
  return {
    pool: Math.max(0, data.pools.findIndex(each => each.name === pool)), problem: numberOf(problem), sample: numberOf(sample),
    filters: Object.fromEntries(new URLSearchParams(query)),
  };
};

// The page that has a sample: the last that begins no later.
const pageOf = (pool, problem, sample) => {
  const wanted = [pool, problem ?? 0, sample ?? 0];
  const isAfter = start => {
    const at = wanted.findIndex((value, place) => value !== start[place]);
    return at >= 0 && start[at] > wanted[at];
  };
  return Math.max(0, data.starts.findLastIndex(start => !isAfter(start)));
};

// The pages that have samples of a problem, each with the first sample that it has.
const pagesOf = (pool, problem) => data.starts.map(([, , sample], page) => [page, page === pageOf(pool, problem, 0) ? 0 : sample])
  .slice(pageOf(pool, problem, 0), pageOf(pool, problem, Infinity) + 1);

const fragment = (pool, problem, sample, filters) => {
  const path = [data.pools[pool].name, problem, sample].filter(part => part !== null && part !== undefined);
  const query = new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== "")).toString();
  return "#" + path.map(encodeURIComponent).join("/") + (query ? "?" + query : "");
};
const address = (pool, problem, sample, filters) => {
  const page = problem === null ? data.page : pageOf(pool, problem, sample);
  return (page === data.page ? "" : encodeURIComponent(data.pages[page])) + fragment(pool, problem, sample, filters);
};
const link = (text, ...place) => make("a", { href: address(...place) }, text);

const samplesOf = new Map();
const samplesIn = (pool, problem) => {
  if (!samplesOf.has(pool)) samplesOf.set(pool, Map.groupBy(data.pools[pool].samples, sample => sample[0]));
  return samplesOf.get(pool).get(problem) ?? [];
};

const looksAtSamples = filters => ["right", "finish", "answer", "text"].some(name => (filters[name] ?? "") !== "");
const matcher = filters => {
  const { right = "", finish = "", answer = "" } = filters, words = (filters.text ?? "").toLowerCase();
  return ([, , isRight, how, , given, text]) => (right === "" || String(isRight) === right) && (finish === "" || how === finish)
    && (answer === "" || given === answer) && (words === "" || (text ?? "").toLowerCase().includes(words));
};

// Appends what a list has in portions, the next one when the end of the last comes into sight or its button is pressed.
const portions = (parent, items, size, write) => {
  let next = 0;
  const more = make("button", { type: "button", class: "more" }, "Show more");
  const add = () => {
    for (const end = Math.min(items.length, next + size); next < end; next++) parent.append(write(items[next]));
    if (next >= items.length) { more.remove(); sight.disconnect(); }
  };
  const sight = new IntersectionObserver(seen => { if (seen.some(entry => entry.isIntersecting)) add(); });
  more.addEventListener("click", add);
  add();
  if (next < items.length) { parent.after(more); sight.observe(more); }
};

const columns = [
  ["problem", true, row => row.number], ["difficulty", true, row => row.difficulty], ["share right", true, row => row.right / row.count],
  ["right", true, row => row.right], ["samples", true, row => row.count], ["matching", true, row => row.matching],
  ["right answer", false, row => row.gold], ["chosen answers", false, row => row.answers],
];
let order = { column: 0, descending: false };

// What no problem of a pool has is not spoken of: a task may know no difficulties, and check answers without a right one.
const hasDifficulties = pool => data.pools[pool].problems.some(problem => problem[1] !== 0);
const columnsOf = pool => columns.map((column, place) => [place, ...column]).filter(([, title]) =>
  title === "difficulty" ? hasDifficulties(pool)
    : title === "right answer" ? data.pools[pool].problems.some(problem => problem[4] !== "") : true);

const rowsOf = (pool, filters) => {
  const isMatch = matcher(filters), looks = looksAtSamples(filters);
  return data.pools[pool].problems.filter(([, difficulty]) => !filters.difficulty || String(difficulty) === filters.difficulty)
    .map(([number, difficulty, right, count, gold, answers]) => ({
      number, difficulty, right, count, gold,
      matching: looks ? samplesIn(pool, number).filter(isMatch).length : count,
      answers: answers.map(([answer, times]) => `${answer === "" ? "none" : answer} (${times})`).join(", "),
    })).filter(row => !looks || row.matching > 0);
};

const showProblems = ({ pool, filters }) => {
  const rows = rowsOf(pool, filters), { name, facts, problems } = data.pools[pool];
  const value = columns[order.column][2];
  rows.sort((one, other) => {
    const [a, b] = [value(one), value(other)];
    return (a < b ? -1 : a > b ? 1 : one.number - other.number) * (order.descending ? -1 : 1);
  });
  view.append(make("h2", {}, name), make("p", { class: "count", role: "status" },
    `${facts}. ${rows.length} of ${problems.length} problems are shown.`));
  if (data.pages.length > 1 && looksAtSamples(filters)) view.append(otherPages(pool, filters));
  const table = make("table", {}), head = make("tr", {}), body = make("tbody", {});
  const shown = columnsOf(pool);
  shown.forEach(([place, title, isNumber], at) => {
    const cell = make("th", { scope: "col", ...(isNumber ? { class: "number" } : {}) }), button = make("button", { type: "button" }, title);
    if (place === order.column) cell.setAttribute("aria-sort", order.descending ? "descending" : "ascending");
    button.addEventListener("click", () => {
      order = { column: place, descending: place === order.column && !order.descending };
      render();
      view.querySelectorAll("th button")[at].focus();
    });
    head.append(within(cell, button));
  });
  const holder = within(make("div", { class: "scrolls" }), within(table, within(make("thead", {}), head), body));
  view.append(holder);
  portions(body, rows, rowsAtOnce, row => within(make("tr", {}), ...shown.map(([place, title, isNumber, valueOf]) => {
    const cell = make("td", isNumber ? { class: "number" } : title === "chosen answers" ? { class: "answers" } : {});
    return within(cell, place === 0 ? link(row.number, pool, row.number, null, filters)
      : title === "share right" ? valueOf(row).toFixed(3) : String(valueOf(row)));
  })));
  const more = body.nextElementSibling;
  if (more) holder.after(more);
};

const otherPages = (pool, filters) => within(make("nav", { "aria-label": "Pages" }),
  "Only the samples of this page are looked at; others: ", ...data.pages.map((page, place) => place === data.page ? ""
    : make("a", { href: encodeURIComponent(page) + fragment(pool, null, null, filters) }, page)));

const article = (pool, [problem, sample, right, finish, tokens, answer, text], filters, isTarget) => {
  const facts = [right ? "right" : "wrong", answer === "" ? "no answer" : `answer: ${answer}`, finish,
    tokens === null ? "" : `${tokens} token${tokens === 1 ? "" : "s"}`];
  const element = make("article", { "data-sample": sample, ...(isTarget ? { class: "target" } : {}) });
  element.append(within(make("h3", {}), link(`sample ${sample}`, pool, problem, sample, filters)),
    make("span", right ? {} : { class: "wrong" }, facts.filter(fact => fact !== "").join(", ")),
    text === null ? make("p", { class: "count" }, "The text is not known here.") : make("pre", {}, text));
  return element;
};

const showSamples = ({ pool, problem, sample, filters }) => {
  const { name, problems, asked } = data.pools[pool], place = problems.findIndex(each => each[0] === problem);
  const ways = make("nav", { "aria-label": "Problems" });
  ways.append(link("all problems", pool, null, null, filters));
  if (problems[place - 1]) ways.append(link("the one before", pool, problems[place - 1][0], null, filters));
  if (place >= 0 && problems[place + 1]) ways.append(link("the next", pool, problems[place + 1][0], null, filters));
  view.append(ways, make("h2", {}, `${name}, problem ${problem}`));
  if (place < 0) { view.append(make("p", {}, "There is no such problem.")); return; }
  const [, difficulty, right, count, gold] = problems[place], [question, prompt] = asked[problem] ?? ["", ""];
  if (question) view.append(make("pre", { class: "question" }, question));
  if (prompt)
    view.append(within(make("details", {}), make("summary", {}, "The prompt, as the model was given it"), make("pre", {}, prompt)));
  const isMatch = matcher(filters), all = samplesIn(pool, problem);
  const shown = all.filter(each => each[1] === sample || isMatch(each)), target = shown.findIndex(each => each[1] === sample);
  view.append(make("p", { class: "count", role: "status" }, (hasDifficulties(pool) ? `Difficulty ${difficulty}; ` : "")
    + `${right} of ${count} samples are right${gold === "" ? "" : `; the right answer: ${gold}`}. `
    + `${shown.length} of ${all.length} samples are shown.`));
  if (sample !== null && target < 0) view.append(make("p", {}, `There is no sample ${sample} of it.`));
  if (all.length < count) view.append(within(make("nav", { "aria-label": "Pages" }), "Its samples are on several pages: ",
    ...pagesOf(pool, problem).map(([page, from]) => link(data.pages[page], pool, problem, from, filters))));
  // A sample far down begins the list: what is before it is a link away.
  const first = target > samplesAtOnce * 10 ? target : 0, list = make("div", {});
  if (first > 0) view.append(link(`show the ${first} samples before`, pool, problem, null, filters));
  view.append(list);
  portions(list, shown.slice(first), Math.max(samplesAtOnce, target - first + 1),
    each => article(pool, each, filters, each[1] === sample));
  view.querySelector(".target")?.scrollIntoView();
};

const fields = {
  pool: ["Pool", "select", () => data.pools.map(pool => [pool.name, pool.name])],
  difficulty: ["Difficulty", "select", pool => [["", "any"], ...[...new Set(data.pools[pool].problems.map(problem => problem[1]))]
    .sort((a, b) => a - b).map(value => [value, value])]],
  right: ["Right or wrong", "select", () => [["", "both"], ["1", "right"], ["0", "wrong"]]],
  finish: ["Ended by", "select", pool => [["", "anything"], ...[...new Set(data.pools[pool].samples.map(sample => sample[3]))]
    .filter(finish => finish !== "").sort().map(finish => [finish, finish])]],
  answer: ["Answer is", "input"], text: ["Text contains", "input"],
};

// Fields keep what is being typed into them: they are made anew for another pool only.
let madeFor = -1;
const showFields = ({ pool, filters }) => {
  if (madeFor !== pool) {
    madeFor = pool;
    form.replaceChildren();
    for (const [name, [title, tag, optionsOf]] of Object.entries(fields)) {
      const field = make(tag, tag === "input" ? { name, type: "search" } : { name }), options = optionsOf?.(pool);
      if (options && options.length <= (name === "pool" ? 0 : 2) && name !== "right") continue;
      field.append(...(options ?? []).map(([value, text]) => make("option", { value }, text)));
      form.append(within(make("label", {}, title), field));
    }
  }
  for (const name of Object.keys(fields)) {
    const field = form.elements[name], value = name === "pool" ? data.pools[pool].name : filters[name] ?? "";
    if (field && field.value !== value && field !== document.activeElement) field.value = value;
  }
};

let waiting = 0;
form.addEventListener("submit", event => event.preventDefault());
form.addEventListener("input", event => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const now = readAddress(), pool = data.pools.findIndex(each => each.name === form.elements.pool.value);
    const filters = Object.fromEntries(Object.keys(fields).filter(name => name !== "pool")
      .map(name => [name, form.elements[name]?.value ?? ""]));
    location.replace(fragment(pool, pool === now.pool && event.target.name !== "difficulty" ? now.problem : null, null, filters));
  }, event.target.tagName === "INPUT" ? 200 : 0);
});

const render = () => {
  const now = readAddress(), page = now.problem === null ? data.page : pageOf(now.pool, now.problem, now.sample);
  if (page !== data.page) { location.replace(encodeURIComponent(data.pages[page]) + location.hash); return; }
  view.replaceChildren();
  if (data.pools.length === 0) return;
  showFields(now);
  if (now.problem === null) showProblems(now); else showSamples(now);
};
addEventListener("hashchange", render);
render();
