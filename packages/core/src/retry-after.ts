/** Seconds to wait by a `Retry-After` header: a number of them, or a date. `undefined` where it says nothing. */
export function retryAfterSeconds(header: string | null | undefined): number | undefined {
  const given = header?.trim() ?? "";
  if (given === "") return undefined;
  const seconds = /^\d{1,9}$/.test(given)
    ? Number(given)
    : (Date.parse(given) - Date.now()) / 1_000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, Math.ceil(seconds));
}
