import { describe, expect, it } from "vitest";
import {
  guessCaptionColumns,
  guessEntityMapping,
  parseCaptionMapping,
  parseMapping,
  previewTable,
  readCaptions,
  readEntities,
} from "../../src/formats/index.js";
import { chunks, values } from "./files.js";

/** A table as text, from its lines. */
const csv = (...rows: string[]): string => `${rows.join("\n")}\n`;

const entities = (...rows: string[]) => previewTable(chunks(csv(...rows)), { as: "entities" });
const captions = (...rows: string[]) => previewTable(chunks(csv(...rows)), { as: "captions" });

/** The fields of the columns, with separators. */
const fieldsOf = async (preview: ReturnType<typeof previewTable>) =>
  (await preview).columns.map(({ field, separator }) => field && field + (separator ?? ""));

describe("guessEntityMapping", () => {
  it("takes a column of inventory numbers in which one occurs twice as the ids, and says which", async () => {
    const rows = Array.from({ length: 20 }, (_, row) => `S-${row === 7 ? 6 : row};Person ${row}`);
    const { columns, problems, mapping } = await entities("Inventory no;Name", ...rows);
    expect(columns.map(({ field }) => field)).toEqual(["id", "label"]);
    expect(problems).toEqual([
      expect.stringContaining("The ids in Inventory no are not unique: S-6 occurs more than once. Correct"),
    ]);
    expect(mapping).not.toHaveProperty("makeIds");
  });

  it("reads the header of an archive", async () => {
    const preview = await entities(
      "Inventory no;Name;Born;Died;Profession;Also known as",
      "0007;Anna Vale;1891;1960;painter, teacher;A. Vale, Annie Vale",
      "0008;Bo Lee;1900;;brewer;",
    );
    expect(await fieldsOf(Promise.resolve(preview))).toEqual([
      "id",
      "label",
      "properties.birth",
      "properties.death",
      "properties.occupation,",
      "aliases,",
    ]);
    expect(preview.problems).toEqual([]);
    expect(parseMapping(preview.mapping)).toEqual(preview.mapping);
  });

  it.each([
    ["German", "Inv.-Nr.;Vorname;Nachname;Geburtsdatum;Sterbejahr;Beruf;Synonyme;Bemerkung"],
    ["French", "N° d'inventaire;Prénom;Nom;Date de naissance;Décès;Métier;Autres noms;Remarques"],
    [
      "Spanish",
      "N.º de inventario;Nombre;Apellidos;Nacimiento;Fecha de fallecimiento;Profesión;Otros nombres;Descripción",
    ],
    ["Italian", "Numero di inventario;Nome;Cognome;Data di nascita;Morte;Professione;Altri nomi;Note"],
    [
      "Portuguese",
      "Número de inventário;Nome;Apelido;Data de nascimento;Falecimento;Profissão;Outros nomes;Observações",
    ],
    [
      "Dutch",
      "Inventarisnummer;Voornaam;Achternaam;Geboortedatum;Overleden;Beroep;Ook bekend als;Opmerkingen",
    ],
    ["Polish", "Nr inw.;Imię;Nazwisko;Data urodzenia;Zgon;Zawód;Inne nazwy;Uwagi"],
    ["Czech", "Inventární číslo;Jméno;Příjmení;Narození;Úmrtí;Povolání;Další jména;Poznámka"],
    ["Russian", "Инвентарный №;Имя;Фамилия;Дата рождения;Дата смерти;Профессия;Другие имена;Примечание"],
    ["Turkish", "Envanter no;Adı;Soyadı;Doğum tarihi;Ölüm tarihi;Meslek;Diğer adlar;Açıklama"],
    ["English", "INV_NO;First name;Surname;birthDate;Date of death;Occupation;Alias;Notes"],
  ])("knows the names of columns in %s", async (_, header) => {
    const preview = await entities(header, "7;Anna;Vale;1891;1960;painter|teacher;A. Vale|Annie;a note");
    expect(await fieldsOf(Promise.resolve(preview))).toEqual([
      "id",
      "label",
      "label",
      "properties.birth",
      "properties.death",
      "properties.occupation|",
      "aliases|",
      "description",
    ]);
    const read = readEntities(
      chunks(csv(header, "7;Anna;Vale;1891;1960;painter|teacher;A. Vale|Annie;a note")),
      {
        format: "csv",
      },
    );
    expect((await values(read))[0]).toMatchObject({
      id: "7",
      label: "Anna Vale",
      aliases: ["A. Vale", "Annie"],
    });
  });

  it("joins a German family name before the given name", async () => {
    const read = readEntities(chunks("Nr;Name;Vorname\n1;Vale;Anna\n2;Lee;\n"), { format: "csv" });
    expect((await values(read)).map(({ label }) => label)).toEqual(["Anna Vale", "Lee"]);
  });

  it("takes a full name alone, though it has columns for its parts", async () => {
    expect(await fieldsOf(entities("Nr;Name;First name", "1;Anna Vale;Anna", "2;Bo Lee;Bo"))).toEqual([
      "id",
      "label",
      "properties.First name",
    ]);
  });

  it("makes ids if no column of ids is filled and without repetition", async () => {
    const preview = await entities("Signatur;Name;geboren", "A 1;Anna;1891", "A 1;Bo;1900");
    expect(preview.mapping).toEqual({
      columns: {
        Name: { field: "label" },
        geboren: { field: "properties.birth" },
        Signatur: { field: "properties.Signatur" },
      },
      makeIds: ["Name", "geboren"],
    });
    expect(preview.problems).toEqual([expect.stringContaining("made from Name and geboren")]);
  });

  it("keeps other columns as properties, and leaves empty ones out", async () => {
    expect(await fieldsOf(entities("Nr;Name;Regal;Leer", "1;Anna;B 3;", "2;Bo;B 4;"))).toEqual([
      "id",
      "label",
      "properties.Regal",
      null,
    ]);
  });

  it("takes columns for pictures, addresses and types only if the cells fit", async () => {
    const header = "Nr;Name;Foto;Link;Art;Daten";
    expect(await fieldsOf(entities(header, "1;Anna;a.jpg;https://a.example;Person;1891–1960"))).toEqual([
      "id",
      "label",
      "images|",
      "url",
      "properties.type|",
      "properties.life",
    ]);
    expect(await fieldsOf(entities(header, "1;Anna;yes;B 7;modern;3"))).toEqual([
      "id",
      "label",
      "properties.Foto",
      "properties.Link",
      "properties.Art",
      "properties.Daten",
    ]);
  });

  it("names the column that is empty in a rejected row", async () => {
    const reads = readEntities(chunks(csv("Nr;First name;Family name", "1;Anna;Vale", "2;;", "3;;Lee")), {
      format: "csv",
    });
    const messages: string[] = [];
    for await (const read of reads) if (read.kind === "rejected") messages.push(read.error.message);
    expect(messages).toEqual([expect.stringContaining("First name and Family name are empty, ")]);
  });

  it("does not divide inverted names at the comma", async () => {
    expect(await fieldsOf(entities("Nr;Name;Alias", "1;Anna Vale;Vale, Anna", "2;Bo Lee;Lee, B."))).toContain(
      "aliases|",
    );
    expect(await fieldsOf(entities("Nr;Name;Alias", "1;Anna Vale;Annie Vale, Mrs Vale"))).toContain(
      "aliases,",
    );
  });

  it("reports what hinders an import", async () => {
    expect((await entities("Colour;Size", "red;1")).problems).toEqual([
      expect.stringContaining("No column looks like the names"),
    ]);
    expect((await entities("id;label", "1;Anna", "1;Bo", ";Cy", "4;")).problems).toEqual([
      expect.stringContaining("1 of the first 4 rows has no name"),
      expect.stringContaining("not unique: 1 occurs"),
      expect.stringContaining("has no id in id"),
    ]);
  });

  it("maps every filled column of any header, each once", () => {
    const header = [
      "Name",
      "Vorname",
      "Nachname",
      "Titel",
      "Nr",
      "ID",
      "Bild",
      "Notes",
      "Note",
      "Typ",
      "Art",
    ];
    const row = {
      kind: "row",
      line: 2,
      text: "",
      cells: new Map(header.map((name) => [name, `x ${name}`])),
    } as const;
    expect(Object.keys(guessEntityMapping(header, [row]).columns).sort()).toEqual([...header].sort());
  });
});

describe("a table of another kind is mentioned, with what to choose:", () => {
  it.each([
    ["entities", "Photo no;Caption;Scan", "Captions"],
    ["entities", "Title;Caption;Photo", "Captions"],
    ["captions", "Inventory no;Name;Born;Died", "Catalogue"],
    ["captions", "Nr;Vorname;Nachname;Lebensdaten;Beschreibung", "Catalogue"],
  ] as const)("as %s, %s", async (as, header, choice) => {
    const { problems } = await previewTable(
      chunks(csv(header, "1;a;b;c;d".slice(0, 2 * header.split(";").length - 1))),
      { as },
    );
    expect(problems.filter((problem) => problem.includes("looks like"))).toContainEqual(
      expect.stringMatching(new RegExp(`^The table looks like .* choose ${choice} instead`)),
    );
  });

  it.each([
    ["captions", "Photo no;Caption;Scan"],
    ["captions", "Caption;Name;Born"],
    ["captions", "Description;Names;Date"],
    ["entities", "Inventory no;Name;Born;Description"],
    ["entities", "Title;Description;Link"],
  ] as const)("not as %s, %s", async (as, header) => {
    const { problems } = await previewTable(chunks(csv(header)), { as });
    expect(problems.join(" ")).not.toContain("The table looks like");
  });

  it("also by the command", async () => {
    const reading = values(readCaptions(chunks("Nr;Name;Born\n1;Anna;1891\n"), { format: "csv" }));
    await expect(reading).rejects.toThrow(/looks like a catalogue.*mmel kb import/);
  });
});

describe("guessCaptionColumns", () => {
  it.each([
    ["Bildunterschrift;Datei;Signatur", ["text", "image", "id"]],
    ["Légende;Photo;Cote", ["text", "image", "id"]],
    ["Title;Image;Ref", ["text", "image", "id"]],
    ["Подпись;Фото;Шифр", ["text", "image", "id"]],
    ["caption;image;id", ["text", "image", "id"]],
    ["Remarks here;Foto;Nr", ["text", "image", "id"]],
  ])("reads %s", async (header, fields) => {
    expect(
      await fieldsOf(captions(header, "Anna Vale at the old bridge;a.jpg;1", "Bo in his shop again;b.jpg;2")),
    ).toEqual(fields);
  });

  it.each([
    ["Photo no", "P-001", "P-002"],
    ["Foto-Nr.", "17", "18"],
    ["Image No.", "1", "2"],
    ["Bildnummer", "B 1", "B 2"],
    ["No.", "0001", "0002"],
    ["Ref", "A/1", "A/2"],
    ["Reference", "A/1", "A/2"],
    ["N° photo", "1", "2"],
  ])("takes %s for the id, and any column of picture files for the picture", async (column, one, two) => {
    const rows = [`${one};Anna Vale at the bridge;scans/one.TIF`, `${two};Bo Lee;scans/two.tif`];
    expect(await fieldsOf(captions(`${column};Caption;Scan`, ...rows))).toEqual(["id", "text", "image"]);
    const repeated = rows.map((row) => row.replace(two, one));
    expect(await fieldsOf(captions(`${column};Caption;Scan`, ...repeated))).toEqual([null, "text", "image"]);
  });

  it("prefers other ids to numbers of pictures, and takes file names for the picture, not the id", async () => {
    const both = captions("Photo no;Inventory no;Caption", "1;A 1;Anna", "2;A 2;Bo");
    expect(await fieldsOf(both)).toEqual([null, "id", "text"]);
    const files = captions("Reference;Caption", "a.jpg;Anna", "b.png;Bo");
    expect(await fieldsOf(files)).toEqual(["image", "text"]);
  });

  it("prefers a description to a title, and maps nothing else", async () => {
    const preview = captions("Titel;Beschreibung;Regal;Sprache", "Fest;Anna Vale beim Fest;B 3;de");
    expect(await fieldsOf(preview)).toEqual([null, "text", null, "language"]);
    expect(parseCaptionMapping((await preview).mapping)).toEqual((await preview).mapping);
  });

  it("is the identity on the columns of mmel", () => {
    const header = ["id", "text", "mention", "start", "end", "gold", "image", "language", "type"];
    const { columns } = guessCaptionColumns(header, []);
    expect(columns).toEqual(Object.fromEntries(header.map((name) => [name, { field: name }])));
  });
});

describe("captions in tables", () => {
  const read = async (...rows: string[]) => values(readCaptions(chunks(csv(...rows)), { format: "csv" }));

  it("may have the names in one column", async () => {
    expect(await read("Caption;Persons shown", "Anna met Bo;Anna | Bo", "Nobody;")).toEqual([
      { id: "2", text: "Anna met Bo", mentions: [{ text: "Anna" }, { text: "Bo" }] },
      { id: "3", text: "Nobody", mentions: [] },
    ]);
  });

  it("may have one row per mention without ids", async () => {
    expect(await read("text;mention;gold", "Anna met Bo;Anna;Q1", "Anna met Bo;Bo;NIL", "Cy;Cy;")).toEqual([
      {
        id: "2",
        text: "Anna met Bo",
        mentions: [
          { text: "Anna", gold: { kind: "entity", id: "Q1" } },
          { text: "Bo", gold: { kind: "nil" } },
        ],
      },
      { id: "4", text: "Cy", mentions: [{ text: "Cy" }] },
    ]);
  });

  it("may be described by a mapping", async () => {
    const mapping = parseCaptionMapping({
      delimiter: "|",
      columns: { a: "text", b: { field: "mentions", separator: "/" } },
    });
    const source = chunks("a|b|id\nAnna met Bo|Anna/Bo|7\n");
    expect(await values(readCaptions(source, { format: "csv", mapping }))).toEqual([
      { id: "2", text: "Anna met Bo", mentions: [{ text: "Anna" }, { text: "Bo" }] },
    ]);
  });

  it.each([
    ["no text", { columns: { a: "id" } }, /no column maps to text/],
    ["two texts", { columns: { a: "text", b: "text" } }, /several columns map to text/],
    ["both forms", { columns: { a: "text", b: "mention", c: "mentions" } }, /mention and to mentions/],
    ["an unknown field", { columns: { a: "label" } }, /must be a field such as "text"/],
    ["a separator for a text", { columns: { a: { field: "text", separator: ";" } } }, /has a separator/],
  ])("cannot have a mapping with %s", (_, mapping, message) => {
    expect(() => parseCaptionMapping(mapping)).toThrow(message);
  });
});
