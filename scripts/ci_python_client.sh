#!/usr/bin/env bash
# Installs the official MCP client of Python from PyPI into .tools/python, for tests/e2e/client_python.test.ts: clients
# in another language read the protocol in another way. Where Python, venv or PyPI are missing it says so and does
# nothing; the test is skipped then.
set -uo pipefail
cd "$(dirname "$0")/.."

package=mcp==2.3.0
folder=.tools/python
if [ "$(cat "$folder/installed" 2>/dev/null)" = "$package" ]; then
  echo "$package is installed"
  exit 0
fi
rm -rf "$folder"
if python3 -m venv "$folder" &&
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --timeout 20 --retries 1 "$package"; then
  echo "$package" >"$folder/installed"
else
  rm -rf "$folder"
  echo "$package cannot be installed here"
fi
