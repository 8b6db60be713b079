/**
 * About how many tokens a text is: code and prose come to some four characters a token with the
 * tokenizers in use. For budgets, not for bills.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 4);
}
