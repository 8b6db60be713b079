// What programs need to find other programs, their user's files and the language; no secret is among them.
const POSIX = "HOME LANG LC_ALL LC_CTYPE LOGNAME PATH SHELL TERM TMPDIR TZ USER".split(" ");
const WINDOWS = (
  "APPDATA COMSPEC HOMEDRIVE HOMEPATH LOCALAPPDATA PATH PATHEXT PROCESSOR_ARCHITECTURE " +
  "SYSTEMDRIVE SYSTEMROOT TEMP TMP USERNAME USERPROFILE PROGRAMFILES WINDIR"
).split(" ");

/** The variables of a command: the few that every process needs, and `given`. Ours are not passed on. */
export function commandEnvironment(
  given: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const names = process.platform === "win32" ? WINDOWS : POSIX;
  const kept = names.flatMap((name) => {
    const value = process.env[name];
    // An exported shell function is code, not a value.
    return value === undefined || value.startsWith("()") ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), ...given };
}
