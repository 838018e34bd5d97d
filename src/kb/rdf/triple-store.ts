import { MmelError } from "../../core/index.js";
import type { RdfValue, Statement, Triple } from "../../formats/rdf/index.js";
import { openScratch } from "../sqlite/scratch.js";

/** A subject with its statements in the order of the files. */
export interface Node {
  readonly subject: string;
  readonly statements: readonly Statement[];
  /** Whether statements beyond `MAX_STATEMENTS` were dropped. */
  readonly truncated: boolean;
}

/** A store that keeps statements on disk and groups them by subject. */
export interface TripleStore extends Disposable {
  add(triples: readonly Triple[]): void;
  /** Builds the index. Must be called after the last `add` and before reading. */
  close(): void;
  /** Yields all subjects with their statements. */
  nodes(): Generator<Node>;
  /** Returns a subject's statements that have one of the given predicates; at most 50 statements. */
  about(subject: string, predicates: readonly string[]): readonly Statement[];
}

/** Maximum number of statements kept per subject, far above what catalogues need. */
export const MAX_STATEMENTS = 10_000;
/** Maximum number of distinct predicates, far above what catalogues need. */
const MAX_PREDICATES = 100_000;

const TABLE =
  "create table triple (n integer primary key, subject blob not null, predicate integer not null, object text not null)";
const INDEX = "create index by_subject on triple (subject, n)";
const PAGE = `
  select n, subject, predicate, object from triple
  where (subject, n) > (?, ?) order by subject, n limit 1000`;
const ABOUT = `
  select predicate, object from triple
  where subject = ? and predicate in (select value from json_each(?)) order by n limit 50`;

type Row = readonly [n: number, subject: Buffer, predicate: number, object: string];

/**
 * Creates an empty store in the system's temporary folder. Uses at most about 60 MB of memory for any number of
 * statements.
 */
export function createTripleStore(): TripleStore {
  const scratch = openScratch(`${TABLE}; begin`);
  const { database, writing } = scratch;
  const predicates = createPredicateNumbers();
  const insert = database.prepare("insert into triple (subject, predicate, object) values (?, ?, ?)");
  const page = database.prepare(PAGE).raw();
  const about = database.prepare(ABOUT).raw();
  return {
    add: (triples) =>
      writing(() => {
        for (const { subject, predicate, object } of triples)
          insert.run(Buffer.from(subject), predicates.numberOf(predicate), encode(object));
      }),
    close: () => writing(() => void database.exec(`commit; ${INDEX}`)),
    nodes: () => nodesOf((subject, n) => page.all([subject, n]) as Row[], predicates.name),
    about(subject, names) {
      const numbers = names.flatMap((name) => predicates.find(name) ?? []);
      if (numbers.length === 0) return [];
      const rows = about.all([Buffer.from(subject), JSON.stringify(numbers)]) as [number, string][];
      return rows.map(([predicate, object]) => ({
        predicate: predicates.name(predicate),
        object: decode(object),
      }));
    },
    [Symbol.dispose]: scratch[Symbol.dispose],
  };
}

function* nodesOf(
  pageAfter: (subject: Buffer, n: number) => Row[],
  nameOf: (predicate: number) => string,
): Generator<Node> {
  let node: { subject: Buffer; statements: Statement[]; truncated: boolean } | undefined;
  const finished = ({ subject, ...rest }: NonNullable<typeof node>): Node => ({
    subject: subject.toString(),
    ...rest,
  });
  let rows = pageAfter(Buffer.alloc(0), 0);
  while (rows.length > 0) {
    for (const [, subject, predicate, object] of rows) {
      if (node !== undefined && !node.subject.equals(subject)) {
        yield finished(node);
        node = undefined;
      }
      node ??= { subject, statements: [], truncated: false };
      if (node.statements.length >= MAX_STATEMENTS) node.truncated = true;
      else node.statements.push({ predicate: nameOf(predicate), object: decode(object) });
    }
    const [n, subject] = rows.at(-1)!;
    rows = pageAfter(subject, n);
  }
  if (node !== undefined) yield finished(node);
}

/** Encodes a value as JSON, which escapes NUL. SQLite would cut a text at NUL. */
function encode(object: RdfValue): string {
  return JSON.stringify(
    object.kind === "literal"
      ? [object.value, object.language]
      : [object.value, object.kind === "iri" ? 0 : 1],
  );
}

function decode(text: string): RdfValue {
  const [value, rest] = JSON.parse(text) as [string, string | number];
  return typeof rest === "string"
    ? { kind: "literal", value, language: rest }
    : { kind: rest === 0 ? "iri" : "blank", value };
}

function createPredicateNumbers() {
  const numbers = new Map<string, number>();
  const names: string[] = [];
  return {
    find: (name: string): number | undefined => numbers.get(name),
    name: (number: number): string => names[number]!,
    /** Returns the number of a predicate, which is assigned on first use. */
    numberOf(name: string): number {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      if (names.length >= MAX_PREDICATES)
        throw new MmelError("FORMAT", {
          what: `the files have more than ${MAX_PREDICATES} different predicates`,
          expected: "RDF data from a catalogue, with a limited set of predicates",
        });
      numbers.set(name, names.length);
      names.push(name);
      return names.length - 1;
    },
  };
}
