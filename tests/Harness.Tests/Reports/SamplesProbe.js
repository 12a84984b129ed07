// Uses a page of samples as a reader would. Expects in the variable expected: problems, wrongProblems, and hostile, the texts of the
// samples of problem 0.
const settled = () => new Promise(done => setTimeout(done, 600));
const expect = (what, is, shouldBe) => {
  if (JSON.stringify(is) !== JSON.stringify(shouldBe)) found.errors.push(`${what}: ${JSON.stringify(is)}, not ${JSON.stringify(shouldBe)}`);
};
const form = document.getElementById("filters"), view = document.getElementById("view");
const rows = () => [...view.querySelectorAll("tbody tr")];
const column = place => rows().map(row => Number(row.cells[place].textContent));
const set = async (name, value) => {
  form.elements[name].value = value;
  form.elements[name].dispatchEvent(new Event("input", { bubbles: true }));
  await settled();
};
const atEnd = async () => {
  for (let more; (more = view.querySelector("button.more"));) { more.click(); await settled(); }
};

await settled();
expect("rows at first", rows().length <= 200, true);
await atEnd();
expect("problems", rows().length, expected.problems);
view.querySelectorAll("th button")[2].click();
await atEnd();
expect("ascending shares", column(2), column(2).toSorted((a, b) => a - b));
view.querySelectorAll("th button")[2].click();
await atEnd();
expect("descending shares", column(2), column(2).toSorted((a, b) => b - a));
expect("the title that sorts", view.querySelector("th[aria-sort]").getAttribute("aria-sort"), "descending");

await set("right", "0");
expect("the address", location.hash.endsWith("?right=0"), true);
await atEnd();
expect("problems with a wrong sample", rows().length, expected.wrongProblems);
await set("right", "");
await set("text", "ONERROR");
expect("problems whose texts have it", rows().map(row => row.cells[0].textContent), ["0"]);
lookAround();
rows()[0].cells[0].firstChild.click();
await settled();
expect("samples whose texts have it", view.querySelectorAll("article").length, 1);
await set("text", "");
expect("samples", view.querySelectorAll("article").length, expected.hostile.length);
expect("texts", [...view.querySelectorAll("article pre")].map(text => text.textContent), expected.hostile);
expect("elements that texts made", view.querySelectorAll("img, script, b, i, svg").length, 0);
expect("what texts ran", window.hacked, undefined);
await set("answer", "none of them");
expect("samples of no answer", view.querySelectorAll("article").length, 0);
lookAround();
