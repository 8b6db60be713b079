const SECRET_NAME =
  /(?:token|key|secrets?|password|passwd|passphrase|pwd|credentials?|cookie|authorization)(?:[^a-z]|$)|(?:^|[^a-z])(?:auth|pat)(?:[^a-z]|$)/i;
// `Bearer abc` is shown as two words, so the secret one is hidden alone too.
const SCHEME = /^[A-Za-z-]+ +(\S+)$/;

/** The values of variables or headers that are secret by their name: `GITHUB_TOKEN`, `X-Api-Key`, but not `GIT_AUTHOR_NAME`. */
export function secretsByName(texts: Readonly<Record<string, string>> = {}): readonly string[] {
  const secret = Object.entries(texts).filter(([name]) => isSecretName(name));
  return secret.flatMap(([, value]) => [value, SCHEME.exec(value)?.[1] ?? value]);
}

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.replaceAll(/([a-z])([A-Z])/g, "$1_$2"));
}
