#!/usr/bin/env bash
# Installs the proxies that the end-to-end tests go through, from Debian's packages. Does nothing when all are there.
set -euo pipefail
missing=()
have() { command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ]; }
have tinyproxy || missing+=(tinyproxy)
have squid || missing+=(squid)
have danted || missing+=(dante-server)
have microsocks || missing+=(microsocks)
if [ ${#missing[@]} = 0 ]; then
  echo "All proxies are installed"
  exit 0
fi
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo)
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
