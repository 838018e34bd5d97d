import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MmelError } from "../../src/core/index.js";
import { createLinker } from "../../src/linker/index.js";
import { createLinkQueue } from "../../src/server/link-queue.js";
import { caption, entities, mention, type ToyOptions, toyModel } from "../linker/fixtures.js";

const never = new AbortController().signal;
setMaxListeners(0, never);

async function queueOf(options: ToyOptions = {}, capacity = 100) {
  const model = toyModel(options);
  const linker = await createLinker({ kb: entities, model });
  const rounds: number[] = [];
  const queue = createLinkQueue(linker, capacity, { onRound: (captions) => rounds.push(captions) });
  const link = (id: string, signal = never, call = {}) =>
    queue.link(caption(id, mention("John Kerry")), call, { signal });
  return { queue, model, rounds, link, linker };
}

/** A promise that `open` resolves. */
function gate() {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe("createLinkQueue", () => {
  it("returns each caption's own links, whatever the arrival order and options", async () => {
    const { link, linker } = await queueOf();
    const request = fc.record({
      id: fc.string({ minLength: 1 }).filter((id) => id.trim() !== ""),
      topK: fc.constantFrom(1, 2),
      wait: fc.integer({ min: 0, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 20 }), async (requests) => {
        const answers = await Promise.all(
          requests.map(async ({ id, topK, wait }) => {
            if (wait > 0) await sleep(wait);
            return link(id, never, { topK });
          }),
        );
        for (const [at, { id, topK }] of requests.entries())
          expect(answers[at]).toEqual(await linker.link(caption(id, mention("John Kerry")), { topK }));
      }),
      { numRuns: 20 },
    );
  });

  it("links captions together that arrive during a round", async () => {
    const { open, opened } = gate();
    const { link, rounds, model } = await queueOf({ onScore: () => opened });
    const answers = [link("first")];
    await sleep(20);
    for (let at = 0; at < 10; at++) answers.push(link(`${at}`));
    open();
    expect((await Promise.all(answers)).map(({ id }) => id)).toEqual(["first", ..."0123456789"]);
    await sleep(0);
    expect(rounds).toEqual([1, 10]);
    expect(model.seen.map((batch) => batch.length)).toEqual([1, 10]);
  });

  it("rejects captions beyond its capacity, and estimates when to retry", async () => {
    const { open, opened } = gate();
    const { queue, link } = await queueOf({ onScore: () => opened }, 3);
    const accepted = [link("a"), link("b"), link("c")];
    await expect(link("d")).rejects.toMatchObject({ code: "BUSY" });
    expect(queue.depth()).toBe(3);
    expect(queue.retryAfter()).toBeGreaterThanOrEqual(1);
    open();
    expect(await Promise.all(accepted)).toHaveLength(3);
    expect(queue.depth()).toBe(0);
    await expect(link("e")).resolves.toMatchObject({ id: "e" });
  });

  it("drops a caption whose caller disconnects, and links the others", async () => {
    const { open, opened } = gate();
    const { queue, link, model } = await queueOf({ onScore: () => opened });
    const leaving = new AbortController();
    const first = link("first");
    await sleep(20);
    const left = link("left", leaving.signal);
    const last = link("last");
    leaving.abort();
    await expect(left).rejects.toMatchObject({ code: "ABORTED" });
    expect(queue.depth()).toBe(2);
    open();
    expect([(await first).id, (await last).id]).toEqual(["first", "last"]);
    expect(model.seen.flat().map(({ caption: { id } }) => id)).toEqual(["first", "last"]);
  });

  it("rejects only the invalid caption of a round", async () => {
    const { queue, link } = await queueOf();
    const bare = { id: "bare", text: "nobody", mentions: [] };
    const [good, bad, other] = await Promise.allSettled([
      link("good"),
      queue.link(bare, {}, { signal: never }),
      link("other"),
    ]);
    expect(good).toMatchObject({ status: "fulfilled", value: { id: "good" } });
    expect(bad).toMatchObject({ status: "rejected", reason: { code: "CAPTION_INVALID" } });
    expect(other).toMatchObject({ status: "fulfilled", value: { id: "other" } });
  });

  it("isolates the caption that breaks the model, and links the others of its round", async () => {
    const { link } = await queueOf({
      onScore: (batch) => {
        if (batch.some(({ caption: { id } }) => id === "poison"))
          throw new MmelError("ENGINE", { what: "broken" });
      },
    });
    const all = await Promise.allSettled(["a", "b", "poison", "c"].map((id) => link(id)));
    expect(all.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
    expect(all[2]).toMatchObject({ reason: { code: "ENGINE" } });
  });

  it("finishes accepted captions on close, and rejects new ones", async () => {
    const { open, opened } = gate();
    const { queue, link } = await queueOf({ onScore: () => opened });
    const accepted = [link("a"), link("b")];
    const closed = queue.close();
    await expect(link("c")).rejects.toMatchObject({ code: "BUSY" });
    open();
    await closed;
    expect((await Promise.all(accepted)).map(({ id }) => id)).toEqual(["a", "b"]);
  });
});
