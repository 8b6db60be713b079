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

# The number of our own daemon where it lives, answering yet or not.
living() {
  local pid
  pid=$(cat "$state/dockerd.pid" 2>/dev/null) || return 1
  # Another process may have its number by now.
  grep -qs "$state" "/proc/$pid/cmdline" && echo "$pid"
}

start() {
  if ! answers; then
    local pid
    pid=$(living) || launch
    # On a busy machine it takes its time; one that has ended never answers.
    for _ in $(seq 1200); do
      answers && break
      kill -0 "$pid" 2>/dev/null || break
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

launch() {
  command -v dockerd >/dev/null || {
    echo "There is no dockerd here. On Debian: apt-get install -y --no-install-recommends docker.io" >&2
    exit 1
  }
  [ "$(id -u)" = 0 ] || {
    echo "dockerd needs root. Run this as root, or set DOCKER_HOST to a daemon that runs." >&2
    exit 1
  }
  mkdir -p "$state"
  forget_ended
  local runtimes=()
  # shellcheck disable=SC2191
  command -v runsc >/dev/null && runtimes=(--config-file "$state/daemon.json") && runsc_config
  # Without the ip command the new loopback stays down, and nothing here needs it.
  setsid nohup unshare --net --mount -- bash -c 'ip link set lo up || true; exec dockerd "$@"' dockerd \
    --host "unix://$socket" --group "${SUDO_GID:-$(id -g)}" \
    --data-root "$(data_root)" --exec-root "$state/exec" \
    --pidfile "$state/dockerd.pid" --iptables=false --ip6tables=false --bridge=none \
    "${runtimes[@]}" >"$state/dockerd.log" 2>&1 </dev/null &
  pid=$!
}

# Images take hundreds of megabytes, which not every /tmp has.
data_root() {
  local free
  free=$(df -Pk "$state" | awk 'NR == 2 { print $4 }')
  if [ -d "$state/data" ] || [ "$free" -gt 3000000 ]; then echo "$state/data"; else
    echo "/var/tmp/${state##*/}/data"
  fi
}

# What an earlier one left that was killed: its number may be another process's by now, and a
# containerd that outlived it holds its files.
forget_ended() {
  local name file pid
  for name in dockerd containerd; do
    for file in "$state/$name.pid" "$state/exec/$name/$name.pid"; do
      [ -f "$file" ] || continue
      pid=$(cat "$file")
      case $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null) in
      *"$name"*"$state"*) kill -9 "$pid" 2>/dev/null || true ;;
      esac
      rm -f "$file"
    done
  done
  rm -f "$socket"
}

# gVisor without a network and without KVM: it works in a container and in a virtual machine too.
runsc_config() {
  cat >"$state/daemon.json" <<JSON
{ "runtimes": { "runsc": { "path": "$(command -v runsc)", "runtimeArgs": ["--network=none", "--platform=ptrace"] } } }
JSON
}

stop() {
  local pid
  pid=$(living) || return 0
  kill "$pid" 2>/dev/null || return 0
  for _ in $(seq 600); do
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
