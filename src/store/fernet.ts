/**
 * Reading Fernet tokens, in which the Python program keeps credentials: AES-128-CBC with an HMAC-SHA256 over
 * version, time, IV and cipher text. See https://github.com/fernet/spec/blob/master/Spec.md.
 */

import { Buffer } from "node:buffer";
import { cryptography } from "../runtime/mod.ts";

const VERSION = 0x80;
/** Version 1 byte, time 8, IV 16, one block 16, HMAC 32. */
const SHORTEST = 73;

/**
 * Decrypts a token; its age does not matter.
 *
 * @param key 32 bytes in base64url: 16 to sign, 16 to encrypt
 * @returns `undefined` when the key is not the right one, or either is malformed
 */
export function decryptFernet(token: string, key: string): string | undefined {
  const secret = Buffer.from(key, "base64url");
  const bytes = Buffer.from(token, "base64url");
  if (secret.length !== 32 || bytes.length < SHORTEST || bytes[0] !== VERSION) return undefined;
  const signed = bytes.subarray(0, -32);
  const expected = cryptography().createHmac("sha256", secret.subarray(0, 16)).update(signed).digest();
  if (!cryptography().timingSafeEqual(expected, bytes.subarray(-32))) return undefined;
  try {
    const decipher = cryptography().createDecipheriv(
      "aes-128-cbc",
      secret.subarray(16),
      signed.subarray(9, 25),
    );
    return Buffer.concat([decipher.update(signed.subarray(25)), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}
