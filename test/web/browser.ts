import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import type { WireCaption } from "../../src/formats/index.js";
import { type Running, start } from "../cli/harness.js";

/** Debian's Chromium; `MMEL_CHROMIUM` names another. */
const CHROMIUM = process.env.MMEL_CHROMIUM ?? "/usr/bin/chromium";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Milliseconds that a page may take for a step on a machine that does much else. */
const PATIENCE = 60_000;

/** Tests that need a browser; without one they are skipped and say so. */
export function inBrowser(name: string, tests: (open: OpenPage) => void): void {
  const isMissing = !existsSync(CHROMIUM);
  const title = isMissing
    ? `${name} (skipped: no ${CHROMIUM}; apt install chromium, or MMEL_CHROMIUM)`
    : name;
  describe.skipIf(isMissing)(title, { timeout: 3 * PATIENCE }, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: CHROMIUM });
    });
    afterAll(() => browser?.close());
    tests((address, options) => openPage(browser, address, options));
  });
}

export type OpenPage = (address: string, options?: BrowserContextOptions) => Promise<Visit>;

/** A reviewer's page in a browser of their own: nothing is shared with other visits. */
export interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** What the page said that it should not have: errors, warnings of the policy, requests to other places. */
  readonly complaints: string[];
}

async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    // a picture or answer that a test takes away on purpose is no fault of the page
    if (message.type() === "error" && !message.text().includes("Failed to load resource"))
      complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(address) && !request.url().startsWith("blob:"))
      complaints.push(request.url());
  });
  await page.goto(address);
  await page.locator(".page").waitFor();
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

/** The real command, serving a knowledge base for the tests of a file. */
export function served(kb: () => Promise<string>, ...options: string[]): () => string {
  let running: Running | undefined;
  let address = "";
  beforeAll(async () => {
    running = start(["serve", "--kb", await kb(), "--port", "0", ...options]);
    address = await addressOf(running);
  });
  afterAll(async () => {
    running?.child.kill("SIGTERM");
    await running?.ended;
  });
  return () => address;
}

async function addressOf({ child, ended }: Running): Promise<string> {
  const said = new Promise<string>((resolve) => {
    child.stdout?.on("data", (chunk) => {
      const found = /http:\/\/[\d.]+:\d+/.exec(String(chunk));
      if (found !== null) resolve(found[0]);
    });
  });
  const dead = ended.then(({ stderr }) => expect.fail(`mmel serve ended: ${stderr}`));
  return `${await Promise.race([said, dead])}/`;
}

const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe has against the page as it is: all of WCAG 2.2 A and AA and good practice, or these rules only. */
export async function axe(page: Page, rules?: readonly string[]): Promise<string[]> {
  const runOnly = rules === undefined ? { type: "tag", values: STANDARDS } : { type: "rule", values: rules };
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(AXE);
  const found = (await page.evaluate(`axe.run(document, ${JSON.stringify({ runOnly })})`)) as {
    violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[];
  };
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
}

/** Opens records as a file, as the file picker does. */
export async function openRecords(page: Page, name: string, records: readonly unknown[]): Promise<void> {
  const lines = records.map((one) => (typeof one === "string" ? one : JSON.stringify(one)));
  const file = { name, mimeType: "application/x-ndjson", buffer: Buffer.from(`${lines.join("\n")}\n`) };
  await page.getByLabel("Files of captions").setInputFiles(file);
}

/** The text on the clipboard's way into the page: what a paste outside of any field brings. */
export const paste = (page: Page, text: string): Promise<unknown> =>
  page.evaluate((content) => {
    const data = new DataTransfer();
    data.setData("text/plain", content);
    document.body.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, text);

/** Saves what the page exports, and reads it. */
export async function exported(page: Page, which: "all" | "finished" = "all"): Promise<WireCaption[]> {
  await page.getByRole("button", { name: "Export" }).first().click();
  await page.getByRole("radio", { name: which === "all" ? /^All/ : /^Only/ }).check();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: /^Save/ }).click(),
  ]);
  const lines = readFileSync(await download.path(), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as WireCaption);
}

/** The names and whether they are decided, as the caption shows them. */
export const marks = (page: Page): Promise<string[]> => page.locator("#caption-text .mark").allTextContents();

/** Waits until no caption waits for the linker any more. */
export const allLinked = (page: Page): Promise<void> =>
  page.waitForFunction(() => {
    const rows = [...document.querySelectorAll(".queue .status")];
    return rows.length > 0 && rows.every((row) => !row.classList.contains("pending"));
  }) as Promise<unknown> as Promise<void>;
