import { createHash, randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

import { CodemodeError } from "@codemode/core";
import { makeFolder } from "@codemode/core/node";
import type {
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from "@modelcontextprotocol/client";
import { z } from "zod";

/** What is kept of one login. */
export interface StoredLogin {
  readonly client?: StoredOAuthClientInformation;
  readonly tokens?: StoredOAuthTokens;
  readonly discovery?: OAuthDiscoveryState;
  /** Scopes that a call was refused for: the next login asks for them. */
  readonly wantedScope?: string;
}

/** Where logins are kept, by the URL of their server. */
export interface TokenVault {
  read(url: string): Promise<StoredLogin | undefined>;
  write(url: string, login: StoredLogin): Promise<void>;
  /** Gives whether there was one. */
  remove(url: string): Promise<boolean>;
}

const loginSchema = z.looseObject({
  client: z.looseObject({ client_id: z.string() }).exactOptional(),
  tokens: z.looseObject({ access_token: z.string(), token_type: z.string() }).exactOptional(),
  discovery: z.looseObject({ authorizationServerUrl: z.string() }).exactOptional(),
  wantedScope: z.string().exactOptional(),
});

/** A file for each login, that its owner alone can read, by default in the user's config folder. */
export function createFileVault(folder: string = defaultFolder()): TokenVault {
  const fileOf = (url: string): string => {
    const digest = createHash("sha256").update(placeOf(url)).digest("hex").slice(0, 24);
    return join(folder, `${new URL(url).hostname.replaceAll(/[^\w.-]/g, "_")}-${digest}.json`);
  };
  return {
    async read(url) {
      // What cannot be read is no login either: a server that wants one says so, and the next login
      // writes the file anew or tells why it cannot.
      const text = await readFile(fileOf(url), "utf8").catch(() => undefined);
      if (text === undefined) return undefined;
      try {
        return loginSchema.parse(JSON.parse(text));
      } catch {
        // A broken file is no login: the next one writes it anew.
        return undefined;
      }
    },
    async write(url, login) {
      const file = fileOf(url);
      const temporary = `${file}.${randomUUID()}.tmp`;
      try {
        await makeFolder(folder, { mode: 0o700 });
        await writeFile(temporary, JSON.stringify(login), { mode: 0o600, flag: "wx" });
        await rename(temporary, file);
      } catch (error) {
        // It may never have been there; why it could not be written is what is told.
        await rm(temporary, { force: true }).catch(() => undefined);
        throw vaultError("kept", url, error);
      }
    },
    async remove(url) {
      try {
        await rm(fileOf(url));
        return true;
      } catch (error) {
        if (reasonOf(error) === "ENOENT") return false;
        throw vaultError("removed", url, error);
      }
    },
  };
}

/** Said without the folder, which is a place of this machine. */
function vaultError(what: "kept" | "removed", url: string, cause: unknown): CodemodeError {
  const message = `The login to ${new URL(url).host} cannot be ${what} (${reasonOf(cause)}). Make the folder "codemode/auth" in your user's config folder writable.`;
  return new CodemodeError("STORAGE_UNAVAILABLE", message, { cause });
}

function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
}

/** A token is for one place: neither its query nor its credentials are part of that. */
function placeOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

/** By the rules of the system: `$XDG_CONFIG_HOME`, `%APPDATA%` or `~/.config`. */
function defaultFolder(): string {
  const { XDG_CONFIG_HOME, APPDATA } = process.env;
  const base = process.platform === "win32" ? APPDATA : XDG_CONFIG_HOME;
  return join(base ?? join(homedir(), ".config"), "codemode", "auth");
}
