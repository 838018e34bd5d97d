import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { kerry, serving } from "./harness.js";

const { get, post } = serving();
interface Answer {
  readonly $ref?: string;
  readonly content: Readonly<Record<string, { readonly schema: object }>>;
}
interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { responses: Record<string, Answer> }>>>>;
  readonly components: { readonly responses: Readonly<Record<"Problem", Answer>> };
}

describe("/openapi.json", () => {
  it("has schemas that the answers of the service satisfy", async () => {
    const document = (await (await get("/openapi.json")).json()) as OpenApi;
    expect(document.openapi).toBe("3.1.0");
    const ajv = new Ajv2020.default({ strict: false });
    addFormats.default(ajv);
    ajv.addSchema(document, "doc");
    const check = async (path: string, operation: string, answer: Response): Promise<void> => {
      const content =
        document.paths[operation]![answer.url.includes("link") ? "post" : "get"]!.responses[answer.status]!;
      const response = content.$ref ? document.components.responses.Problem : content;
      const type = answer.headers.get("content-type")!.split(";")[0]!;
      expect(Object.keys(response.content), path).toContain(type);
      const schema = response.content[type]!.schema;
      const resolved = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"doc#/'));
      const valid = ajv.validate(resolved, await answer.json());
      expect(ajv.errorsText(), path).toBe("No errors");
      expect(valid).toBe(true);
    };
    await check("one", "/v1/link", await post("/v1/link", kerry));
    await check("explained", "/v1/link", await post("/v1/link?explain=true", kerry));
    await check("several", "/v1/link", await post("/v1/link", { captions: [kerry] }));
    await check("bad", "/v1/link", await post("/v1/link", { id: "1" }));
    await check("entity", "/v1/entities/{id}", await get("/v1/entities/john-kerry"));
    await check("related", "/v1/entities/{id}", await get("/v1/entities/brian-may?relations=true"));
    await check("none", "/v1/entities/{id}", await get("/v1/entities/none"));
    await check("search", "/v1/search", await get("/v1/search?name=kerry"));
    await check("bad search", "/v1/search", await get("/v1/search"));
    await check("models", "/v1/models", await get("/v1/models"));
    await check("catalogues", "/v1/catalogues", await get("/v1/catalogues"));
    await check("other catalogue", "/v1/models", await get("/v1/models?catalogue=none"));
    await check("ready", "/readyz", await get("/readyz"));
  });

  it("lists all methods: others get 405 with the allowed ones", async () => {
    const document = (await (await get("/openapi.json")).json()) as OpenApi;
    for (const [path, operations] of Object.entries(document.paths)) {
      const answer = await get(path.replaceAll(/\{\w+\}/g, "0"), { method: "PUT" });
      expect(answer.status).toBe(405);
      expect(answer.headers.get("allow")).toBe(Object.keys(operations).join(", ").toUpperCase());
    }
    expect((await get("/v1/nothing")).status).toBe(404);
  });

  it("has no dangling references", async () => {
    const document = (await (await get("/openapi.json")).json()) as object;
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, ref]) => ref!);
    expect(refs.length).toBeGreaterThan(10);
    for (const ref of refs) expect(at(document, ref.split("/")), ref).toBeDefined();
  });
});

function at(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  return key === undefined ? value : at((value as Record<string, unknown> | undefined)?.[key], rest);
}
