#!/bin/sh
# A whole agency in a shell: it fetches its messages from the window's mailbox, decides, and settles each.
#   mailbox.sh URL AGENCY [TOKEN-FILE]      (URL of the gateway, AGENCY its code; needs curl; Ctrl-C ends it)
# BOOK is the folder in which it keeps what it took and answered, by default AGENCY.book.
set -eu
[ $# -ge 2 ] || { echo "usage: $0 URL AGENCY [TOKEN-FILE]" >&2; exit 2; }
at=$1/v1/agencies/$2 agency=$2 book=${BOOK:-$2.book} pause=1
umask 077
mkdir -p "$book"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 0' INT TERM
: >"$work/access"
[ $# -lt 3 ] || printf 'Authorization: Bearer %s\n' "$(cat "$3")" >"$work/access" # not where `ps` shows it

call() { curl -sS -H "@$work/access" -w '%{http_code}' "$@" || :; } # status 000: nobody there
header() { tr -d '\r' <"$work/headers" | awk -F': ' -v name="$1" 'tolower($1) == name { print $2 }'; }

# The reply to the message in $work/message, by what is in it.
decide() {
  outcome=approved finding=
  if [ "$kind" = declaration ] && grep -q '<CountryCode>KP</CountryCode>' "$work/message"; then
    outcome=refused
    finding="<Finding><Code>$agency.origin</Code><Text languageID=\"en\">Goods of this origin may not pass.</Text>"
    finding="$finding<Text languageID=\"zh\">该原产地货物不得放行。</Text></Finding>"
  fi
  cat <<REPLY
<Reply xmlns="urn:onewindow:reply:1">
  <MessageID>$id</MessageID>
  <AgencyCode>$agency</AgencyCode>
  <AgencyReferenceID>$agency-${id%%/*}</AgencyReferenceID>
  <OutcomeCode>$outcome</OutcomeCode>
  <DecisionDateTime>$(date -u +%Y-%m-%dT%H:%M:%SZ)</DecisionDateTime>
  $finding
</Reply>
REPLY
}

# Bring what is in a file; what the window can't take just now is fetched again, and the book has the same answer.
bring() {
  status=$(call -m 60 -o "$work/said" "$at/$1" -H "Content-Type: $2" --data-binary "@$3")
  echo "$id $kind $1 $status"
  case $status in 200) ;; 408 | 429 | 000 | 5??) return 1 ;; *) cat "$work/said" >&2 ;; esac
}

settle() {
  entry=$book/$(printf %s "$id" | tr / _) taken=$(cksum <"$work/message")
  if [ -e "$entry.taken" ] && [ "$(cat "$entry.taken")" != "$taken" ]; then
    printf '{"message_id": "%s", "refused": "the id was used before for other content"}' "$id" >"$work/answer"
    bring acknowledgements application/json "$work/answer"
  elif [ "$kind" = notice ]; then
    printf '{"message_id": "%s"}' "$id" >"$work/answer"
    bring acknowledgements application/json "$work/answer"
  else # answered once: the second delivery of an id gets the first one's reply, byte for byte
    if [ ! -e "$entry.taken" ]; then
      decide >"$entry.new" && mv "$entry.new" "$entry.reply"
      printf %s "$taken" >"$entry.new" && mv "$entry.new" "$entry.taken"
    fi
    bring replies application/xml "$entry.reply"
  fi
}

while :; do
  status=$(call -m 60 --max-filesize 8388608 -o "$work/message" -D "$work/headers" -H 'Accept: application/xml' \
    "$at/messages?wait=20&max=1")
  case $status in
  200)
    id=$(header onewindow-message-id) kind=$(header onewindow-kind)
    if settle; then
      pause=1
      continue
    fi
    ;;
  204) # there is none just now
    pause=1
    continue
    ;;
  *) echo "no messages from $at: $status" >&2 ;;
  esac
  sleep "$pause"
  pause=$((pause < 16 ? pause * 2 : 30))
done
