import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findDisks } from "../support/disks.js";
import { applies, FAULTS, missing, openWorkshop, trial, type Workshop } from "./campaign.js";
import { COMMANDS } from "./commands.js";

/** Number of trials of each fault, with a fixed seed. `npm run faults` tries more. */
const ROUNDS = 1;
const disks = findDisks();

describe("a fault leaves nothing incomplete that looks complete, and the next run ends as usual, for", () => {
  let workshop: Workshop;
  beforeAll(async () => {
    workshop = await openWorkshop();
  });
  afterAll(() => workshop[Symbol.asyncDispose]());

  for (const command of COMMANDS)
    for (const fault of FAULTS) {
      if (!applies(command, fault)) continue;
      const why = missing(command, fault, disks);
      it.skipIf(why !== undefined)(
        `${command.name} with a ${fault}${why === undefined ? "" : ` (skipped: ${why})`}`,
        async () => {
          const { failures } = await trial(workshop, command, fault, { rounds: ROUNDS, seed: "1" });
          expect(failures).toEqual([]);
        },
        300_000,
      );
    }
});
