// Pictures of the example's report for the documentation, at both widths.
import { launch, page } from "./support.mjs";

const browser = await launch();
for (const [width, height] of [[1280, 1180], [390, 1180]]) {
  const tab = await browser.newPage({ viewport: { width, height }, colorScheme: "light" });
  await tab.goto(page("reports/example"));
  await tab.screenshot({ path: `docs/report-${width}.png` });
  console.log(`docs/report-${width}.png`);
}
await browser.close();
