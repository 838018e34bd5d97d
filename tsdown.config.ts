import { defineConfig } from "tsdown";

// biome-ignore lint/style/noDefaultExport: tsdown reads its configuration from the default export
export default defineConfig([
  {
    entry: [
      "src/index.ts",
      "src/cli/main.ts",
      "src/tensor/onnx/index.ts",
      "src/formats/index.ts",
      "src/formats/browser.ts",
      "src/client/index.ts",
      "src/tensor/engine/worker.ts",
      "src/candidates/worker.ts",
      "src/kb/sqlite/integrity.ts",
      "src/encoders/image/worker.ts",
      "src/mentions/worker.ts",
      "src/datasets/wikidata/worker.ts",
      "src/server/catalogues/worker.ts",
    ],
    format: "esm",
    platform: "node",
    target: "es2022",
    fixedExtension: false,
    unbundle: true,
    dts: true,
    clean: ["dist/*", "!dist/web"], // vite builds the review page into dist/web
  },
  // the script of HTML reports
  {
    entry: ["web/report/browse.ts"],
    outDir: "dist/report",
    format: "iife",
    platform: "browser",
    target: "es2022",
    minify: true,
    dts: false,
    clean: false,
    outputOptions: { entryFileNames: "[name].js" },
  },
]);
