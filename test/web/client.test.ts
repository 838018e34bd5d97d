import { describe, expect, it } from "vitest";
import { retryAfterOf } from "../../web/src/api/error.js";
import { ApiError, createApi, createRequests } from "../../web/src/api/index.js";

interface Asked {
  readonly url: string;
  readonly init: RequestInit;
}

/** An API over a fake `fetch`, and the requests it received. */
function apiAnswering(answer: () => Response | Promise<Response>, token?: string, catalogue?: string) {
  const asked: Asked[] = [];
  const requests = createRequests({
    fetch: async (url, init) => {
      asked.push({ url: String(url), init: init ?? {} });
      return await answer();
    },
    base: "https://desk.example/links/",
    token: () => token,
  });
  return { api: createApi(requests, () => catalogue), asked };
}

const problem = (status: number, body: object, headers: HeadersInit = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
  });

const faultOf = (promise: Promise<unknown>): Promise<ApiError> =>
  promise.then(
    () => expect.fail("it succeeded"),
    (error: unknown) => error as ApiError,
  );

describe("createApi", () => {
  it("requests addresses relative to the page, with ids and names encoded", async () => {
    const { api, asked } = apiAnswering(() => Response.json({ hits: [] }));
    await api.entity("a/b?c#ü");
    await api.entityWithRelations("a/b");
    await api.search("Zoë & co", 5);
    expect(asked.map(({ url }) => url)).toEqual([
      "https://desk.example/links/v1/entities/a%2Fb%3Fc%23%C3%BC",
      "https://desk.example/links/v1/entities/a%2Fb?relations=true",
      "https://desk.example/links/v1/search?name=Zo%C3%AB+%26+co&limit=5&fields=all",
    ]);
    expect(api.entityPicture("../x")).toBe("https://desk.example/links/v1/entities/..%2Fx/images/0");
    expect(api.captionPicture("a b/ü.jpg")).toBe(
      "https://desk.example/links/v1/images?path=a+b%2F%C3%BC.jpg",
    );
  });

  it("asks the chosen catalogue in every request", async () => {
    const { api, asked } = apiAnswering(() => Response.json({ hits: [] }), undefined, "prints & maps");
    await api.link({ id: "1", text: "x" });
    await api.entity("a");
    await api.entityWithRelations("a");
    await api.search("x", 5);
    await api.info();
    const urls = [...asked.map(({ url }) => url), api.entityPicture("a"), api.captionPicture("b")];
    expect(urls.map((url) => new URL(url).searchParams.get("catalogue"))).toEqual(
      urls.map(() => "prints & maps"),
    );
  });

  it("sends the token if there is one", async () => {
    const without = apiAnswering(() => Response.json({}));
    const withToken = apiAnswering(() => Response.json({}), "s3cret");
    await without.api.info();
    await withToken.api.info();
    expect(new Headers(without.asked[0]!.init.headers).get("authorization")).toBeNull();
    expect(new Headers(withToken.asked[0]!.init.headers).get("authorization")).toBe("Bearer s3cret");
  });
});

describe("ApiError", () => {
  it.each([
    [401, "refused"],
    [403, "refused"],
    [404, "missing"],
    [413, "invalid"],
    [422, "invalid"],
    [429, "busy"],
    [500, "failed"],
    [502, "away"],
    [503, "busy"],
    [504, "busy"],
  ] as const)("maps status %i to %s, with the text of the problem document", async (status, fault) => {
    const { api } = apiAnswering(() => problem(status, { detail: "too odd", hint: "Use another one." }));
    const error = await faultOf(api.info());
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ fault, message: "too odd. Use another one" });
  });

  it("tells an unreachable server from one that does not return JSON", async () => {
    const away = apiAnswering(() => Promise.reject(new TypeError("fetch failed")));
    expect(await faultOf(away.api.info())).toMatchObject({ fault: "away" });
    const odd = apiAnswering(() => new Response("<h1>hello</h1>"));
    expect(await faultOf(odd.api.info())).toMatchObject({ fault: "failed" });
    const proxy = apiAnswering(() => new Response("<h1>bad gateway</h1>", { status: 502 }));
    expect(await faultOf(proxy.api.info())).toMatchObject({
      fault: "away",
      message: "the server responded with status 502",
    });
  });

  it("reads Retry-After as seconds or a date, never negative", () => {
    const now = Date.parse("2026-11-25T10:00:00Z");
    const secondsIn = (value: string) => retryAfterOf(new Headers({ "retry-after": value }), now);
    expect(secondsIn("7")).toBe(7);
    expect(secondsIn("Wed, 25 Nov 2026 10:01:30 GMT")).toBe(90);
    expect(secondsIn("Wed, 25 Nov 2026 09:00:00 GMT")).toBe(0);
    expect(secondsIn("soon")).toBeUndefined();
    expect(retryAfterOf(new Headers())).toBeUndefined();
  });
});
