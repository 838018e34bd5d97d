import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { addressOf, importDemo, mmel, scratch, start } from "./harness.js";

const path = scratch();

describe("serve", () => {
  it("serves the demo without configuration, and stops cleanly", async () => {
    const running = start(["serve", "--port", "0", "--model", "lexical"]);
    const url = await addressOf(running);
    expect(new URL(url).hostname).toBe("127.0.0.1");
    const answer = await fetch(`${url}/v1/link`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ id: "1", text: "Scottie Pippen", mentions: [{ text: "Scottie Pippen" }] }),
    });
    expect(await answer.json()).toMatchObject({ mentions: [{ entity: { id: "scottie-pippen" } }] });
    running.child.kill("SIGTERM");
    const { code, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(/no --kb given: serving the \d+ entities of the demo/);
    expect(stderr).not.toContain("Pippen");
  });

  it("uses the new version of the knowledge base at SIGHUP", async () => {
    const kb = path("hup");
    await importDemo(kb);
    const running = start(["serve", "--kb", kb, "--model", "lexical", "--port", "0", "--watch", "0"]);
    const url = await addressOf(running);
    const current = async () => ((await (await fetch(`${url}/readyz`)).json()) as { kb: string }).kb;
    const old = await current();
    await writeFile(path("gone.txt"), "scottie-pippen\n");
    await mmel(["kb", "import", "--update", "--remove", path("gone.txt"), "--kb", kb]);
    await sleep(200);
    expect(await current()).toBe(old);
    running.child.kill("SIGHUP");
    while ((await current()) === old) await sleep(20);
    expect((await fetch(`${url}/v1/entities/scottie-pippen`)).status).toBe(404);
    running.child.kill("SIGTERM");
    const { code, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(stderr).toContain("the knowledge base was replaced");
  });

  it("reads tokens from a file or the environment, and needs them to listen on the network", async () => {
    await importDemo(path("kb"));
    const wide = ["serve", "--kb", path("kb"), "--model", "lexical", "--port", "0", "--host", "0.0.0.0"];
    const refused = await mmel(wide);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^mmel: CONFIG: other machines can reach 0\.0\.0\.0.*--tokens FILE/);
    await writeFile(path("tokens"), "link a-secret-of-the-test\n");
    const running = start([...wide, "--tokens", path("tokens")]);
    const url = (await addressOf(running)).replace("0.0.0.0", "127.0.0.1");
    expect((await fetch(`${url}/v1/models`)).status).toBe(401);
    const headers = { authorization: "Bearer a-secret-of-the-test" };
    expect((await fetch(`${url}/v1/models`, { headers })).status).toBe(200);
    running.child.kill("SIGTERM");
    const { stderr } = await running.ended;
    expect(stderr).not.toContain("a-secret");
    const bad = await mmel([...wide, "--tokens", path("none")]);
    expect(bad).toMatchObject({ code: 2, stderr: expect.stringMatching(/^mmel: FILE_NOT_FOUND: /) });
  });

  it("reports a port in use and a missing knowledge base", async () => {
    const taken = createServer();
    taken.listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const busy = await mmel(["serve", "--model", "lexical", "--port", String(port)]);
    expect(busy).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/CONFIG: cannot listen on 127\.0\.0\.1/),
    });
    taken.close();
    const none = await mmel(["serve", "--kb", path("none"), "--port", "0"]);
    expect(none).toMatchObject({ code: 2, stderr: expect.stringMatching(/^mmel: KB_NOT_FOUND: /) });
  });
});
