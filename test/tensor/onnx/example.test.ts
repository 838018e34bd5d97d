import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";

it("examples/autodiff.ts reduces its loss", () => {
  const printed = execFileSync("npx", ["tsx", "examples/autodiff.ts"], { encoding: "utf8" });
  const losses = printed
    .trim()
    .split("\n")
    .map((line) => Number(line.split(" ")[1]));
  expect(losses).toHaveLength(6);
  expect(losses.at(-1)).toBeLessThan(losses[0]! / 50);
});
