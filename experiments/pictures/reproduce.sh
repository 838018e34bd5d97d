#!/usr/bin/env bash
# Adds pictures to the default model: generates the pictographs and their vectors, fits the image-similarity model, trains the
# network further with and without pictures, calibrates and evaluates. Run experiments/mini/reproduce.sh first. Needs the icon packages that
# bench/pictographs/build.ts lists, installed in ./icons.
set -euo pipefail
cd "$(dirname "$0")/../.."
mmel() { node dist/cli/main.js "$@"; }
[ -e runs/pictographs ] || npx tsx bench/pictographs/build.ts --packages icons --output runs/pictographs
[ -e runs/pictographs-kb ] || mmel kb import runs/pictographs/kb.jsonl --kb runs/pictographs-kb
mmel features runs/pictographs/images --encoder efficientnet-lite0 --output runs/vectors --views 6
mkdir -p runs/image-likeness runs/mix
npx tsx experiments/pictures/fit-image-likeness.ts runs/pictographs/train.jsonl runs/pictographs-kb runs/pictographs/images runs/vectors runs/image-likeness
# Train on people and pictographs together, so that the network does not get worse at linking people.
[ -e runs/mix/kb ] || {
  mmel kb export --kb runs/wikimel --output runs/mix/people.jsonl
  mmel kb import runs/mix/people.jsonl runs/pictographs/kb.jsonl --kb runs/mix/kb
}
shuf --random-source=<(yes 1) -n 2600 runs/train.jsonl >runs/mix/train-people.jsonl
{ shuf --random-source=<(yes 2) -n 300 runs/dev.jsonl; shuf --random-source=<(yes 2) -n 250 runs/pictographs/dev.jsonl; } >runs/mix/dev.jsonl
if [ -e runs/fine/state ]; then mmel train --resume runs/fine; else
  rm -rf runs/fine
  mmel train --config experiments/pictures/config.json --output runs/fine
fi
mmel models convert runs/fine/model --precision I8 --most 8 --least 1 --doubt 0.05 --context-weight 0.8 --output runs/new
mmel calibrate runs/dev.jsonl --kb runs/wikimel --model runs/new
mmel evaluate runs/dev.jsonl --kb runs/wikimel --model runs/new --train runs/train.jsonl
mmel evaluate runs/pictographs/dev.jsonl --kb runs/pictographs-kb --model runs/new --images runs/pictographs/images --features runs/vectors
