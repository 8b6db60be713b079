// What runs the attacks outside of a test.
export type { Attack } from "./attack.ts";
export type { AttackCost, ReadMemory } from "./measure-attack.ts";
export { ATTACKS, largestChildMb, measureAttack } from "./measure-attack.ts";
