import { CodemodeError } from "@codemode/core";

import type { McpConnection } from "./connect.ts";
import { connect } from "./connect.ts";
import type { ErrorWords } from "./mcp-errors.ts";
import type { McpAdapterOptions, McpClientLike } from "./mcp-options.ts";

/** The connection to one server: made when needed, made anew after it ended. */
export interface Link {
  /** Runs with a client. What goes wrong is explained; what the transport knows of its end comes first. */
  use<Result>(
    run: (client: McpClientLike) => Promise<Result>,
    explain: (error: unknown) => CodemodeError,
  ): Promise<Result>;
  /** The latest connection, standing or not. */
  last(): McpConnection | undefined;
  close(): Promise<void>;
}

/** A link that has not connected yet. */
export function createLink(
  options: McpAdapterOptions,
  words: ErrorWords,
  onToolsChanged: () => void,
): Link {
  let connection: Promise<McpConnection> | undefined;
  let last: McpConnection | undefined;
  let isClosed = false;

  const forget = (): void => {
    connection = undefined;
  };
  const open = async (): Promise<McpConnection> => {
    try {
      last = await connect(options, words, { onClose: forget, onToolsChanged });
      return last;
    } catch (error) {
      forget();
      throw error;
    }
  };
  return {
    last: () => last,
    async use(run, explain) {
      if (isClosed) {
        const message = `Server "${words.server}" was closed. Add it again.`;
        throw explain(new CodemodeError("SERVER_UNAVAILABLE", message));
      }
      let opened: McpConnection | undefined;
      try {
        connection ??= open();
        opened = await connection;
        return await run(opened.client);
      } catch (error) {
        const failure = opened?.failure();
        if (failure) forget();
        throw explain(failure ?? error);
      }
    },
    async close() {
      isClosed = true;
      const opening = connection;
      forget();
      // What never connected needs no closing.
      const opened = await opening?.catch(() => undefined);
      await opened?.client.close();
    },
  };
}
