import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Whether strace can be used: it sees what native code does, too. */
const hasStrace = spawnSync("strace", ["-f", "-qq", "-e", "trace=none", "true"]).status === 0;

/** How the network is watched here, for the titles of tests. */
export const watchedBy = hasStrace ? "seen by strace" : "seen by a stub in Node.js: strace is not installed";

export interface Seen {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Connections and packets sent, as `ADDRESS:PORT`, and name look-ups, as `look-up …`, each once, sorted. */
  readonly contacts: readonly string[];
  /** Files written in the home folder, and files left there or in the temporary folder. Sorted. */
  readonly files: readonly string[];
}

export interface Watched {
  readonly child: ChildProcess;
  readonly seen: Promise<Seen>;
}

/** The first file that is read to look up a name. Node.js reads /etc/resolv.conf whether it looks names up or not. */
const HOSTS = "/etc/hosts";

/**
 * Runs a Node.js program with an empty home folder and an empty temporary folder, and watches what it contacts and
 * writes. Telemetry is not switched off in its environment. A signal sent to `child` reaches the program.
 */
export function watch(args: readonly string[]): Watched {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "mmel-watched-")));
  const [home, tmp, trace] = [join(folder, "home"), join(folder, "tmp"), join(folder, "trace")];
  mkdirSync(home);
  mkdirSync(tmp);
  const { ORT_DISABLE_TELEMETRY: _, ...inherited } = process.env;
  const env = { ...inherited, HOME: home, XDG_CACHE_HOME: join(home, ".cache"), TMPDIR: tmp };
  const stub = new URL("network-stub.mjs", import.meta.url).href;
  // With -D, the program is our child, and strace is not.
  const child = hasStrace
    ? spawn(
        "strace",
        ["-D", "-f", "-y", "-s", "300", "-e", "trace=network,openat", "-o", trace, process.execPath, ...args],
        { env },
      )
    : spawn(process.execPath, ["--import", stub, ...args], { env: { ...env, MMEL_STUB_TRACE: trace } });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const look = async (): Promise<Seen> => {
    const [code] = await once(child, "close");
    const lines = await traceOf(trace, child.pid!);
    const written = hasStrace ? filesWritten(lines).filter((file) => file.startsWith(`${home}/`)) : [];
    const left = [...filesIn(home), ...filesIn(tmp)];
    const files = [...written, ...left].map((file) => relative(folder, file));
    const contacts = hasStrace ? lines.flatMap(contactsOf) : lines;
    rmSync(folder, { recursive: true });
    return { code, stdout, stderr, contacts: sortedSet(contacts), files: sortedSet(files) };
  };
  return { child, seen: look() };
}

const sortedSet = (texts: readonly string[]): string[] => [...new Set(texts)].sort();

/** Lines of the trace, once strace has written the end of the program. */
async function traceOf(file: string, pid: number): Promise<string[]> {
  for (;;) {
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
    if (!hasStrace || lines.some((line) => /^(\d+) +\+\+\+/.exec(line)?.[1] === String(pid))) return lines;
    await sleep(20);
  }
}

function contactsOf(line: string): string[] {
  const [, call, rest = ""] = /^\d+ +(\w+)\((.*)/.exec(line) ?? [];
  if (call === "openat") return rest.includes(`"${HOSTS}"`) ? [`look-up: read ${HOSTS}`] : [];
  if (call === undefined || !/^(?:connect|send)/.test(call)) return [];
  const [, port] = /sin6?_port=htons\((\d+)\)/.exec(rest) ?? [];
  const [, address] =
    /inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"/.exec(rest)?.filter(Boolean) ?? [];
  return port === undefined ? [] : [`${address}:${port}`];
}

function filesWritten(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const [, path = "", flags = ""] = /^\d+ +openat\([^"]*"([^"]*)", ([A-Z_|]+)/.exec(line) ?? [];
    return /O_WRONLY|O_RDWR|O_CREAT/.test(flags) ? [path] : [];
  });
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
