/** What happens when something is held up, and when it goes on. */
export interface PauseHooks {
  readonly onPause: () => void;
  readonly onResume: () => void;
}

/** Several may hold one thing up at once: it pauses with the first, and goes on when the last lets go. */
export function createPauses({ onPause, onResume }: PauseHooks): () => () => void {
  let holders = 0;
  return () => {
    if (holders === 0) onPause();
    holders += 1;
    let holds = true;
    return () => {
      if (!holds) return;
      holds = false;
      holders -= 1;
      if (holders === 0) onResume();
    };
  };
}
