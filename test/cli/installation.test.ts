import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { DEMO_CAPTIONS, importDemo, scratch } from "./harness.js";

const path = scratch();
const kb = path("kb");
const PRELOAD = pathToFileURL(resolve("test/support/without-native.mjs")).href;

/** Runs a command in an installation without the files whose path or name contains `missing`. */
async function mmelWithout(missing: string, args: readonly string[]) {
  const child = spawn(process.execPath, [resolve("dist/cli/main.js"), ...args], {
    env: { ...process.env, NODE_OPTIONS: `--import ${PRELOAD}`, MMEL_TEST_WITHOUT: missing },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [[code], stdout, stderr] = await Promise.all([
    once(child, "close") as Promise<[number]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

beforeAll(() => importDemo(kb));

it.each([
  ["libsql", "@libsql/", ["link", DEMO_CAPTIONS, "--kb", kb, "--model", "lexical"]],
  ["onnxruntime-node", "onnxruntime_binding", ["link", DEMO_CAPTIONS, "--kb", kb]],
  [
    "sharp",
    "@img/sharp",
    ["features", resolve("demo/images"), "--encoder", "efficientnet-lite0", "--output", path("vectors")],
  ],
])("names the binary of %s if it is missing, and a command that installs it", async (part, missing, args) => {
  const [doctor, command] = await Promise.all([mmelWithout(missing, ["doctor"]), mmelWithout(missing, args)]);
  const remedy = `Run \`npm ci --include=optional\` in ${resolve(".")}.\n`;
  const failed = doctor.stdout.split("\n").filter((line) => line.startsWith("✗"));
  expect(failed).toEqual([expect.stringContaining(` ${part} cannot be loaded (C`)]);
  expect(doctor.stdout.endsWith(`(${part}): ${remedy}`)).toBe(true);
  expect(doctor.code).toBe(1);
  expect(command.stderr).toMatch(/^[^\n]+\n$/);
  expect(command.stderr.startsWith(`mmel: INSTALLATION: ${part} cannot be loaded (C`)).toBe(true);
  expect(command.stderr.endsWith(remedy)).toBe(true);
  expect(command).toMatchObject({ code: 1, stdout: "" });
});
