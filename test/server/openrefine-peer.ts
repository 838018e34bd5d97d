import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Path in Debian's package. */
const COMMAND = "/usr/bin/openrefine";

export const isOpenRefineInstalled = existsSync(COMMAND);

/** A real OpenRefine, driven by the same requests as its own page. */
export interface OpenRefine extends AsyncDisposable {
  /** Address of its pages. */
  readonly address: string;
  /** Creates a project with one column and returns its id. */
  createProject(column: string, values: readonly string[]): Promise<string>;
  /** Runs a command that changes a project, and waits for it to finish. */
  run(command: string, parameters: Readonly<Record<string, string>>): Promise<void>;
  rows(project: string): Promise<Row[]>;
}

export interface Row {
  readonly cells: readonly ({ readonly v: string; readonly recon?: Recon } | null)[];
}

export interface Recon {
  /** `j`: matched, new, none. */
  readonly j: string;
  /** The match. */
  readonly m?: { readonly id: string; readonly name: string };
  /** Candidates. */
  readonly c?: readonly { readonly id: string; readonly name: string; readonly s: number }[];
}

/** Starts OpenRefine without a window, with its files in a folder. */
export async function startOpenRefine(folder: string): Promise<OpenRefine> {
  const port = await freePort();
  const child = spawn(
    COMMAND,
    ["-i", "127.0.0.1", "-p", String(port), "-d", folder, "-x", "refine.headless=true", "-m", "512M"],
    { stdio: "ignore", detached: true },
  );
  const base = `http://127.0.0.1:${port}/command/core`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`openrefine exited with ${child.exitCode}`);
    const answers = await fetch(`${base}/get-version`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) break;
    await sleep(250);
  }
  const token = async (): Promise<string> => {
    const { token } = (await (await fetch(`${base}/get-csrf-token`)).json()) as { token: string };
    return token;
  };
  const finished = async (project: string): Promise<void> => {
    for (;;) {
      const answer = await fetch(`${base}/get-processes?project=${project}`);
      const { processes } = (await answer.json()) as { processes: unknown[] };
      if (processes.length === 0) return;
      await sleep(200);
    }
  };
  return {
    address: `http://127.0.0.1:${port}`,
    async createProject(column, values) {
      const form = new FormData();
      form.set("project-name", "names");
      form.set("format", "text/line-based/*sv");
      form.set("options", JSON.stringify({ encoding: "UTF-8", separator: "\t", headerLines: 1 }));
      form.set("project-file", new Blob([`${[column, ...values].join("\n")}\n`]), "names.tsv");
      const answer = await fetch(`${base}/create-project-from-upload?csrf_token=${await token()}`, {
        method: "POST",
        body: form,
        redirect: "manual",
      });
      const id = /project=(\d+)/.exec(answer.headers.get("location") ?? "")?.[1];
      if (id === undefined) throw new Error(`no project: ${answer.status} ${await answer.text()}`);
      return id;
    },
    async run(command, parameters) {
      const body = new URLSearchParams({ ...parameters, csrf_token: await token() });
      const answer = await fetch(`${base}/${command}`, { method: "POST", body });
      const result = (await answer.json()) as { code: string };
      if (!["ok", "pending"].includes(result.code)) throw new Error(`${command}: ${JSON.stringify(result)}`);
      await finished(parameters.project!);
    },
    async rows(project) {
      const answer = await fetch(`${base}/get-rows?project=${project}&start=0&limit=1000`);
      const { rows, pool } = (await answer.json()) as {
        rows: { cells: ({ v: string; r?: string } | null)[] }[];
        pool: { recons: Record<string, Recon> };
      };
      return rows.map(({ cells }) => ({
        cells: cells.map((cell) => {
          const recon = cell?.r === undefined ? undefined : pool.recons[cell.r];
          return cell && { v: cell.v, ...(recon && { recon }) };
        }),
      }));
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      process.kill(-child.pid!, "SIGTERM"); // the script and the Java process that it started
      await Promise.race([new Promise((resolve) => child.once("exit", resolve)), sleep(10_000)]);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
