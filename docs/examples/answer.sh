#!/bin/sh
# An agency's side in a shell: for each message id on standard input, read the message and bring a reply.
#   answer.sh URL AGENCY [TOKEN-FILE] <message-ids      (URL of the gateway, AGENCY its code; needs curl)
set -eu
[ $# -ge 2 ] || { echo "usage: $0 URL AGENCY [TOKEN-FILE] <message-ids" >&2; exit 2; }
url=$1 agency=$2
umask 077
access=$(mktemp)
trap 'rm -f "$access"' EXIT
[ $# -lt 3 ] || printf 'Authorization: Bearer %s\n' "$(cat "$3")" >"$access" # not where `ps` shows it
while read -r id; do
  case=${id%%/*}
  message=$(curl -fsS "$url/v1/declarations/$case/messages/$agency")
  outcome=approved
  finding=
  case $message in *"<CountryCode>KP</CountryCode>"*)
    outcome=refused
    finding="<Finding><Code>$agency.origin</Code><Text languageID=\"en\">Goods of this origin may not pass.</Text>"
    finding="$finding<Text languageID=\"zh\">该原产地货物不得放行。</Text></Finding>" ;;
  esac
  curl -fsS "$url/v1/agencies/$agency/replies" -H "@$access" -H 'Content-Type: application/xml' --data-binary @- <<REPLY
<Reply xmlns="urn:onewindow:reply:1">
  <MessageID>$id</MessageID>
  <AgencyCode>$agency</AgencyCode>
  <AgencyReferenceID>$agency-$case</AgencyReferenceID>
  <OutcomeCode>$outcome</OutcomeCode>
  <DecisionDateTime>$(date -u +%Y-%m-%dT%H:%M:%SZ)</DecisionDateTime>
  $finding
</Reply>
REPLY
  echo
done
