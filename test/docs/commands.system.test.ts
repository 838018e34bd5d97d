import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import pLimit from "p-limit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FILES, type Given, PROVIDERS } from "./files.js";
import { type Block, blocksOf, manual } from "./markdown.js";

/*
 * The comment above a block says what the test does with it: `not run: REASON`, `run by FILE`, `file: NAME` (the block is saved as a file of
 * the page), or `printed` (the commands before it print these lines).
 */

/** Blocks of commands are run, unless a comment gives a reason against it. */
const isRun = ({ language, comment }: Block): boolean =>
  language === "sh" && !/^(not run: |run by )/.test(comment ?? "");

const withCommands = manual().filter((page) => blocksOf(page).some(isRun));
const twoAtOnce = pLimit(2);

const MMEL = resolve("dist/cli/main.js");

describe("commands in the pages", () => {
  let folder = "";
  const given = {} as { -readonly [name in keyof Given]: Given[name] };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mmel-docs-"));
    const bin = join(folder, "bin");
    await mkdir(bin);
    // A service runs on a free port, in the background, until its page is done.
    await writeFile(
      join(bin, "mmel"),
      `#!/bin/sh
mmel="${process.execPath} ${MMEL}"
case $1 in
  serve | open)
    $mmel "$@" --port $PORT > "$PAGE/.service" 2>&1 &
    echo $! >> "$PAGE/.services"
    for i in $(seq 300); do grep -q "127.0.0.1:$PORT" "$PAGE/.service" && exit 0; sleep 0.1; done
    cat "$PAGE/.service" >&2; exit 1 ;;
  *) exec $mmel "$@" ;;
esac
`,
      { mode: 0o755 },
    );
    // In a checkout: `npm ci && npm run demo`, and `npx tsx FILE`.
    const npm = `[ "$*" = ci ] || { [ "$*" = "run demo" ] && exec mmel demo; }`;
    const npx = `[ "$1" = tsx ] && shift && exec ${process.execPath} ${resolve("node_modules/tsx/dist/cli.mjs")} "$@"`;
    await writeFile(join(bin, "npm"), `#!/bin/sh\n${npm}\n`, { mode: 0o755 });
    await writeFile(join(bin, "npx"), `#!/bin/sh\n${npx}\n`, { mode: 0o755 });
    given.kb = join(folder, "kb");
    given.run = async (script, cwd) => (await runScript(script, cwd, folder)).stdout;
    await given.run(
      `mmel kb import ${resolve("demo/entities.jsonl")} --kb ${given.kb} --name people`,
      folder,
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const runPage = async (page: string): Promise<void> => {
    const cwd = join(folder, page.replaceAll("/", "-"));
    await mkdir(cwd);
    for (const name of FILES[page] ?? []) await PROVIDERS[name]!(join(cwd, name), given);
    let printed = "";
    try {
      for (const block of blocksOf(page)) {
        const where = `${page}, line ${block.line}`;
        if (isRun(block)) {
          const ended = await runScript(block.code, cwd, folder);
          if (ended.code !== 0) throw new Error(`${where}: exit code ${ended.code}\n${ended.stderr}`);
          printed = ended.stderr + ended.stdout;
        } else if (block.comment === "printed") expect(printed, where).toMatch(patternOf(block.code));
        else if (block.comment?.startsWith("file: "))
          await writeFile(join(cwd, block.comment.slice("file: ".length)), block.code);
      }
    } finally {
      await runScript("[ ! -e .services ] || kill $(cat .services)", cwd, folder);
    }
  };

  it.concurrent.each(withCommands)("%s", (page) => twoAtOnce(() => runPage(page)), 600_000);

  it("are in blocks marked sh", () => {
    const unmarked = manual().flatMap((page) =>
      blocksOf(page)
        .filter(
          ({ language, code }) => language === "" || (language !== "sh" && /^(mmel|npm|npx) /m.test(code)),
        )
        .filter(({ language }) => language !== "text")
        .map(({ line }) => `${page}, line ${line}`),
    );
    expect(unmarked).toEqual([]);
  });
});

/** Runs a script with bash as it is printed, except for the port of a service. */
async function runScript(script: string, cwd: string, folder: string) {
  const port = await portOf(cwd);
  const env = {
    ...process.env,
    PATH: join(folder, "bin") + delimiter + process.env.PATH,
    HOME: join(folder, "home"),
    NO_COLOR: "1",
    PAGE: cwd,
    PORT: String(port),
  };
  const child = spawn(
    "bash",
    ["-euo", "pipefail", "-c", script.replaceAll("127.0.0.1:8080", `127.0.0.1:${port}`)],
    {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { script, code: code as number, stdout, stderr };
}

const ports = new Map<string, number>();

/** A port that was free when the page asked for it first. */
async function portOf(page: string): Promise<number> {
  const known = ports.get(page);
  if (known !== undefined) return known;
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  ports.set(page, port);
  return port;
}

/** Matches output that contains these lines in this order, possibly with other lines in between. `…` matches any text. */
const patternOf = (printed: string): RegExp =>
  new RegExp(
    printed
      .trim()
      .split("\n")
      .map((line) => line.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("…", ".*"))
      .join(" *\n(?:.*\n)*?"),
  );
