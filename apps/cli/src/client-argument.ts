import type { ClientName } from "@codemode/config";
import { CLIENT_NAMES } from "@codemode/config";
import { CodemodeError, didYouMean } from "@codemode/core";

/** A client's name from the command line. Throws `INVALID_ARGUMENTS`. */
export function toClient(given: unknown): ClientName {
  const client = CLIENT_NAMES.find((name) => name === given);
  if (client !== undefined) return client;
  const message = `Client ${JSON.stringify(given)} is not known.${didYouMean(String(given), CLIENT_NAMES)} The clients are: ${CLIENT_NAMES.join(", ")}.`;
  throw new CodemodeError("INVALID_ARGUMENTS", message);
}
