// What the browser tests share: the program, its files, a browser.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const desk = mkdtempSync(join(tmpdir(), "avstem-browser-"));

// Runs the program; the exit code is for the caller to judge.
export function avstem(...words) {
  try {
    execFileSync("target/debug/avstem", words, { stdio: ["ignore", "ignore", "inherit"] });
    return 0;
  } catch (error) {
    if (typeof error.status !== "number") throw error;
    return error.status;
  }
}

export function check(input, name, ...words) {
  const out = join(desk, name);
  avstem("check", input, "--out", out, "--quiet", "--fail-on", "never", ...words);
  return out;
}

// The rows of a CSV text as objects.
export function rows(text, delimiter = ",") {
  const table = [[]];
  let cell = "";
  let quoted = false;
  const body = text.replace(/^\uFEFF/, "");
  for (let at = 0; at < body.length; at += 1) {
    const c = body[at];
    if (quoted) {
      if (c === '"' && body[at + 1] === '"') { cell += '"'; at += 1; } else if (c === '"') quoted = false; else cell += c;
    } else if (c === '"') quoted = true;
    else if (c === delimiter) { table.at(-1).push(cell); cell = ""; }
    else if (c === "\n") { table.at(-1).push(cell.replace(/\r$/, "")); cell = ""; table.push([]); }
    else cell += c;
  }
  if (cell || table.at(-1).length) table.at(-1).push(cell); else table.pop();
  const [names, ...lines] = table;
  return lines.map((line) => Object.fromEntries(names.map((name, place) => [name, line[place] ?? ""])));
}

export const csv = (run, file) => rows(readFileSync(join(run, file), "utf8"));
export const json = (run, file) => JSON.parse(readFileSync(join(run, file), "utf8"));
export const page = (run) => "file://" + (run.startsWith("/") ? run : join(process.cwd(), run)) + "/report.html";

export const launch = () => chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
