/** Host of a canonical proxy URL. */
export function hostOf(url: string): string {
  return url.slice(Math.max(url.lastIndexOf("@") + 1, url.indexOf("://") + 3), url.lastIndexOf(":"));
}
