// @boundaries-ignore programs get it from their sandbox
import { retry } from "codemode/helpers";

/** Adds up what an order costs. */
export async function orderTotal(input: { id: number }): Promise<number> {
  const order = await retry(() => shop.order({ id: input.id }), { attempts: 2, delayMs: 1 });
  if (order.prices.length === 0) throw new RangeError(`Order ${input.id} is empty.`);
  const sum = order.prices.reduce((total, price) => total + price, 0);
  return sum - sum * (order.discount ?? 0);
}
