import type { LazyShape, Shape, ShapePool } from "./shape.ts";
import { WIDEST } from "./shape.ts";

// Shapes inside each other that have to be worked out at once: what is deeper is taken as anything.
const MAX_DEPTH = 100;
// Shapes worked out for one document. Real ones need some hundreds.
const MAX_WORK = 50_000;

/** The shapes of one document, each worked out once. */
export function createShapePool(): ShapePool {
  const known = new Map<string, LazyShape>();
  let depth = 0;
  let work = 0;
  const pool: ShapePool = {
    isExhausted: () => work > MAX_WORK,
    make(key, compute) {
      const found = known.get(key);
      if (found) return found;
      let made: Shape | undefined;
      let isMaking = false;
      const shape: LazyShape = {
        key,
        pool,
        get() {
          if (made) return made;
          // One that is asked for while it is worked out may be anything.
          if (isMaking || depth >= MAX_DEPTH || work > MAX_WORK) return WIDEST.get();
          isMaking = true;
          depth += 1;
          work += 1;
          try {
            made = compute();
          } finally {
            isMaking = false;
            depth -= 1;
          }
          return made;
        },
      };
      known.set(key, shape);
      return shape;
    },
  };
  return pool;
}

/** `key` inside another key: what joins keys has no meaning there. */
export function quoteKey(key: string): string {
  return key.replaceAll("+", "+p").replaceAll("&", "+a");
}
