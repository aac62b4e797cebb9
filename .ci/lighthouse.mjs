// lighthouse.mjs TASK: {pages: [{address, cookie}], categories, runs} -> a line of JSON a run: page, address shown,
// scores, what failed. A browser of its own for each: what one page set (a cookie) is not there for the next.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const { pages, categories, runs } = JSON.parse(process.argv[2]);
const asRoot = process.getuid() === 0 ? ["--no-sandbox"] : [];

async function visit(address, cookie) {
  const chrome = await launch({ chromeFlags: ["--headless=new", ...asRoot] });
  try {
    const extraHeaders = cookie ? { Cookie: cookie } : {};
    const flags = { port: chrome.port, onlyCategories: categories, extraHeaders, logLevel: "error", disableFullPageScreenshot: true };
    return (await lighthouse(address, flags)).lhr;
  } finally {
    await chrome.kill();
  }
}

// A busy machine may lose the trace of a visit: then there is no score, and nothing is said about the page.
const isLost = ({ categories: found }) => Object.values(found).some(({ score }) => score === null);

for (let run = 0; run < runs; run++) {
  for (const [page, { address, cookie }] of pages.entries()) {
    let told = await visit(address, cookie);
    for (let again = 0; again < 2 && isLost(told); again++) told = await visit(address, cookie);
    const scores = Object.values(told.categories).map(({ score }) => (score === null ? null : Math.round(score * 100)));
    const failed = Object.values(told.audits).filter((audit) => audit.score === 0 && audit.scoreDisplayMode === "binary");
    console.log(JSON.stringify({ page, shown: told.finalDisplayedUrl, scores, failed: failed.map(({ title }) => title) }));
  }
}
