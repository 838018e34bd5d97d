import { relative } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";

/**
 * Returns the positions of promises that functions return without `await` after a `using` declaration. A resource
 * declared with `using` is disposed before such a promise settles.
 */
function promisesAfterUsing(program: ts.Program): string[] {
  const checker = program.getTypeChecker();
  const found: string[] = [];
  const visit = (node: ts.Node, usingEnd: number | undefined): void => {
    let end = ts.isFunctionLike(node) ? undefined : usingEnd;
    if (ts.isBlock(node)) end ??= node.statements.find(isUsing)?.end;
    if (ts.isReturnStatement(node) && node.expression && end !== undefined && node.pos >= end) {
      const type = checker.getTypeAtLocation(node.expression);
      const types = type.isUnion() ? type.types : [type];
      if (types.some((one) => checker.getPropertyOfType(one, "then"))) found.push(positionOf(node));
    }
    ts.forEachChild(node, (child) => visit(child, end));
  };
  for (const file of program.getSourceFiles())
    if (!file.isDeclarationFile && !program.isSourceFileFromExternalLibrary(file)) visit(file, undefined);
  return found;
}

const isUsing = (node: ts.Node): boolean =>
  ts.isVariableStatement(node) && (node.declarationList.flags & ts.NodeFlags.Using) !== 0;

function positionOf(node: ts.Node): string {
  const file = node.getSourceFile();
  return `${relative(".", file.fileName)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

it("no function returns a promise without `await` while a `using` declaration is in scope", () => {
  const path = ts.findConfigFile(".", ts.sys.fileExists)!;
  const config = ts.getParsedCommandLineOfConfigFile(
    path,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
  )!;
  expect(config.fileNames.length).toBeGreaterThan(100);
  expect(promisesAfterUsing(ts.createProgram(config.fileNames, config.options))).toEqual([]);
}, 300_000);
