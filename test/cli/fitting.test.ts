import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { DEMO_CAPTIONS, importDemo, mmel, scratch } from "./harness.js";

const path = scratch();
const kb = path("kb");
beforeAll(() => importDemo(kb));

describe("mmel calibrate", () => {
  it("keeps a calibration that the new one does not improve, and writes nothing", async () => {
    const [fitted, again] = [path("fitted"), path("again")];
    const args = ["calibrate", DEMO_CAPTIONS, "--kb", kb, "--hide", "50", "--no-variations", "--folds", "3"];
    await mmel([...args, "--model", "lexical", "--output", fitted]);
    const refused = await mmel([...args, "--model", fitted, "--output", again]);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/nothing was written/) });
    expect(refused.stdout).toMatch(/^Log loss \S+ before, \S+ after \(difference /);
    expect(existsSync(again)).toBe(false);
    const rated = await mmel([...args, "--model", fitted, "--output", again, "--nil-rate", "0.4", "--json"]);
    expect(rated).toMatchObject({ code: 0, stderr: expect.stringMatching(/only \d+ mentions have gold/) });
    expect(JSON.parse(rated.stdout)).toMatchObject({
      model: again,
      written: "coverage",
      coverage: { value: 0.6, source: "nilRate" },
      comparison: { calibrationError: { before: expect.any(Number) } },
    });
    const [kept, changed] = [fitted, again].map((folder) =>
      readFileSync(join(folder, "calibration.json"), "utf8"),
    );
    expect(JSON.parse(changed!)).toEqual({ ...JSON.parse(kept!), coverage: 0.6 });
    const both = await mmel([...args, "--model", fitted, "--nil-rate", "1"]);
    expect(both).toMatchObject({ code: 2, stderr: expect.stringMatching(/from 0 to below 1/) });
  }, 120_000);
});
