#!/usr/bin/env bash
# Sends requests generated from the service's OpenAPI document: scripts/schemathesis.sh [EXAMPLES]
# EXAMPLES is the number of requests per operation, 25 by default. Needs Python with venv and PyPI; not part of .ci/run.
# The check positive_data_acceptance is excluded: the service rightly rejects some requests that match the schema, because a schema
# cannot express that offsets fit the text, that paths stay inside their folder, or that base64 is a picture.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'kill "$service" 2>/dev/null || true; rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet schemathesis
node dist/cli/main.js serve --model lexical --port 0 --log-level error >"$work/address" &
service=$!
until grep -q ' serves ' "$work/address"; do kill -0 "$service"; sleep 0.2; done
url=$(cut -d" " -f1 "$work/address")
cd "$work" && "$work/venv/bin/schemathesis" run "$url/openapi.json" --max-examples "${1:-25}" --seed 1 --no-color \
  --exclude-checks positive_data_acceptance
