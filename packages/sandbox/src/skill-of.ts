const NAME = /(?:^|>)([\w-]{1,64})@[^>]*$/;

/** The name of the innermost skill of a `GuestCall.skills`, which a guest writes: what is no name is none. */
export function skillOf(chain: string | undefined): string | undefined {
  return chain === undefined ? undefined : NAME.exec(chain)?.[1];
}
