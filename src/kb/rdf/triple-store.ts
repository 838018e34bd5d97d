import { MmelError } from "../../core/index.js";
import { openScratch } from "../sqlite/scratch.js";
import type { RdfValue, Triple } from "./triple.js";

export interface Statement {
  readonly predicate: string;
  readonly object: RdfValue;
}

/** The statements with one subject, in the order they came. */
export interface Node {
  readonly subject: string;
  readonly statements: readonly Statement[];
  /** Whether there were more than are kept. */
  readonly cut: boolean;
}

/** Statements in any order, kept on disk so that those of one subject come together. */
export interface TripleStore extends Disposable {
  add(triples: readonly Triple[]): void;
  /** Ends the adding and finds the subjects' order. */
  close(): void;
  /** All subjects with what is said of them. */
  nodes(): Generator<Node>;
  /** What the given predicates say of one subject, some 50 values at most. */
  about(subject: string, predicates: readonly string[]): readonly Statement[];
}

/** Statements kept of one subject, and different predicates in all: both are far above what catalogues have. */
const MOST_STATEMENTS = 10_000;
const MOST_PREDICATES = 100_000;

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

/** An empty store in the system's temporary folder; memory stays below some 60 MB whatever goes in. */
export function createTripleStore(): TripleStore {
  const scratch = openScratch(`${TABLE}; begin`);
  const { database, writing } = scratch;
  const predicates = createNumbers();
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
      const numbers = names.flatMap((name) => predicates.known(name) ?? []);
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
  let node: { subject: Buffer; statements: Statement[]; cut: boolean } | undefined;
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
      node ??= { subject, statements: [], cut: false };
      if (node.statements.length >= MOST_STATEMENTS) node.cut = true;
      else node.statements.push({ predicate: nameOf(predicate), object: decode(object) });
    }
    const [n, subject] = rows.at(-1)!;
    rows = pageAfter(subject, n);
  }
  if (node !== undefined) yield finished(node);
}

/** JSON escapes NUL, which SQLite's text ends at. */
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

/** Predicates by number. */
function createNumbers() {
  const numbers = new Map<string, number>();
  const names: string[] = [];
  return {
    known: (name: string): number | undefined => numbers.get(name),
    name: (number: number): string => names[number]!,
    numberOf(name: string): number {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      if (names.length >= MOST_PREDICATES)
        throw new MmelError("FORMAT", {
          what: `more than ${MOST_PREDICATES} different predicates`,
          expected: "RDF of a catalogue",
        });
      numbers.set(name, names.length);
      names.push(name);
      return names.length - 1;
    },
  };
}
