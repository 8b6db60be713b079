#!/usr/bin/env bash
# Makes a base image for the sandbox where no registry can be reached: the Node binary of the npm
# package `node-linux-*` and the libraries it needs from this machine. No shell, nothing else.
#   make-docker-base.sh [image]     default: codemode/node-base:24
set -euo pipefail
cd "$(dirname "$0")/.."
image=${1:-codemode/node-base:24}

case $(uname -m) in
x86_64) arch=x64 ;;
aarch64 | arm64) arch=arm64 ;;
*)
  echo "There is no recipe for $(uname -m). Use an image with Node 24 instead: docker.base_image." >&2
  exit 1
  ;;
esac
version=$(node -p 'require("node/package.json").version' 2>/dev/null || echo 24)

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/files/{usr/local/bin,etc,proc,sys,dev,tmp,workspace}
chmod 1777 "$root/files/tmp"
(cd "$root" && npm pack --silent --fetch-retries=5 "node-linux-$arch@$version" >/dev/null)
tar -xzf "$root"/node-linux-*.tgz -C "$root" package/bin/node
install -m 0755 "$root/package/bin/node" "$root/files/usr/local/bin/node"
# Each library at the path under which the loader looks for it.
ldd "$root/package/bin/node" | grep -o '/[^ ]*' | sort -u | while read -r library; do
  install -D -m 0755 "$(readlink -f "$library")" "$root/files$library"
done
printf 'root:x:0:0:root:/:/sbin/nologin\n' >"$root/files/etc/passwd"
printf '127.0.0.1 localhost\n' >"$root/files/etc/hosts"
tar -C "$root/files" -c . |
  docker import --change 'ENV PATH=/usr/local/bin:/usr/bin:/bin' - "$image" >/dev/null
echo "$image"
