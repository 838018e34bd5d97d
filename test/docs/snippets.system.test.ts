import { resolve } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import { blocksOf, manual } from "./markdown.js";

it("TypeScript in the pages compiles against the package", () => {
  const snippets = new Map(
    manual().flatMap((page) =>
      blocksOf(page)
        .filter(({ language }) => language === "ts")
        .map(({ code, line }) => [resolve(`${page}-line-${line}.ts`), code] as const),
    ),
  );
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
    module: ts.ModuleKind.NodeNext,
    types: ["node"],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => snippets.has(file) || fileExists(file);
  host.readFile = (file) => snippets.get(file) ?? readFile(file);
  host.getSourceFile = (file, language) => {
    const code = snippets.get(file);
    return code === undefined ? getSourceFile(file, language) : ts.createSourceFile(file, code, language);
  };
  const program = ts.createProgram([...snippets.keys()], options, host);
  expect(snippets.size).toBeGreaterThan(4);
  expect(
    ts
      .getPreEmitDiagnostics(program)
      .map(
        ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
      ),
  ).toEqual([]);
});
