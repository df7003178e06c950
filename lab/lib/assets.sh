#!/usr/bin/env bash
# What is made once and kept over `down`: the administrator's key, the passphrase, what the guest is made from.

ADMIN_KEY=$LAB/keys/admin
PASSPHRASE=$LAB/passphrase
IMAGE=$LAB/media/openbsd.img
INSTALLER=$LAB/media/install79.iso

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

# Each build looks itself whether anything that goes into its result has changed.
ensure_media() {
  # Work that an interrupted build left.
  rm -rf "$LAB"/media/.standin.* "$LAB"/media/.installer.*
  case $(source_kind) in
    image) "$ROOT/lab/standin/build" "$IMAGE" "$ADMIN_KEY.pub" ;;
    installer) "$ROOT/lab/standin/installer/build" "$INSTALLER" ;;
  esac
}
