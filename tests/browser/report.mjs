// report.html in a real browser: what it says is what the other files say, and it needs nothing but itself.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { avstem, check, csv, desk, json, launch, page } from "./support.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await launch();

// Opens a report and notes everything that it says to the console or asks of a network.
async function open(run, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const tab = await context.newPage();
  const noise = [];
  tab.on("console", (message) => noise.push(`console: ${message.text()}`));
  tab.on("pageerror", (error) => noise.push(`error: ${error.message}`));
  tab.on("request", (request) => { if (request.url() !== page(run)) noise.push(`request: ${request.url()}`); });
  await tab.goto(page(run));
  return { tab, noise, close: () => context.close() };
}

async function test(name, body) {
  const start = Date.now();
  await body();
  console.log(`ok  ${name} (${Date.now() - start} ms)`);
}

const plain = (text) => text.replace(/\u00A0/g, " ");
const minor = (text) => BigInt(plain(text).replace(/[ .]/g, ""));
const visible = (tab) => tab.locator("#list > tbody:visible");

const sample = check("samples/export", "sample");
const exceptions = csv(sample, "exceptions.csv");

await test("verdict and totals are those of the other files", async () => {
  const { tab, noise, close } = await open(sample);
  const open_ = (severity) => exceptions.filter((row) => row.severity === severity && row.accepted === "false").length;
  assert.equal(plain(await tab.textContent("#errors")), `${open_("error")} errors`);
  assert.match(plain(await tab.textContent(".answers")), new RegExp(`${open_("warning")} warnings, ${open_("info")} info`));
  assert.equal(plain(await tab.textContent("h1")), `${open_("error")} errors to look into`);
  const summary = json(sample, "summary.json");
  const days = csv(sample, "rollforward.csv");
  for (const [currency, totals] of Object.entries(summary.totals)) {
    const row = tab.locator("#t-transactions tbody tr", { hasText: currency });
    for (const name of ["authorised", "captured", "refunded", "released", "open", "net"]) {
      const wanted = BigInt(totals[`${name.replace("authorised", "authorized")}_minor`]);
      assert.equal(minor(await row.locator(`[data-l=${name}]`).textContent()), wanted, `${currency} ${name}`);
    }
    const captured = days.filter((day) => day.currency === currency).reduce((sum, day) => sum + BigInt(day.captured_minor), 0n);
    assert.equal(minor(await row.locator("[data-l=captured]").textContent()), captured);
  }
  const shown = await visible(tab).evaluateAll((rows) => rows.map((row) => row.id.slice(1)));
  assert.deepEqual(shown, exceptions.map((row) => row.exception_id));
  const rules = await tab.locator(".rules tbody tr").evaluateAll((rows) => rows.map((row) =>
    [row.querySelector("th a").textContent, row.querySelector("a[data-rule]").textContent]));
  const fired = csv(sample, "coverage.csv").filter((row) => row.currency === "" && row.findings !== "0");
  assert.deepEqual(rules.sort(), fired.map((row) => [row.rule, row.findings]).sort());
  assert.deepEqual(noise, []);
  await close();
});

await test("filters and sorting work", async () => {
  const { tab, noise, close } = await open(sample);
  const count = async () => visible(tab).count();
  const has = (of) => exceptions.filter(of).length;
  await tab.selectOption("select[name=s]", "warning");
  assert.equal(await count(), has((row) => row.severity === "warning"));
  await tab.selectOption("select[name=c]", "NOK");
  assert.equal(await count(), has((row) => row.severity === "warning" && row.currency === "NOK"));
  assert.match(await tab.textContent("#shown"), new RegExp(`^${await count()} of ${exceptions.length} shown$`));
  await tab.click("button[type=reset]");
  await tab.waitForFunction((all) => document.querySelector("#shown").textContent === `${all} shown`, exceptions.length);
  const product = exceptions.find((row) => row.payment_product_type).payment_product_type;
  await tab.selectOption("select[name=p]", product);
  assert.equal(await count(), has((row) => row.payment_product_type === product));
  await tab.click("button[type=reset]");
  await tab.selectOption("select[name=r]", "AV401");
  assert.equal(await count(), has((row) => row.rule === "AV401"));
  await tab.click("button[type=reset]");
  await tab.fill("input[name=t]", exceptions[3].id.toUpperCase());
  assert.ok(await count() >= 1 && await count() < exceptions.length);
  await tab.click("button[type=reset]");
  await tab.click(".rules a[data-rule=AV101]");
  assert.equal(await count(), has((row) => row.rule === "AV101"));
  await tab.click("button[type=reset]");
  const order = () => visible(tab).evaluateAll((rows) => rows.map((row) => row.id.slice(1)));
  const head = (name) => tab.locator("#list thead th", { hasText: name });
  await head("age").locator("button").click();
  assert.equal(await head("age").getAttribute("aria-sort"), "ascending");
  const ages = new Map(exceptions.map((row) => [row.exception_id, row.age_days === "" ? Infinity : Number(row.age_days)]));
  const up = (await order()).map((id) => ages.get(id));
  assert.deepEqual(up, [...up].sort((a, b) => a - b));
  await head("age").locator("button").click();
  assert.equal(await head("age").getAttribute("aria-sort"), "descending");
  const down = (await order()).map((id) => ages.get(id)).filter(Number.isFinite);
  assert.deepEqual(down, [...down].sort((a, b) => b - a));
  await head("amount").locator("button").click();
  const deltas = new Map(exceptions.map((row) => [row.exception_id, row]));
  const nok = (await order()).map((id) => deltas.get(id)).filter((row) => row.currency === "NOK" && row.delta_minor !== "");
  const sums = nok.map((row) => Number(row.delta_minor));
  assert.ok(sums.length > 5);
  assert.deepEqual(sums, [...sums].sort((a, b) => a - b));
  assert.deepEqual(noise, []);
  await close();
});

await test("a timeline ends in its proof, and marks what breaks", async () => {
  const { tab, close } = await open(sample);
  const found = exceptions.find((row) => row.rule === "AV101");
  const row = tab.locator(`#x${found.exception_id}`);
  await row.locator("summary").click();
  assert.match(plain(await row.locator("tr.breaks").textContent()), new RegExp(found.event.replace(/[[\]]/g, "\\$&")));
  const [authorised, captured, released, left] = await row.locator(".proof b").allTextContents();
  assert.equal(minor(authorised), minor(captured) + minor(released) + minor(left));
  assert.equal(minor(captured), BigInt(found.actual_minor));
  assert.equal(await tab.locator("#list summary").count(), exceptions.length);
  for (const link of await tab.locator("#list a[href^='#AV']").evaluateAll((links) => links.map((a) => a.getAttribute("href")))) {
    assert.equal(await tab.locator(link).count(), 1, link);
  }
  await close();
});

await test("the page holds with scripts off", async () => {
  const { tab, noise, close } = await open(sample, { javaScriptEnabled: false });
  assert.equal(await visible(tab).count(), exceptions.length);
  assert.equal(await tab.locator("#filters").isVisible(), false);
  assert.equal(await tab.locator("noscript p").isVisible(), true);
  const first = tab.locator("#list details").first();
  await first.locator("summary").click();
  assert.equal(await first.locator(".proof, .quiet").first().isVisible(), true);
  assert.deepEqual(noise, []);
  await close();
});

async function accessible(tab, what) {
  await tab.evaluate(axe);
  const { violations } = await tab.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const said = violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
  assert.deepEqual(said, [], what);
}

await test("nothing is in the way of people, in light and dark, wide and narrow", async () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 390]) {
      const { tab, noise, close } = await open(sample, { colorScheme, viewport: { width, height: 900 } });
      await tab.evaluate(() => document.querySelectorAll("details").forEach((details, place) => { details.open = place < 12; }));
      const [whole, seen] = await tab.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert.ok(whole <= seen, `${width} pixels: the page is ${whole} wide`);
      await accessible(tab, `${colorScheme}, ${width} pixels`);
      assert.deepEqual(noise, []);
      await close();
    }
  }
});

await test("it prints", async () => {
  const { tab, close } = await open(sample);
  await tab.emulateMedia({ media: "print" });
  const heads = await tab.locator("#list > thead th").evaluateAll((cells) => cells.map((cell) => ({
    words: getComputedStyle(cell, "::before").content.slice(1, -1), button: getComputedStyle(cell.firstElementChild).display })));
  const names = ["severity", "rule", "what was found", "product", "amount", "age in days"];
  assert.deepEqual(heads, names.map((words) => ({ words, button: "none" })));
  await tab.emulateMedia({ media: null });
  const pages = async () => (await tab.pdf({ format: "A4" })).toString("latin1").match(/\/Type\s*\/Page\b/g).length;
  const plain = await pages();
  assert.ok(plain >= 3 && plain <= 12, `${plain} pages`);
  // The texts of the rules are printed on demand.
  await tab.locator("#print-rules").check();
  assert.ok((await pages()) > plain + 3);
  await close();
});

await test("an input that is not complete, and one that holds markup, are shown as such", async () => {
  const input = join(desk, "hostile");
  mkdirSync(input);
  const evil = "<img src=x onerror=alert(1)>\u202E";
  const transaction = { id: `P1.${evil.replace("\u202E", "")}`, amount: 1000, currency: evil, status: "AUTHORIZED", merchant_reference: evil,
    payment_product_type: evil, created_at: "2026-11-01T10:00:00Z", events: [{ event: "CAPTURE", amount: 2000, id: evil, created_at: "2026-11-02T10:00:00Z" }] };
  writeFileSync(join(input, "a.ndjson"), `${JSON.stringify(transaction)}\n{"id": 5}\n`);
  const run = check(input, "hostile-run");
  const { tab, noise, close } = await open(run);
  assert.equal(await tab.textContent("h1"), "The input is not complete");
  assert.equal(await tab.locator("img").count(), 0);
  assert.ok((await tab.textContent("#list")).includes("<img src=x onerror=alert(1)>\\u{202E}"));
  assert.ok((await tab.textContent("#rejects")).includes("a.ndjson"));
  await accessible(tab, "hostile");
  assert.deepEqual(noise, []);
  await close();
});

await test("a clean run says so", async () => {
  const world = join(desk, "clean-world");
  avstem("generate", "--transactions", "200", "--seed", "3", "--faults", "0", "--out", world);
  const { tab, noise, close } = await open(check(join(world, "export"), "clean"));
  assert.equal(await tab.textContent("h1"), "Everything balances");
  await accessible(tab, "clean");
  assert.deepEqual(noise, []);
  await close();
});

await test("very many exceptions leave a small page that opens at once", async () => {
  const world = join(desk, "faulty-world");
  avstem("generate", "--transactions", "12000", "--seed", "5", "--faults", "1", "--shape", "lean", "--out", world);
  const run = check(join(world, "export"), "faulty");
  const many = csv(run, "exceptions.csv");
  const size = statSync(join(run, "report.html")).size;
  assert.ok(many.length > 8000 && size < 10_000_000, `${many.length} exceptions, ${size} bytes`);
  const start = Date.now();
  const { tab, noise, close } = await open(run);
  await tab.locator("#shown").waitFor();
  const took = Date.now() - start;
  console.log(`    ${many.length} exceptions, ${size} bytes, open after ${took} ms`);
  assert.ok(took < 20_000);
  assert.match(plain(await tab.textContent("#exceptions .note")), /exceptions\.csv/);
  assert.equal(await tab.locator("#list summary").count(), 1000);
  const open_ = many.filter((row) => row.severity === "error" && row.accepted === "false").length;
  assert.equal(minor((await tab.textContent("#errors")).replace(/\D+$/, "")), BigInt(open_));
  assert.deepEqual(noise, []);
  await close();
});

await test("the page of a history needs nothing but itself, and fits", async () => {
  const runs = ["history-1", "history-2"];
  const first = check("samples/export", runs[0], "--as-of", "2026-10-31");
  const second = check("samples/export", runs[1], "--as-of", "2026-11-03", "--baseline", first);
  assert.equal(avstem("history", first, second, "--out", join(desk, "history")), 0);
  const address = `file://${join(desk, "history", "history.html")}`;
  for (const [colorScheme, width] of [["light", 1280], ["dark", 1280], ["light", 390], ["dark", 390]]) {
    // axe has to be let in: the page itself allows no script.
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
    const tab = await context.newPage();
    const noise = [];
    tab.on("console", (message) => noise.push(message.text()));
    tab.on("request", (request) => { if (request.url() !== address) noise.push(request.url()); });
    await tab.goto(address);
    const [whole, seen] = await tab.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(whole <= seen, `${width} pixels: the page is ${whole} wide`);
    assert.match(plain(await tab.textContent("#verdict")), /exceptions open on 2026-11-03 \(history-2\)$/);
    assert.equal(await tab.locator("table.all tbody tr").count(), 2);
    await accessible(tab, `${colorScheme}, ${width} pixels`);
    assert.deepEqual(noise, []);
    await context.close();
  }
});

await browser.close();
