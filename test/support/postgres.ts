import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe } from "vitest";
import { type Cluster, type ClusterOptions, ownCluster } from "./postgres-cluster.js";
import { onServer } from "./postgres-given.js";

export type { Cluster } from "./postgres-cluster.js";

/** Set this to test on a running server: `postgres://SUPERUSER:PASSWORD@HOST/DATABASE`. */
const GIVEN = process.env.MMEL_TEST_POSTGRES;
const DEBIAN = "/usr/lib/postgresql";

/** Why PostgreSQL is not available here; undefined if it is. */
export const postgresMissing: string | undefined = GIVEN !== undefined ? undefined : whyMissing();

/**
 * Starts PostgreSQL for a test file: a temporary cluster of Debian's binaries on a free loopback port, or the server of
 * `MMEL_TEST_POSTGRES`. Returns undefined if neither is available; `postgresMissing` says why.
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster | undefined> {
  if (GIVEN !== undefined) return onServer(GIVEN);
  const binaries = findBinaries();
  return binaries === undefined || postgresMissing !== undefined ? undefined : ownCluster(binaries, options);
}

/** `describe` for tests that need PostgreSQL. Without it they are skipped, with the reason in the title. */
export function describePostgres(name: string, tests: () => void): void {
  if (postgresMissing === undefined) describe(name, tests);
  else describe.skip(`${name} (skipped: ${postgresMissing})`, tests);
}

/** The folder with the programs of the newest installed server. */
function findBinaries(): string | undefined {
  if (!existsSync(DEBIAN)) return undefined;
  return readdirSync(DEBIAN)
    .filter((version) => existsSync(join(DEBIAN, version, "bin", "initdb")))
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(DEBIAN, version, "bin"))[0];
}

function whyMissing(): string | undefined {
  if (findBinaries() === undefined) return `no PostgreSQL in ${DEBIAN}: apt-get install postgresql`;
  if (process.getuid?.() !== 0) return undefined;
  try {
    execFileSync("id", ["-u", "postgres"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "PostgreSQL does not run as root, and there is no user postgres";
  }
}
