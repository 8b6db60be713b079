/** The part of an entry that says when its time is up. */
export function toExpiry(ttlSeconds: number | undefined): { readonly expiresAt?: string } {
  if (ttlSeconds === undefined) return {};
  return { expiresAt: new Date(Date.now() + ttlSeconds * 1000).toISOString() };
}

/** Whether the time of a value is up. */
export function isExpired({ expiresAt }: { readonly expiresAt?: string }): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) <= Date.now();
}
