import { modelsSchema } from "../../formats/index.js";
import type { Route } from "../route.js";
import type { Service } from "../service.js";

/** `GET /v1/models`: what links here. */
export function modelsRoute({ linker, store }: Service): Route {
  return {
    method: "GET",
    path: "/v1/models",
    scope: "link",
    tag: "service",
    summary: "The model that links here, its knowledge base, and the models that came with this installation",
    answers: {
      200: { description: "the models", content: [{ type: "application/json", schema: modelsSchema }] },
    },
    async handle() {
      const { bundledModels } = await import("../../models/registry.js");
      const { entities } = store.manifest;
      return { model: linker.model, kb: linker.kb, entities, bundled: await bundledModels() };
    },
  };
}
