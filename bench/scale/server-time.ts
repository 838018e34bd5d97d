import { readdirSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";

/** Milliseconds of a clock tick in /proc. */
const TICK = 10;

/**
 * Milliseconds of processor time that the processes of PostgreSQL which serve a database have used, those that ended left out; of a
 * server on this machine, by what Linux tells of processes, else 0.
 */
export function serverTime(target: string): number {
  if (!target.startsWith("postgres")) return 0;
  const { username, pathname } = new URL(target);
  const session = ` ${username || userInfo().username} ${pathname.slice(1)} `; // after "postgres:" and perhaps the cluster's name
  let ticks = 0;
  for (const process of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
    try {
      const title = readFileSync(`/proc/${process}/cmdline`, "utf8");
      if (!title.startsWith("postgres:") || !title.includes(session)) continue;
      const fields = readFileSync(`/proc/${process}/stat`, "utf8").split(") ").at(-1)!.split(" ");
      ticks += Number(fields[11]) + Number(fields[12]);
    } catch {} // it has ended
  return TICK * ticks;
}
