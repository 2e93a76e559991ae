const CERTIFICATE = /^(CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|ERR_TLS_CERT|ERROR_IN_CERT)/

/** Is it one of OpenSSL's names for what is wrong with a certificate? */
export function isCertificateCode(code: string | undefined): boolean {
  return code !== undefined && CERTIFICATE.test(code)
}
