import { expect, test } from "vitest";

import { explainLoad, explainMissing } from "../src/addon-failures.ts";

const BUILDS = ["darwin-arm64 137", "linux-x64 137", "linux-x64 147", "win32-x64 137"];

/** What node-gyp-build says. */
const notFound = (target: string): string =>
  `No native build was found for ${target} uv=1\n    loaded from: /srv/app/node_modules/isolated-vm\n`;

test.each([
  [
    "a package that is not there",
    {
      message: "Cannot find module 'isolated-vm'\nRequire stack: /srv/app/x.js",
      builds: undefined,
      reason: 'the package "isolated-vm" is not installed',
      remedy: 'Install it with "npm install isolated-vm"',
    },
  ],
  [
    "a version of Node without a build",
    {
      message: notFound("platform=linux arch=x64 runtime=node abi=141 libc=glibc node=25.2.0"),
      builds: BUILDS,
      reason: "no build for Node 25.2.0 on linux-x64 (glibc)",
      remedy: "Use Node 24 or 26, compile it",
    },
  ],
  [
    "a Mac with an Intel processor",
    {
      message: notFound("platform=darwin arch=x64 runtime=node abi=137 libc=glibc node=24.21.0"),
      builds: BUILDS,
      reason: "no build for Node 24.21.0 on darwin-x64",
      remedy:
        "There is one for darwin-arm64, linux-x64, win32-x64. Macs with an Intel processor have none.",
    },
  ],
  [
    "a package that was to be compiled",
    {
      message: notFound("platform=freebsd arch=x64 runtime=node abi=137 libc=glibc node=24.21.0"),
      builds: [],
      reason: "no build for Node 24.21.0 on freebsd-x64",
      remedy: '"npm rebuild isolated-vm --build-from-source"',
    },
  ],
])("%s is named, with what to do", (_what, { message, builds, reason, remedy }) => {
  const failure = explainMissing(message, builds);

  expect(failure.reason).toContain(reason);
  expect(failure.remedy).toContain(remedy);
  expect(failure.remedy).toContain('set sandbox_variant to "docker"');
  expect(JSON.stringify(failure)).not.toContain("/srv/app");
});

test.each([
  [
    "Error: The module '/srv/a.node'\nwas compiled against a different Node.js version using\nNODE_MODULE_VERSION 127.",
    "was built for another version of Node",
  ],
  [
    "Error: Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /srv/a.node)",
    "was installed for another C library (ld-linux-x86-64.so.2)",
  ],
  [
    "Error: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /srv/a.node)",
    "was installed for another C library (GLIBC_2.38)",
  ],
  [
    "Error: libc.musl-x86_64.so.1: cannot open shared object file: No such file or directory",
    "was installed for another C library (libc.musl-x86_64.so.1)",
  ],
  ["Error: /srv/a.node: invalid ELF header", "is damaged or for another processor"],
  ["Error: /srv/a.node: file too short", "is damaged or for another processor"],
  [
    "node:internal\nError: /srv/a.node: something new",
    "cannot be loaded: Error: isolated-vm.node: something new",
  ],
])("the loader's %j is explained", (told, reason) => {
  const failure = explainLoad(told, "/srv/a.node");

  expect(failure.reason).toContain(reason);
  expect(failure.remedy).toContain("Remove node_modules and install again");
  expect(failure.remedy).toContain('set sandbox_variant to "docker"');
  expect(JSON.stringify(failure)).not.toContain("/srv/");
});
