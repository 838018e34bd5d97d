import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import type { WireCaption } from "../../src/formats/index.js";
import { importDemo, type Running, start } from "../cli/harness.js";

/** Debian's Chromium; `MMEL_CHROMIUM` names another. */
const CHROMIUM = process.env.MMEL_CHROMIUM ?? "/usr/bin/chromium";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Timeout of one step in milliseconds, long enough for a busy machine. */
const STEP_TIMEOUT = 60_000;

/** Declares tests that need a browser; without one they are skipped, with the reason in the title. */
export function inBrowser(name: string, tests: (open: OpenPage) => void): void {
  const isMissing = !existsSync(CHROMIUM);
  const title = isMissing
    ? `${name} (skipped: ${CHROMIUM} is missing; install chromium or set MMEL_CHROMIUM)`
    : name;
  describe.skipIf(isMissing)(title, { timeout: 3 * STEP_TIMEOUT }, () => {
    tests(async (address, options) => openPage(await sharedBrowser(), address, options));
  });
}

let launched: Promise<Browser> | undefined;

/** Returns one Chromium for all test files of a worker, which share this module. It ends with the worker. */
function sharedBrowser(): Promise<Browser> {
  launched ??= chromium.launch({ executablePath: CHROMIUM }).then((browser) => {
    browser.on("disconnected", () => {
      launched = undefined;
    });
    return browser;
  });
  return launched;
}

export interface OpenOptions extends BrowserContextOptions {
  /** Selector of the element that shows that the page is ready; default: the review page. */
  readonly ready?: string;
}

export type OpenPage = (address: string, options?: OpenOptions) => Promise<Visit>;

/** A page in its own browser context: it shares nothing with other visits. */
export interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** Console errors, policy violations, dialogs and requests to other origins. */
  readonly complaints: string[];
}

async function openPage(
  browser: Browser,
  address: string,
  { ready = ".page", ...options }: OpenOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  context.setDefaultTimeout(STEP_TIMEOUT);
  await context.addInitScript(() => {
    const key = "mmel-review-preferences"; // the page asks for the reviewer's name if it has none
    if (localStorage.getItem(key) === null)
      localStorage.setItem(key, JSON.stringify({ reviewer: "R. Test" }));
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    // tests make pictures and answers fail on purpose
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
  await page.locator(ready).waitFor();
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

/** Runs `mmel serve` on a knowledge base for the tests of a file. */
export const served = (kb: () => Promise<string>, ...options: string[]): (() => string) =>
  running(async () => ["serve", "--kb", await kb(), "--port", "0", ...options]);

/** Imports the demo's knowledge base into a folder and runs `mmel serve` on it for the tests of a file. */
export const servedDemo = (kb: string, ...options: string[]): (() => string) =>
  served(
    async () => {
      await importDemo(kb);
      return kb;
    },
    ...options,
  );

/** Runs a command that serves the page for the tests of a file, and returns its address. */
export function running(args: () => Promise<readonly string[]>): () => string {
  let service: Running | undefined;
  let address = "";
  beforeAll(async () => {
    service = start(await args());
    address = await addressOf(service);
  });
  afterAll(async () => {
    service?.child.kill("SIGTERM");
    await service?.ended;
  });
  return () => address;
}

async function addressOf({ child, ended }: Running): Promise<string> {
  const announced = new Promise<string>((resolve) => {
    child.stdout?.on("data", (chunk) => {
      const found = /http:\/\/[\d.]+:\d+/.exec(String(chunk));
      if (found !== null) resolve(found[0]);
    });
  });
  const exited = ended.then(({ stderr }) => expect.fail(`the service exited: ${stderr}`));
  return `${await Promise.race([announced, exited])}/`;
}

const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Returns the accessibility violations that axe finds: WCAG 2.2 A and AA and best practice, or these rules only. */
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

/** Opens records as a file through the file picker. */
export async function openRecords(page: Page, name: string, records: readonly unknown[]): Promise<void> {
  const lines = records.map((one) => (typeof one === "string" ? one : JSON.stringify(one)));
  const file = { name, mimeType: "application/x-ndjson", buffer: Buffer.from(`${lines.join("\n")}\n`) };
  await page.getByLabel("Files with captions").setInputFiles(file);
}

/** Pastes text outside any text field. */
export const paste = (page: Page, text: string): Promise<unknown> =>
  page.evaluate((content) => {
    const data = new DataTransfer();
    data.setData("text/plain", content);
    document.body.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, text);

/** Drops files, by name, or text on the page. */
export async function drop(page: Page, items: Readonly<Record<string, string | Buffer>>): Promise<void> {
  const contents = Object.entries(items).map(
    ([name, content]) => [name, typeof content === "string" ? content : content.toString("base64")] as const,
  );
  await page.evaluate((all) => {
    const data = new DataTransfer();
    for (const [name, content] of all) {
      if (name === "text") data.setData("text/plain", content);
      else data.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name));
    }
    const event = { dataTransfer: data, bubbles: true, cancelable: true };
    document.body.dispatchEvent(new DragEvent("dragover", event));
    document.body.dispatchEvent(new DragEvent("drop", event));
  }, contents);
}

/** Exports the captions and returns the records of the downloaded file. */
export async function exported(page: Page, which: "all" | "complete" = "all"): Promise<WireCaption[]> {
  await page.getByRole("button", { name: "Export" }).first().click();
  await page.getByRole("radio", { name: /^Captions with decisions/ }).check();
  await page.getByRole("radio", { name: which === "all" ? /^All/ : /^Only/ }).check();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: /^Save/ }).click(),
  ]);
  const lines = readFileSync(await download.path(), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as WireCaption);
}

/** Returns the names marked in the caption. */
export const marks = (page: Page): Promise<string[]> => page.locator("#caption-text .mark").allTextContents();

/** Waits until every caption is linked or has failed. */
export const allLinked = (page: Page): Promise<void> =>
  page.waitForFunction(() => {
    const rows = [...document.querySelectorAll(".queue .status")];
    return rows.length > 0 && rows.every((row) => !row.classList.contains("pending"));
  }) as Promise<unknown> as Promise<void>;

/** Returns a caption with each name marked at its first occurrence. */
export function spanned(id: string, text: string, ...names: string[]): WireCaption {
  return {
    id,
    text,
    mentions: names.map((name) => {
      const start = text.indexOf(name);
      return { text: name, start, end: start + name.length };
    }),
  };
}
