/** The target of `rel="next"` in a Link header (RFC 8288). */
export function parseNext(link: string | null): string | null {
  return link?.match(/<([^>]*)>[^<]*;\s*rel="?next"?/)?.[1] ?? null;
}
