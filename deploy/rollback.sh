#!/usr/bin/env bash
# Goes back to the release before, or to one that is named:
#
#   rollback.sh [RELEASE] [--restore [FILE]]
#
# The data stay as they are when the older release can read them. --restore puts the backup in their place that was made
# before the release that runs now was deployed, or FILE; what is there now is kept aside. A backup is made first, and
# when the older release does not run the newer one is started again. Exit codes are those of deploy.sh.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=deploy/common.sh
. "$here/common.sh"

target=
restore=no
file=
while [ $# -gt 0 ]; do
  case $1 in
    --restore)
      restore=yes
      if [ $# -gt 1 ] && [ -f "$2" ]; then
        file=$2
        shift
      fi
      ;;
    -*) echo "usage: rollback.sh [RELEASE] [--restore [FILE]]" >&2; exit 2 ;;
    *) target=$1 ;;
  esac
  shift
done
take_lock

now=$(release_of current)
target=${target:-$(release_of previous)}
[ -n "$now" ] || fail "nothing runs from $FARCHAT_ROOT"
[ -n "$target" ] || fail "there is no release before $now; those there are: $(ls "$FARCHAT_ROOT/releases")"
[ "$target" != "$now" ] || fail "$target is what runs"
[ -x "$FARCHAT_ROOT/releases/$target/farchat" ] ||
  fail "there is no release $target; those there are: $(ls "$FARCHAT_ROOT/releases")"
if [ $restore = yes ] && [ -z "$file" ]; then
  file=$(cat "$FARCHAT_ROOT/releases/$now/backup-before" 2>/dev/null) ||
    fail "no backup is known from before $now; name one with --restore FILE"
fi
if [ -n "$file" ]; then
  farchat "$target" verify "$file" >&2 || fail "$file can't be restored, so nothing was changed"
fi

backup=$(make_backup "$now" "before-rollback-$(date -u +%Y%m%dT%H%M%SZ)") ||
  fail "there is no backup, so nothing was changed"
say "going back from $now to $target"
stop_service
if [ -n "$file" ]; then
  if ! farchat "$target" restore "$file" >&2; then
    run_release "$now" || exit 3
    fail "the backup could not be restored; $now runs again"
  fi
fi
if run_release "$target"; then
  point previous "$now"
  say "done: $target runs"
  exit 0
fi
say "$target does not run; starting $now again"
[ -n "$file" ] || say "if $target is too old for the database: rollback.sh $target --restore"
go_back "$now" "$backup" || { say "$now does not run either: look at its log"; exit 3; }
exit 1
