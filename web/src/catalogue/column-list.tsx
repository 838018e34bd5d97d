import type { JSX } from "preact";
import type { TableKind } from "./client.js";
import { type Column, choicesFor, isList, SEPARATORS } from "./fields.js";

interface ColumnListProps {
  readonly as: TableKind;
  readonly columns: readonly Column[];
  readonly onChange: (columns: readonly Column[]) => void;
}

/** Lists the columns of a table with an example, and lets the reviewer choose what each becomes. */
export function ColumnList({ as, columns, onChange }: ColumnListProps): JSX.Element {
  return (
    <section class="columns" aria-labelledby="columns-title">
      <h3 id="columns-title">Columns in your file</h3>
      <ul>
        {columns.map((column, at) => (
          <ColumnRow
            key={column.name}
            as={as}
            column={column}
            onChange={(changed) => onChange(columns.with(at, changed))}
          />
        ))}
      </ul>
    </section>
  );
}

interface ColumnRowProps {
  readonly as: TableKind;
  readonly column: Column;
  readonly onChange: (column: Column) => void;
}

/** Value of the choice that leaves a column out. No field has this name. */
const LEFT_OUT = "";

function ColumnRow({ as, column, onChange }: ColumnRowProps): JSX.Element {
  const { name, sample, field, separator } = column;
  const examples = sample.filter((value) => value !== "").slice(0, 3);
  return (
    <li class={field === null ? "column-row left-out" : "column-row"}>
      <span class="column-name">
        <strong>
          <bdi>{name}</bdi>
        </strong>
        <span class="soft sample" title={examples.join(" · ")}>
          {examples.length === 0 ? "empty" : <bdi>{examples.join(" · ")}</bdi>}
        </span>
      </span>
      <span class="column-choice">
        <select
          aria-label={`What “${name}” becomes`}
          value={field ?? LEFT_OUT}
          onChange={({ currentTarget: { value } }) => onChange(withField(column, value))}
        >
          {choicesFor(as, column).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
          <option value={LEFT_OUT}>Leave out</option>
        </select>
        {mayDivide(column) && (
          <select
            aria-label={`Values in “${name}”`}
            value={separator ?? ""}
            onChange={({ currentTarget: { value } }) => onChange(withSeparator(column, value))}
          >
            {separatorsFor(separator).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        )}
      </span>
    </li>
  );
}

function withField({ separator, ...column }: Column, value: string): Column {
  const field = value === LEFT_OUT ? null : value;
  const keepsSeparator = separator !== undefined && field !== null && isList(field);
  return { ...column, field, ...(keepsSeparator && { separator }) };
}

function withSeparator({ separator: _, ...column }: Column, value: string): Column {
  return value === "" ? column : { ...column, separator: value };
}

/** Returns whether the cells of a column may contain several values. */
const mayDivide = ({ field, separator, sample }: Column): boolean =>
  field !== null &&
  isList(field) &&
  (separator !== undefined ||
    sample.some((cell) => SEPARATORS.some(([one]) => one !== "" && cell.includes(one))));

const separatorsFor = (separator: string | undefined): typeof SEPARATORS =>
  separator === undefined || SEPARATORS.some(([known]) => known === separator)
    ? SEPARATORS
    : [...SEPARATORS, [separator, `values between ${separator.trim() === "" ? "spaces" : separator}`]];
