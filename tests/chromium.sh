#!/bin/sh
# Make sure there is a Chromium for the browser tests; quiet when there is one.
# KREISHEFT_CHROMIUM may name the binary.
set -u

works() {
  # The chromium-browser of Ubuntu's archive is an empty shell that asks for a snap: it has no version.
  "$1" --version 2>/dev/null | grep -Eq '^(Chromium|Google Chrome) [0-9]'
}

found() {
  for name in "${KREISHEFT_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    [ -n "$name" ] && path=$(command -v "$name") && works "$path" && return 0
  done
  return 1
}

if [ -n "${KREISHEFT_CHROMIUM:-}" ] && ! works "$KREISHEFT_CHROMIUM"; then
  echo "KREISHEFT_CHROMIUM=$KREISHEFT_CHROMIUM is no Chromium that starts; unset it or name another." >&2
  exit 1
fi
found && exit 0

as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo -n"
if command -v apt-get >/dev/null && { [ -z "$as_root" ] || $as_root true 2>/dev/null; }; then
  echo "The browser tests need Chromium; installing the package chromium ..." >&2
  $as_root apt-get update -qq >&2 && \
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-liberation >&2
fi
found && exit 0

cat >&2 <<'END'
No Chromium for the browser tests. One of these helps:
  - Debian:           apt-get install chromium
  - Ubuntu:           snap install chromium   (the apt package is only a pointer to the snap)
  - Google Chrome:    install it; google-chrome is found by itself
  - another binary:   KREISHEFT_CHROMIUM=/path/to/chromium make test
  - without browser:  pytest -m "not browser"
END
exit 1
