#!/usr/bin/env bash
# Trains, converts, calibrates and evaluates the default model. This takes about 80 minutes on two cores and 5 GB of memory.
# Needs Wikidata-MEL and all-MiniLM-L6-v2 in ../shared/data. After an interruption, run the script again to resume.
set -euo pipefail
cd "$(dirname "$0")/../.."
mmel() { node dist/cli/main.js "$@"; }
data=../shared/data/wikimel
mkdir -p runs
[ -e runs/wikimel ] || mmel kb import "$data" --format wikimel --kb runs/wikimel
for split in train dev; do
  [ -e "runs/$split.jsonl" ] || mmel dataset convert "$data" --format wikimel --split "$split" --output "runs/$split.jsonl"
done
if [ -e runs/mini/state ]; then mmel train --resume runs/mini; else
  rm -rf runs/mini
  mmel train --config experiments/mini/config.json --output runs/mini
fi
mmel models convert runs/mini/model --precision I8 --most 8 --least 1 --doubt 0.05 --context-weight 0.8 --output runs/mmel-mini-en
mmel calibrate runs/dev.jsonl --kb runs/wikimel --model runs/mmel-mini-en
mmel evaluate runs/dev.jsonl --kb runs/wikimel --model runs/mmel-mini-en --train runs/train.jsonl
