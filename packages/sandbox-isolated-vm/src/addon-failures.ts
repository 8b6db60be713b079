import type { StartFailure } from "@codemode/sandbox";

const OTHERWISE = 'or set sandbox_variant to "docker"';
const COMPILE = '"npm rebuild isolated-vm --build-from-source" (needs a C++ compiler and Python)';
// Node's binary interfaces by the version that people install.
const NODE_OF_ABI: Readonly<Record<string, string>> = { 137: "24", 147: "26" };

/** Why there is no file to load: in the words of the one who looked for it, and what builds there are. */
export function explainMissing(
  message: string,
  builds: readonly string[] | undefined,
): StartFailure {
  if (builds === undefined)
    return {
      reason: 'the package "isolated-vm" is not installed',
      remedy: `Install it with "npm install isolated-vm", ${OTHERWISE}.`,
    };
  const value = (key: string): string => new RegExp(`\\b${key}=(\\S+)`).exec(message)?.[1] ?? "";
  const place = `${value("platform")}-${value("arch")}`;
  const libc = value("platform") === "linux" ? ` (${value("libc")})` : "";
  const reason = `the addon "isolated-vm" has no build for Node ${value("node")} on ${place}${libc}`;
  const abis = builds
    .filter((build) => build.startsWith(`${place} `))
    .map((build) => build.slice(place.length + 1));
  if (abis.length > 0 && !abis.includes(value("abi"))) {
    const nodes = [...new Set(abis.map((abi) => NODE_OF_ABI[abi] ?? `with ABI ${abi}`))].toSorted();
    return {
      reason,
      remedy: `Use Node ${nodes.join(" or ")}, compile it with ${COMPILE}, ${OTHERWISE}.`,
    };
  }
  const platforms = [...new Set(builds.map((build) => build.replace(/ .*/, "")))].toSorted();
  const there = platforms.length === 0 ? "" : ` There is one for ${platforms.join(", ")}.`;
  const intel = place === "darwin-x64" ? " Macs with an Intel processor have none." : "";
  return { reason, remedy: `Compile it with ${COMPILE}, ${OTHERWISE}.${there}${intel}` };
}

const AGAIN = "Remove node_modules and install again on this machine with this Node version";

/** Why the file does not load: in the words of the loader. */
export function explainLoad(told: string, binary: string): StartFailure {
  if (/NODE_MODULE_VERSION|different Node\.js version/.test(told))
    return {
      reason: 'the addon "isolated-vm" was built for another version of Node',
      remedy: `${AGAIN} (${process.version}), ${OTHERWISE}.`,
    };
  if (/musl|GLIBC|ld-linux|libstdc\+\+|relocat/i.test(told))
    return {
      reason: `the addon "isolated-vm" was installed for another C library (${/[\w.+-]*(?:musl|GLIBC|ld-linux|libstdc\+\+)[\w.+-]*/i.exec(told)?.[0] ?? "unknown"})`,
      remedy: `${AGAIN}, not on another system or in another image; use an image such as node:24-slim where the system's own is too old, ${OTHERWISE}.`,
    };
  if (/ELF|mach-o|Win32|too short|incompatible architecture/i.test(told))
    return {
      reason: 'the file of the addon "isolated-vm" is damaged or for another processor',
      remedy: `${AGAIN}, ${OTHERWISE}.`,
    };
  const line = told.split("\n").find((text) => /^\w*Error:/.test(text)) ?? "no reason was given";
  const why = line.replaceAll(binary, "isolated-vm.node").slice(0, 200);
  return {
    reason: `the addon "isolated-vm" cannot be loaded: ${why}`,
    remedy: `${AGAIN}, ${OTHERWISE}.`,
  };
}
