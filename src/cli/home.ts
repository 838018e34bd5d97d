import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { makeFolder } from "../core/make-folder.js";
import { writeAtomically } from "../formats/output.js";

/**
 * Returns the folder of `mmel open`: `given`, else `MMEL_HOME`, else `mmel` in the folder in which the system keeps the
 * user's data.
 */
export function homeFolder(
  given: string | undefined,
  env: Readonly<NodeJS.ProcessEnv> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const chosen = given ?? env.MMEL_HOME;
  if (chosen) return resolve(chosen);
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", "mmel");
  if (platform === "win32") return join(env.LOCALAPPDATA || join(homedir(), "AppData", "Local"), "mmel");
  return join(env.XDG_DATA_HOME || join(homedir(), ".local", "share"), "mmel");
}

export const cataloguesIn = (home: string): string => join(home, "catalogues");

const stateSchema = z.union([z.object({ catalogue: z.string() }), z.object({ kb: z.string() })]);

/** The knowledge base used last: the name of a catalogue in the folder, or the path of another knowledge base. */
export type LastUsed = z.infer<typeof stateSchema>;

const STATE = "last.json";

/** Returns the knowledge base used last; undefined if none was, or if the file is not readable. */
export async function readLast(home: string): Promise<LastUsed | undefined> {
  try {
    return stateSchema.parse(JSON.parse(await readFile(join(home, STATE), "utf8")));
  } catch {
    return undefined;
  }
}

export async function writeLast(home: string, last: LastUsed): Promise<void> {
  await makeFolder(home);
  await writeAtomically(join(home, STATE), [`${JSON.stringify(last)}\n`]);
}

const RUNNING = "running.json";
const runningSchema = z.object({
  url: z.url({ protocol: /^http$/, hostname: /^(127\.0\.0\.1|localhost)$/ }),
});

/** Records the address of the service that uses the folder. */
export async function writeRunning(home: string, url: string): Promise<void> {
  await writeAtomically(join(home, RUNNING), [`${JSON.stringify({ url })}\n`]);
}

/** Returns the address of the service that uses the folder, if it responds. */
export async function runningService(home: string): Promise<string | undefined> {
  try {
    const { url } = runningSchema.parse(JSON.parse(await readFile(join(home, RUNNING), "utf8")));
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(3000) });
    return response.ok ? url : undefined;
  } catch {
    return undefined;
  }
}
