const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Markup that is safe to insert into a page. Only `html` and `trusted` create it. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Markup[] | undefined;

/** Escapes all interpolated values except `Markup`. Use it as a template tag. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.reduce((text, next, index) => text + render(parts[index - 1]) + next) };
}

/**
 * Marks text as safe markup without escaping it. Use it only for generated markup, such as a plot, never for user
 * input.
 */
export function trusted(markup: string): Markup {
  return { markup };
}

function render(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string") return part.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
  if (typeof part === "number") return String(part);
  if ("markup" in part) return part.markup;
  return part.map(({ markup }) => markup).join("");
}

/** The `data:` URLs of the pictures in a page, keyed by path. */
export type EmbeddedPictures = ReadonlyMap<string, string>;

/** Returns an image element for a `data:` URL, with the alternative text `alt`; undefined without a URL. */
export function pictureElement(url: string | undefined, alt: string): Markup | undefined {
  return url === undefined
    ? undefined
    : html`<img class="picture" src="${url}" alt="${alt}" loading="lazy" decoding="async">`;
}
