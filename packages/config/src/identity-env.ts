/** Who we are to well-known services. */
export const DEFAULT_IDENTITY_ENV = [
  "GITHUB_TOKEN",
  "GITLAB_TOKEN",
  "GOOGLE_ACCESS_TOKEN",
  "AZURE_ACCESS_TOKEN",
] as const;

/** The variables of an identity that are set: for what is started as a process, never for a sandbox. */
export function readIdentity(
  further: readonly string[] | false,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  if (further === false) return {};
  const identity: Record<string, string> = {};
  for (const name of [...DEFAULT_IDENTITY_ENV, ...further]) {
    const value = env[name];
    if (value !== undefined && value !== "") identity[name] = value;
  }
  return identity;
}
