import { toCatalogLine } from "./guest-modules.ts";
import { createRunnerEnds } from "./runner-ends.ts";
import type { ChannelExit } from "./sandbox-channel.ts";
import type { StartedChannel } from "./start-guest.ts";

/**
 * A runner that waited may have died a moment ago, unnoticed. Until it has said a word another one
 * takes its place and gets what was sent: nothing has happened yet that could happen twice.
 */
export function withReplacement(
  first: StartedChannel,
  startAnother: () => Promise<StartedChannel>,
): StartedChannel {
  const { end, onExit, onDeath } = createRunnerEnds();
  let current = first;
  // What was sent, until the first word comes back.
  let sent: string[] | undefined = [];
  let mayReplace = true;
  let killed = false;
  let onFrame: ((frame: string) => void) | undefined;

  const replace = async (exit: ChannelExit): Promise<void> => {
    mayReplace = false;
    try {
      const given = first.catalog && (await toCatalogLine(first.catalog));
      current = await startAnother();
      attach(current);
      if (given && current.catalog !== given.catalog) sent?.unshift(given.line);
      if (killed) current.kill();
      else for (const frame of sent ?? []) current.send(frame);
    } catch {
      // It is as if there had been no attempt: the first one's end is told.
      end(exit);
    }
  };
  const hear = (frame: string): void => {
    sent = undefined;
    onFrame?.(frame);
  };
  const attach = (channel: StartedChannel): void => {
    channel.onFrame(hear);
    channel.onExit((exit) => {
      if (sent && mayReplace && !killed && !exit.outOfMemory) void replace(exit);
      else end(exit);
    });
  };
  attach(first);
  return {
    catalog: first.catalog,
    send(frame) {
      sent?.push(frame);
      current.send(frame);
    },
    onFrame(listener) {
      onFrame = listener;
    },
    kill() {
      killed = true;
      current.kill();
    },
    onExit,
    onDeath,
  };
}
