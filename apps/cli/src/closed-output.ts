/**
 * Whoever reads the output may have read enough, as `head` has: the process ends then, in order, and
 * says nothing of it. Notes that nobody reads are no reason to end.
 */
export function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    // oxlint-disable-next-line unicorn/no-process-exit -- whatever still runs has nobody to tell
    process.exit();
  });
  process.stderr.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}
