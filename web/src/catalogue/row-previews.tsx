import type { JSX } from "preact";
import type { TableKind } from "./client.js";
import type { RowPreview } from "./fields.js";

interface RowPreviewsProps {
  readonly as: TableKind;
  readonly rows: readonly RowPreview[];
}

/** Shows the first rows of a table as the entities or captions that they become. */
export function RowPreviews({ as, rows }: RowPreviewsProps): JSX.Element {
  return (
    <section class="previews" aria-labelledby="previews-title">
      <h3 id="previews-title">{as === "entities" ? "The first entities" : "The first captions"}</h3>
      {rows.length === 0 && <p class="soft">There are no rows.</p>}
      <ol class={as}>
        {rows.map(({ title, id, facts }, index) => (
          <li key={index}>
            <p class="preview-title">
              {title === "" ? <span class="soft">no name</span> : <bdi>{title}</bdi>}
              {id !== "" && (
                <span class="soft preview-id">
                  <span class="sr">, id </span>
                  <bdi>{id}</bdi>
                </span>
              )}
            </p>
            {facts.length > 0 && (
              <dl>
                {facts.map(({ name, values }) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>
                      <bdi>{values.join(" · ")}</bdi>
                    </dd>
                  </div>
                ))}
              </dl>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
