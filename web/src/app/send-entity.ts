import type { Catalogue } from "../catalogue/client.js";
import { messageOf, untilDone } from "../catalogue/importing.js";
import { type NewEntity, openFor } from "../review/index.js";
import type { App } from "./app.js";

let last: Promise<void> = Promise.resolve();

/**
 * Sends an added entity to a catalogue, after the entities that were sent before, because the service adds one at a
 * time. Then links the captions again in which a name of the entity is undecided. An entity that cannot be sent stays
 * among the additions.
 */
export function sendEntity(app: App, entity: NewEntity, catalogue: Catalogue): Promise<void> {
  last = last.then(() => send(app, entity, catalogue));
  return last;
}

async function send(app: App, entity: NewEntity, catalogue: Catalogue): Promise<void> {
  const { api, list } = app.desk;
  try {
    await untilDone(api, await api.addEntities(catalogue.name, [entity]));
  } catch (error) {
    app.notice.set({
      text: `“${entity.label}” could not be added to “${catalogue.title}”: ${messageOf(error)}. The export saves it as a new entity.`,
      tone: "problem",
      offer: { label: "Try again", take: () => void sendEntity(app, entity, catalogue) },
    });
    return;
  }
  app.dispatch({ kind: "in-catalogue", entity: entity.id });
  for (const { id } of openFor(app.work.get().items, entity)) app.dispatch({ kind: "link", item: id });
  await list.reload();
}
