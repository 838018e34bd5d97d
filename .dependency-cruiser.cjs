// The layers of the project, top to bottom: a folder imports only from itself and the folders named before it.
const layers = [
  "core",
  "names",
  "formats",
  "client",
  "tensor",
  "encoders",
  "postgres",
  "kb",
  "relations",
  "datasets",
  "mentions",
  "candidates",
  "pictures",
  "models",
  "ranking",
  "linker",
  "evaluation",
  "training",
  "jobs",
  "cli|server",
];

const downwardOnly = layers.map((layer, at) => ({
  name: `layer-${layer.replace("|", "-")}`,
  severity: "error",
  from: { path: `^src/(${layer})/` },
  to: { path: "^src/", pathNot: `^src/(${[...layers.slice(0, at + 1)].join("|")})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...downwardOnly,
    {
      name: "client-runs-in-browsers",
      comment: "the client takes types from formats and nothing else",
      severity: "error",
      from: { path: "^src/client/" },
      to: { pathNot: "^src/client/", dependencyTypesNot: ["type-only"] },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "one-loader-of-onnxruntime",
      comment: "load.ts switches its telemetry off",
      severity: "error",
      from: { pathNot: "^src/tensor/onnx/runtime/load\\.ts$" },
      to: { path: "node_modules/onnxruntime-node", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "one-loader-of-libsql",
      comment: "libsql.ts keeps it from looking names up",
      severity: "error",
      from: { pathNot: "^src/kb/sqlite/libsql\\.ts$" },
      to: { path: "node_modules/libsql", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "one-loader-of-sharp",
      comment: "sharp.ts says what to do if its binary is missing",
      severity: "error",
      from: { pathNot: "^src/encoders/image/sharp\\.ts$" },
      to: { path: "node_modules/sharp", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "web-shares-formats",
      severity: "error",
      from: { path: "^web/" },
      to: { path: "^src/", pathNot: "^src/formats/" },
    },
    {
      name: "web-runs-in-a-browser",
      severity: "error",
      from: { path: "^web/(src|report)/" },
      to: { dependencyTypes: ["core"] },
    },
    { name: "no-web-in-src", severity: "error", from: { path: "^src/" }, to: { path: "^web/" } },
    { name: "no-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "known-folder",
      severity: "error",
      from: { path: "^src/", pathNot: `^src/(${layers.join("|")})/|^src/index\\.ts$` },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "node"],
      mainFields: ["module", "main", "types"],
    },
  },
};
