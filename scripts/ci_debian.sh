#!/usr/bin/env bash
# Installs from Debian's packages what the end-to-end tests need: the proxies that they go through, and the shells in
# which completions are tried. Does nothing when all is there.
set -euo pipefail
missing=()
have() { command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ]; }
have danted || missing+=(dante-server)
for package in tinyproxy squid microsocks zsh fish; do
  have "$package" || missing+=("$package")
done
if [ ${#missing[@]} = 0 ]; then
  echo "All packages are installed"
  exit 0
fi
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo)
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
