# What deploy.sh and rollback.sh share. Read by them, not run.
# shellcheck shell=bash
#
#   $FARCHAT_ROOT/releases/<version>-<hash>/farchat     the releases, each in a folder of its own
#   $FARCHAT_ROOT/current                               a link to the one that runs
#   $FARCHAT_ROOT/previous                              a link to the one before

FARCHAT_ROOT=${FARCHAT_ROOT:-/opt/farchat}
# The settings of the service; what is set in the environment already counts more.
FARCHAT_ENV=${FARCHAT_ENV:-/etc/farchat/farchat.env}
FARCHAT_DATA=${FARCHAT_DATA:-/var/lib/farchat}
FARCHAT_BACKUPS=${FARCHAT_BACKUPS:-$FARCHAT_DATA/backups}
FARCHAT_USER=${FARCHAT_USER:-farchat}
FARCHAT_SERVICE=${FARCHAT_SERVICE:-farchat}
FARCHAT_STOP=${FARCHAT_STOP:-systemctl stop $FARCHAT_SERVICE}
FARCHAT_START=${FARCHAT_START:-systemctl start $FARCHAT_SERVICE}
# Says yes (exit 0) when the service has ended and will not be started again: then nothing is waited for.
FARCHAT_FAILED=${FARCHAT_FAILED:-systemctl is-failed --quiet $FARCHAT_SERVICE}
FARCHAT_HEALTH_SECONDS=${FARCHAT_HEALTH_SECONDS:-60}
FARCHAT_KEEP=${FARCHAT_KEEP:-5}

say() { printf '%s  %s\n' "$(date -u +%H:%M:%S)" "$*" >&2; }
fail() { say "FAILED: $*"; exit 1; }

# A second deployment at the same time ends at once instead of half switching.
take_lock() {
  mkdir -p "$FARCHAT_ROOT/releases"
  exec 9>"$FARCHAT_ROOT/.deploy.lock"
  flock --nonblock 9 || fail "another deployment to $FARCHAT_ROOT is under way"
}

# Runs FARchat of a release as the service's user, with the service's settings.
farchat() { # farchat RELEASE COMMAND...
  local program="$FARCHAT_ROOT/releases/$1/farchat"
  shift
  (
    exec 9>&-
    cd "$FARCHAT_DATA" || exit 1
    if [ -r "$FARCHAT_ENV" ]; then
      while IFS='=' read -r name value; do
        case $name in '' | \#* | *[!A-Z_]*) continue ;; esac
        [ -n "${!name+set}" ] || export "$name=$value"
      done <"$FARCHAT_ENV"
    fi
    export FARCHAT_DATA
    if [ "$(id -u)" = 0 ] && id "$FARCHAT_USER" >/dev/null 2>&1; then
      exec runuser --user "$FARCHAT_USER" -- "$program" "$@"
    fi
    exec "$program" "$@"
  )
}

# The name of the release a link points to; nothing where there is none.
release_of() { # release_of current|previous
  local target
  target=$(readlink "$FARCHAT_ROOT/$1" 2>/dev/null) || return 0
  basename "$target"
}

# A link is replaced in one step: there is no moment without it.
point() { # point current|previous RELEASE
  ln -sfn "releases/$2" "$FARCHAT_ROOT/.$1.new"
  mv -T "$FARCHAT_ROOT/.$1.new" "$FARCHAT_ROOT/$1"
}

stop_service() { bash -c "exec 9>&-; $FARCHAT_STOP" || say "stopping said no; going on"; }
start_service() { bash -c "exec 9>&-; $FARCHAT_START"; }

# Waits until the server says that it is ready.
wait_healthy() { # wait_healthy RELEASE
  local end=$((SECONDS + FARCHAT_HEALTH_SECONDS)) answer=
  while [ $SECONDS -lt $end ]; do
    if answer=$(farchat "$1" healthcheck 2>&1); then
      return 0
    fi
    if bash -c "exec 9>&-; $FARCHAT_FAILED"; then
      say "the server has ended"
      return 1
    fi
    sleep 1
  done
  say "not healthy after $FARCHAT_HEALTH_SECONDS s: $answer"
  return 1
}

# Makes and verifies a backup with a release, and prints its path. Nothing where there is no database yet.
make_backup() { # make_backup RELEASE NAME
  [ -f "$FARCHAT_DATA/farchat.db" ] || return 0
  local file="$FARCHAT_BACKUPS/$2.tar.gz"
  farchat "$1" backup --to "$file" >&2 || return 1
  farchat "$1" verify "$file" >&2 || return 1
  printf '%s' "$file"
}

# Runs a release: stops the service, switches, starts, waits. False when it does not become healthy.
run_release() { # run_release RELEASE
  stop_service
  point current "$1"
  start_service || { say "starting said no"; return 1; }
  wait_healthy "$1"
}

# Goes back to a release that ran before. Its data are tried first, so that nothing written meanwhile is lost; when it
# can't read them any more (a newer release changed the database) the backup is restored, which keeps the others aside.
go_back() { # go_back RELEASE BACKUP
  if run_release "$1"; then
    say "$1 runs again, with the data as they are"
    return 0
  fi
  [ -n "$2" ] || return 1
  stop_service
  say "$1 does not run with the data as they are; restoring $2"
  farchat "$1" restore "$2" >&2 || return 1
  run_release "$1" || return 1
  say "$1 runs again, with the data of $2"
}
