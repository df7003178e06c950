/** Messages of OpenIKED about one attempt of tunnel west, by how far it comes. */
export const PEER = "peer 198.51.100.11:500 local 10.10.0.2:500";
export const PEER_T = "peer 198.51.100.11:4500 local 10.10.0.2:4500";

export const spi = (message: string, n = 1) => `spi=0x${String(n).padStart(16, "0")}: ${message}`;
export const asked = (n = 1) => [
  'ikev2_init_ike_sa: initiating "west"',
  spi(`send IKE_SA_INIT req 0 ${PEER}, 278 bytes`, n),
];
export const answered = (n = 1) => [
  ...asked(n),
  spi(`recv IKE_SA_INIT res 0 ${PEER}, 280 bytes, policy 'west'`, n),
  spi(`send IKE_AUTH req 1 ${PEER_T}, 256 bytes, NAT-T`, n),
];
export const authenticated = (n = 1, bytes = 224) => [
  ...answered(n),
  spi(`recv IKE_AUTH res 1 ${PEER_T}, ${bytes} bytes, policy 'west'`, n),
];
export const up = (n = 1) => [
  ...authenticated(n),
  spi("ikev2_childsa_enable: loaded SPIs: 0xdf626845, 0x3c742e00 (enc aes-256)", n),
  spi(
    `established peer 198.51.100.11:4500[FQDN/west.example.net] local 10.10.0.2:4500[FQDN/gw] policy 'west' as initiator (enc aes-256)`,
    n,
  ),
];
export const knocked = (n = 1) => [
  spi(`recv IKE_SA_INIT req 0 ${PEER}, 272 bytes, policy 'west'`, n),
];
export const knockedTwice = (n = 1) => [
  ...knocked(n),
  spi(`send IKE_SA_INIT res 0 ${PEER}, 278 bytes`, n),
  spi(`recv IKE_AUTH req 1 ${PEER_T}, 272 bytes, policy 'west'`, n),
];
