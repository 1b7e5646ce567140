/** Proxies to measure with. */

import { ProxyRotator, type ProxyRotatorOptions } from "../../src/core/mod.ts";

/** The URL of the proxy with this number, below 16 million; no two are equal. */
export function proxyUrl(number: number): string {
  return `http://10.${number >> 16}.${(number >> 8) & 255}.${number & 255}:8080`;
}

/** A rotator with so many proxies, in ten countries. */
export function rotatorOf(size: number, options: ProxyRotatorOptions = {}): ProxyRotator {
  const rotator = new ProxyRotator(options);
  const regions = ["US", "DE", "FR", "GB", "NL", "JP", "BR", "IN", "SG", "CA"];
  for (let i = 0; i < size; i++) {
    const region = regions[i % regions.length];
    rotator.addProxy(proxyUrl(i), region === undefined ? {} : { region });
  }
  return rotator;
}

/** `1 000`, `100 000`. */
export function grouped(size: number): string {
  return String(size).replace(/\B(?=(\d{3})+$)/g, " ");
}
