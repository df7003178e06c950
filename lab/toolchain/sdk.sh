#!/usr/bin/env bash
# The SDK of the libvirt provider, written by Pulumi's own generator.

print_schema() {
  PULUMI_SKIP_UPDATE_CHECK=true "$(engine_directory)/pulumi" package get-schema \
    "terraform-provider@$BRIDGE_VERSION" "$LIBVIRT_SOURCE" "$LIBVIRT_VERSION"
}

regenerate_sdk() {
  local new=$TOOLCHAIN/sdk.new
  ready
  need_go
  rm -rf "$new"
  print_schema | (cd "$ROOT/lab/toolchain/go/engine" && checked_go run -mod=readonly ./sdkgen "$new")
  rm -rf "$ROOT/sdks/libvirt"
  mv "$new" "$ROOT/sdks/libvirt"
  step "libvirt SDK" ensure_sdk
}
