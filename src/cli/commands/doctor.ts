import { existsSync } from "node:fs";
import { availableParallelism, freemem, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { MmelError } from "../../core/index.js";
import { type Context, print } from "../context.js";
import { EXIT } from "../exit.js";
import { jsonOption } from "../options.js";
import { version } from "../program.js";
import { table } from "../table.js";

interface Check {
  readonly what: string;
  readonly ok: boolean;
  readonly found: string;
  /** How the user can fix the problem if the check fails. */
  readonly remedy?: string;
}

export function installDoctor(program: Command, context: Context): void {
  program
    .command("doctor")
    .description("Check the installation and suggest fixes")
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  mmel doctor")
    .action((options: { json?: boolean }) => doctor(context, options));
}

async function doctor(context: Context, { json }: { json?: boolean }): Promise<void> {
  const findings = [
    node(),
    memory(),
    await loads("embedded store (libsql)", () => import("../../kb/sqlite/libsql.js")),
    await loads("tensor engine (onnxruntime-node)", engineComputes),
    await loads("pictures (sharp)", picturesDecode),
    telemetry(),
    await loads("name detection (compromise)", () => import("compromise")),
    await bundledModels(),
  ];
  if (findings.some(({ ok }) => !ok)) context.setExitCode(EXIT.failed);
  if (json) return print(context, `${JSON.stringify({ version: version(), findings })}\n`);
  const rows = findings.map(({ what, ok, found }) => [ok ? "✓" : "✗", what, found]);
  const remedies = findings.flatMap(({ what, remedy }) =>
    remedy === undefined ? [] : [`${what}: ${remedy}\n`],
  );
  const advice = remedies.length === 0 ? "" : `\n${remedies.join("")}`;
  await print(context, `mmel ${version()}\n\n${table(["", "check", "result"], rows, 100)}${advice}`);
}

function node(): Check {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return {
    what: "Node.js",
    ok,
    found: `${process.version}, ${process.platform}-${process.arch}`,
    ...(!ok && { remedy: "Install Node.js 20.19 or newer." }),
  };
}

function memory(): Check {
  const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const ok = freemem() > 2 ** 29;
  return {
    what: "machine",
    ok,
    found: `${availableParallelism()} cores, ${gib(freemem())} free of ${gib(totalmem())}`,
    ...(!ok && { remedy: "Close other programs: mmel needs at least 0.5 GiB of free memory." }),
  };
}

async function loads(what: string, load: () => Promise<unknown>): Promise<Check> {
  try {
    const found = await load();
    return { what, ok: true, found: typeof found === "string" ? found : "loaded" };
  } catch (error) {
    const { what: found, hint } =
      error instanceof MmelError ? error.detail : { what: String(error).split("\n")[0]!, hint: undefined };
    return { what, ok: false, found, remedy: hint ?? "Reinstall mmel." };
  }
}

async function engineComputes(): Promise<string> {
  const { verifyBuffers } = await import("../../tensor/onnx/runtime/self-test.js");
  await verifyBuffers();
  return "self-test passed";
}

async function picturesDecode(): Promise<string> {
  const { decodeImage } = await import("../../encoders/image/index.js");
  const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>';
  await decodeImage(Buffer.from(drawing));
  return "self-test passed";
}

/** Checks that onnxruntime, once it has been used, does not write the log of its telemetry. */
function telemetry(): Check {
  const log = join(tmpdir(), `mat-debug-${process.pid}.log`);
  const on = existsSync(log);
  return {
    what: "telemetry of onnxruntime",
    ok: !on,
    found: on ? `on: it writes ${log}` : "off: mmel sends no usage data",
    ...(on && { remedy: "Set the environment variable ORT_DISABLE_TELEMETRY=1 and report this." }),
  };
}

async function bundledModels(): Promise<Check> {
  const { bundledModels } = await import("../../models/registry.js");
  const names = (await bundledModels()).map(({ name }) => name);
  return {
    what: "bundled models",
    ok: names.length > 0,
    found: names.join(", ") || "none",
    ...(names.length === 0 && { remedy: "Reinstall mmel." }),
  };
}
