/** Reads `Retry-After` (RFC 9110 §10.2.3). */

/**
 * How long to wait, ms; undefined when the field is absent or cannot be read.
 *
 * @param value Seconds, or a date
 * @param now Wall clock, epoch ms
 */
export function retryAfterMs(value: string | null, now: number = Date.now()): number | undefined {
  if (value === null) return undefined;
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
