#!/usr/bin/env bash
# What is made once and kept over `down`: the administrator's key, the passphrase, the guest image.

ADMIN_KEY=$LAB/keys/admin
PASSPHRASE=$LAB/passphrase
IMAGE=$LAB/media/openbsd.img

ensure_keys() {
  mkdir -p "$LAB/keys" "$LAB/media"
  if [ ! -s "$ADMIN_KEY" ] || [ ! -s "$ADMIN_KEY.pub" ]; then
    rm -f "$ADMIN_KEY" "$ADMIN_KEY.pub"
    ssh-keygen -q -t ed25519 -N '' -C lab-admin -f "$ADMIN_KEY"
  fi
  if [ ! -s "$PASSPHRASE" ]; then
    head -c 32 /dev/urandom | base64 -w 0 >"$PASSPHRASE.new"
    mv "$PASSPHRASE.new" "$PASSPHRASE"
  fi
}

# Everything that decides what is in the image.
image_inputs() {
  (cd "$ROOT" && find lab/standin -type f ! -name '*_test.go' -print0 | sort -z | xargs -0 sha256sum)
  sha256sum <"$ADMIN_KEY.pub"
}

ensure_image() {
  local inputs
  inputs=$(image_inputs | sha256sum)
  if [ -s "$IMAGE" ] && [ "$(cat "$IMAGE.inputs" 2>/dev/null)" = "$inputs" ]; then return 0; fi
  "$ROOT/lab/standin/build" "$IMAGE.new" "$ADMIN_KEY.pub"
  # In this order an interrupted run builds again instead of believing a wrong stamp.
  rm -f "$IMAGE.inputs"
  mv -f "$IMAGE.new" "$IMAGE"
  printf '%s\n' "$inputs" >"$IMAGE.inputs"
}
