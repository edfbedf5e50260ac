#!/bin/sh
# Renders Allo's configuration over the distribution's, adds the administrator's *_local.conf, starts Asterisk.
set -eu
: "${ALLO_AMI_SECRET:?set ALLO_AMI_SECRET}"
ALLO_MODULES=$(dirname "$(find /usr/lib -name chan_pjsip.so | head -n 1)") # its folder is named after the processor
export ALLO_MODULES
/usr/share/allo/asterisk/render.sh /etc/asterisk
if [ -d /local ]; then /usr/share/allo/asterisk/render.sh /etc/asterisk /local; fi

# Behind Docker's address translation, phones and browsers must be told the address of the host.
if [ -n "${ALLO_EXTERNAL_ADDRESS:-}" ]; then
  own=$(hostname -i)
  own=${own%% *}
  printf '\n[ice_host_candidates]\n%s => %s\n' "$own" "$ALLO_EXTERNAL_ADDRESS" >> /etc/asterisk/rtp.conf
  printf '\n[transport-udp](+)\nlocal_net = %s/32\nexternal_media_address = %s\nexternal_signaling_address = %s\n' \
    "$own" "$ALLO_EXTERNAL_ADDRESS" "$ALLO_EXTERNAL_ADDRESS" >> /etc/asterisk/pjsip.conf
fi

# cel_custom loses everything, silently, when its folder is missing
mkdir -p /var/spool/asterisk/log/cel-custom /var/spool/asterisk/monitor /var/lib/asterisk/keys /var/run/asterisk
chown -R asterisk:asterisk /var/run/asterisk /var/spool/asterisk /var/lib/asterisk /etc/asterisk
exec asterisk -f -n -U asterisk -G asterisk
