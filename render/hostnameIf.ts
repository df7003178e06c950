/** /etc/hostname.enc0: always there, but only an interface that is up shows packets to tcpdump (enc(4)). */
export const ENC0 = "up\n";
