#!/bin/sh
# An agency's side in a shell: for each message id on standard input, read the message and bring a reply.
#   answer.sh URL AGENCY <message-ids      (URL of the gateway, AGENCY its code; needs curl)
set -eu
url=$1 agency=$2
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
  curl -fsS "$url/v1/agencies/$agency/replies" -H 'Content-Type: application/xml' --data-binary @- <<REPLY
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
