/** A skill whose function has this body, and these tags in its comment. */
export const skill = (body: string, tags: string): string =>
  `/**\n * Does something.\n${tags}\n */\nexport async function run(input: any): Promise<unknown> {\n  ${body}\n}`;
