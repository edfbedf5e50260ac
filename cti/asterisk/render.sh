#!/bin/sh
# usage: ALLO_AMI_SECRET=... cti/asterisk/render.sh TARGET [SOURCE...]
# Copies the *.conf of each SOURCE (by default this folder) to TARGET, ${ALLO_NAME} and ${ALLO_NAME:-default} filled in from the
# environment. ALLO_ASTERISK=16 (or 18): event filters as an Asterisk before 20 reads them. What else looks like that belongs to the dialplan and stays. Files of the same name in TARGET are replaced.
set -eu
target=${1:?usage: render.sh TARGET [SOURCE...]}
shift
[ $# -gt 0 ] || set -- "$(dirname "$0")"
umask 027 # manager.conf and pjsip.conf hold secrets
mkdir -p "$target"
for source in "$@"; do
  for file in "$source"/*.conf; do
    [ -e "$file" ] || continue
    perl -pe 's/^eventfilter\(action\(exclude\),name\((\w+)\)\) =/eventfilter = !Event: $1/ if ($ENV{ALLO_ASTERISK} || 22) < 20;
      s/\$\{(ALLO_\w+)(?::-([^}]*))?\}/$ENV{$1} \/\/ $2 \/\/ die "$ARGV: set $1\n"/ge' "$file" > "$target/$(basename "$file").new"
    # whoever owns the folder is who must read the file: Asterisk, where it does not run as root
    [ "$(id -u)" -ne 0 ] || chown --reference="$target" "$target/$(basename "$file").new"
    mv "$target/$(basename "$file").new" "$target/$(basename "$file")"
  done
done
