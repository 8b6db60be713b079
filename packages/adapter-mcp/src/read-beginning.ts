const MAX_BYTES = 64 * 1024;
const MAX_MS = 2_000;

/** The beginning of a text that may never end: so much of it, and for so long, as an error is worth. */
export async function readBeginning(body: ReadableStream<Uint8Array>): Promise<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  const read = async (): Promise<void> => {
    while (text.length < MAX_BYTES) {
      // oxlint-disable-next-line no-await-in-loop -- the next part comes after this one
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
    }
  };
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, MAX_MS);
  // What was read until a connection broke is what there is.
  await Promise.race([read().catch(() => undefined), late.promise]);
  clearTimeout(timer);
  void reader.cancel().catch(() => undefined);
  return text.slice(0, MAX_BYTES);
}
