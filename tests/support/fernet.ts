/** Fernet tokens, as Python's `cryptography` makes them. */
import { Buffer } from "node:buffer";
import { createCipheriv, createHmac, randomBytes } from "node:crypto";

/** Encrypts a text with a key of 32 bytes in base64url. */
export function encrypt(text: string, key: string): string {
  const secret = Buffer.from(key, "base64url");
  const iv = randomBytes(16);
  const cipher = createCipheriv("aes-128-cbc", secret.subarray(16), iv);
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(1_700_000_000n);
  const signed = Buffer.concat([Buffer.of(0x80), time, iv, cipher.update(text), cipher.final()]);
  const mac = createHmac("sha256", secret.subarray(0, 16)).update(signed).digest();
  return Buffer.concat([signed, mac]).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}
