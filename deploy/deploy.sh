#!/usr/bin/env bash
# Puts a release into service on this machine:
#
#   deploy.sh ARTIFACT       the executable, or a release's farchat-<target>.tar.gz
#
# 1 checks the artifact (SHA256SUMS beside it, and that it runs), 2 makes and verifies a backup, 3 switches, 4 waits until
# the server is healthy, and when it isn't 5 goes back to the release before by itself. Exit: 0 done, 1 nothing changed or
# gone back, 3 neither release runs. The variables it knows are in common.sh. On another machine:
#
#   scp -r deploy dist/farchat server:farchat-new && ssh server sudo farchat-new/deploy/deploy.sh farchat-new/farchat
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=deploy/common.sh
. "$here/common.sh"

[ $# = 1 ] || { echo "usage: deploy.sh ARTIFACT" >&2; exit 2; }
artifact=$1
[ -f "$artifact" ] || fail "there is no file $artifact"
take_lock

sums="$(dirname "$artifact")/SHA256SUMS"
if [ -f "$sums" ]; then
  (cd "$(dirname "$artifact")" && sha256sum --check --ignore-missing --strict --quiet SHA256SUMS >&2) ||
    fail "$artifact is not what SHA256SUMS says"
  grep -qF "$(basename "$artifact")" "$sums" || fail "SHA256SUMS does not name $(basename "$artifact")"
  say "checksum is right"
else
  say "no SHA256SUMS beside the artifact: its checksum is not checked"
fi

stage=$(mktemp -d "$FARCHAT_ROOT/releases/.new-XXXXXX")
trap 'rm -rf "$stage"' EXIT
case $artifact in
  *.tar.gz) tar -xzf "$artifact" -C "$stage" --no-same-owner ;;
  *) cp "$artifact" "$stage/farchat" ;;
esac
[ -f "$stage/farchat" ] || fail "there is no farchat in $artifact"
chmod 0755 "$stage" "$stage/farchat"
version=$("$stage/farchat" version) || fail "the artifact does not run on this machine"
number=$(sed -nE 's/^FARchat ([0-9A-Za-z.+-]+).*/\1/p' <<<"$version")
[ -n "$number" ] || fail "expected a FARchat, found: $version"
release="$number-$(sha256sum "$stage/farchat" | cut -c1-8)"

before=$(release_of current)
if [ "$release" = "$before" ]; then
  say "$release runs already"
  exit 0
fi
if [ ! -d "$FARCHAT_ROOT/releases/$release" ]; then
  mv -T "$stage" "$FARCHAT_ROOT/releases/$release"
fi
say "release $release ($version)"

mkdir -p "$FARCHAT_DATA"
# By the release that runs, which knows the database; a newer one would change it.
backup=$(make_backup "${before:-$release}" "before-$release-$(date -u +%Y%m%dT%H%M%SZ)") ||
  fail "there is no backup, so nothing was changed"
if [ -n "$backup" ]; then
  printf '%s\n' "$backup" >"$FARCHAT_ROOT/releases/$release/backup-before"
  say "backup $backup is verified"
else
  say "no database yet, so no backup"
fi

if run_release "$release"; then
  [ -z "$before" ] || point previous "$before"
  say "done: $release runs"
else
  say "$release does not run"
  if [ -z "$before" ]; then
    stop_service
    say "it is the first release here, so there is none to go back to"
    exit 3
  fi
  go_back "$before" "$backup" || { say "$before does not run either: look at its log"; exit 3; }
  exit 1
fi

# The oldest releases go; never the one that runs or the one before.
find "$FARCHAT_ROOT/releases" -mindepth 1 -maxdepth 1 -type d ! -name '.new-*' -printf '%T@ %f\n' | sort -rn |
  tail -n "+$((FARCHAT_KEEP + 1))" | cut -d' ' -f2 | while read -r old; do
  if [ "$old" != "$release" ] && [ "$old" != "$before" ]; then
    rm -rf "${FARCHAT_ROOT:?}/releases/$old"
    say "removed the old release $old"
  fi
done
if [ -d "$FARCHAT_BACKUPS" ]; then
  find "$FARCHAT_BACKUPS" -maxdepth 1 -type f -name 'before-*.tar.gz' -printf '%T@ %p\n' | sort -rn |
    tail -n "+$((FARCHAT_KEEP + 1))" | cut -d' ' -f2- | while read -r old; do rm -f "$old"; done
fi
