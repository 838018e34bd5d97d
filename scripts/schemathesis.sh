#!/usr/bin/env bash
# Tests the service with requests that are generated from its OpenAPI document: scripts/schemathesis.sh [EXAMPLES]
# EXAMPLES is the number of requests per operation (default 25). Needs Python with venv, and access to PyPI. Not part of .ci/run.
# The check positive_data_acceptance is excluded, because some requests match the schema but are still invalid. A schema cannot
# express that offsets are within the text, that a path stays inside its folder, or that base64 data are a picture.
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
