// LibreOffice opens report.xlsx and the CSV of --csv-dialect excel-no, and saves what was in them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { check, csv, desk, rows } from "./support.mjs";

const profile = join(desk, "office");
function convert(file, to, out, ...more) {
  mkdirSync(out, { recursive: true });
  execFileSync("soffice", [`-env:UserInstallation=file://${profile}`, "--headless", ...more, "--convert-to", to, "--outdir", out, file],
    { stdio: "ignore" });
}

// 44 or 59: delimiter; 34: quote; 76: UTF-8; then the first row, column types, language, and whether quoted means text.
const SAVE_ALL = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1';

const plain = check("samples/export", "plain", "--xlsx");
const exceptions = csv(plain, "exceptions.csv");

{
  const out = join(desk, "xlsx");
  convert(join(plain, "report.xlsx"), SAVE_ALL, out);
  const sheet = (name) => rows(readFileSync(join(out, `report-${name}.csv`), "utf8"));
  const found = sheet("exceptions");
  assert.equal(found.length, exceptions.length);
  const texts = ["exception_id", "rule", "id", "order_id", "transaction_id", "session_id", "merchant_reference", "line_id", "currency"];
  for (const [place, row] of found.entries()) {
    for (const name of texts) assert.equal(row[name], exceptions[place][name].replace(/^'(?=[=+\-@])/, ""), `${name} of row ${place}`);
    for (const name of ["expected_minor", "actual_minor", "delta_minor", "age_days"]) assert.equal(row[name], exceptions[place][name], name);
    assert.deepEqual([row.decision, row.owner, row.comment, row.expires], ["", "", "", ""]);
    assert.match(row.fingerprint, /^[0-9a-f]{16}$/);
  }
  const sum = (of, name) => of.reduce((all, row) => all + BigInt(row[name] || 0), 0n);
  assert.equal(sum(found, "delta_minor"), sum(exceptions, "delta_minor"));
  assert.equal(sheet("coverage").length, csv(plain, "coverage.csv").length);
  assert.equal(sheet("control totals").length, csv(plain, "control_totals.csv").length);
  assert.ok(sheet("summary").some((row) => row.what === "errors") && sheet("ageing").length > 0);
  console.log(`ok  LibreOffice reads report.xlsx: ${found.length} exceptions`);
}

{
  const run = check("samples/export", "excel", "--csv-dialect", "excel-no");
  const before = rows(readFileSync(join(run, "exceptions.csv"), "utf8"), ";");
  const names = Object.keys(before[0]);
  const numbers = new Set(["expected_minor", "actual_minor", "delta_minor", "expected", "actual", "delta", "age_days", "source_offset"]);
  // As people choose in the dialog: text for texts, standard for numbers; the language is Norwegian (1044).
  const types = names.map((name, place) => `${place + 1}/${numbers.has(name) ? 1 : 2}`).join("/");
  const out = join(desk, "excel-saved");
  convert(join(run, "exceptions.csv"), "csv:Text - txt - csv (StarCalc):59,34,76,1,,1044,false,true", out,
    `--infilter=Text - txt - csv (StarCalc):59,34,76,1,${types},1044,false,false`);
  const after = rows(readFileSync(join(out, "exceptions.csv"), "utf8"), ";");
  assert.equal(after.length, before.length);
  // LibreOffice writes numbers in its own language, and no noughts at the end.
  const amount = (words, text = words.replace(".", ",")) => (/^-?\d+(,\d+)?$/.test(text) ? text.replace(/,?0+$/, (end) => (end.startsWith(",") ? "" : end)).replace(/(,\d*?)0+$/, "$1") : text);
  for (const [place, row] of before.entries()) {
    for (const name of names) {
      const [was, is] = [row[name], after[place][name]];
      if (numbers.has(name)) assert.equal(amount(is), amount(was), `${name} of row ${place}`);
      else assert.equal(is, was, `${name} of row ${place}`);
    }
  }
  console.log(`ok  LibreOffice opens and saves the excel-no CSV: ${before.length} rows, no id and no amount changed`);
}
