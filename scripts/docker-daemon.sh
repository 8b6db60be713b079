#!/usr/bin/env bash
# A Docker daemon of our own for the tests, where none runs:
#   docker-daemon.sh start   starts one and prints its DOCKER_HOST
#   docker-daemon.sh stop    ends it
# It lives in a network namespace of its own: a second daemon would take the bridge of the first.
# No container here has a network, so it needs no bridge, no firewall and no address.
set -euo pipefail
state=${CODEMODE_DOCKER_STATE:-/tmp/codemode-docker-$(id -u)}
socket=$state/docker.sock

answers() { DOCKER_HOST=unix://$socket docker version >/dev/null 2>&1; }

start() {
  if ! answers; then
    command -v dockerd >/dev/null || {
      echo "There is no dockerd here. On Debian: apt-get install -y --no-install-recommends docker.io" >&2
      exit 1
    }
    mkdir -p "$state"
    local runtimes=()
    # shellcheck disable=SC2191
    command -v runsc >/dev/null && runtimes=(--config-file "$state/daemon.json") && runsc_config
    setsid nohup unshare --net --mount -- bash -c 'ip link set lo up; exec dockerd "$@"' dockerd \
      --host "unix://$socket" --data-root "$state/data" --exec-root "$state/exec" \
      --pidfile "$state/dockerd.pid" --iptables=false --ip6tables=false --bridge=none \
      "${runtimes[@]}" >"$state/dockerd.log" 2>&1 </dev/null &
    for _ in $(seq 300); do
      answers && break
      sleep 0.1
    done
    answers || {
      echo "dockerd does not start. Its last words:" >&2
      tail -n 20 "$state/dockerd.log" >&2
      exit 1
    }
  fi
  echo "unix://$socket"
}

# gVisor without a network and without KVM: it works in a container and in a virtual machine too.
runsc_config() {
  cat >"$state/daemon.json" <<JSON
{ "runtimes": { "runsc": { "path": "$(command -v runsc)", "runtimeArgs": ["--network=none", "--platform=ptrace"] } } }
JSON
}

stop() {
  [ -f "$state/dockerd.pid" ] || return 0
  local pid
  pid=$(cat "$state/dockerd.pid")
  kill "$pid" 2>/dev/null || return 0
  for _ in $(seq 100); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.1
  done
  echo "dockerd does not end." >&2
  exit 1
}

case ${1:-} in
start) start ;;
stop) stop ;;
*)
  echo "Use: docker-daemon.sh start | stop" >&2
  exit 2
  ;;
esac
