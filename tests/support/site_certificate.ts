/** A certificate authority and a certificate for loopback, made anew for each test process. */

import selfsigned from "selfsigned";

/** Keys and certificates, PEM. */
export interface SiteCertificate {
  /** Private key of the site. */
  readonly key: string;
  /** Certificate of the site, for `localhost`, `*.test` and the loopback addresses. */
  readonly cert: string;
  /** Authority to trust. */
  readonly ca: string;
}

let made: Promise<SiteCertificate> | undefined;
let foreign: Promise<SiteCertificate> | undefined;

/** The certificate of this process, made at the first call. */
export function siteCertificate(): Promise<SiteCertificate> {
  return made ??= make();
}

/** A certificate for the same names by another authority, which nobody trusts. */
export function foreignCertificate(): Promise<SiteCertificate> {
  return foreign ??= make();
}

async function make(): Promise<SiteCertificate> {
  const { cert, private: key } = await selfsigned.generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "keyUsage", digitalSignature: true, keyCertSign: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 2, value: "*.test" },
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
        ],
      },
    ],
  });
  return { key, cert, ca: cert };
}
