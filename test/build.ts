import { execFileSync } from "node:child_process";

/** Builds `dist/` once: end-to-end tests run the real command, workers load from there, browsers open the page. */
export function setup(): void {
  if (process.env.MMEL_SKIP_BUILD === "1") return;
  execFileSync("npx", ["tsdown", "--logLevel", "warn"], { stdio: "inherit" });
  execFileSync("npx", ["vite", "build", "web", "--logLevel", "warn"], { stdio: "inherit" });
  process.env.MMEL_SKIP_BUILD = "1"; // once for all projects
}
