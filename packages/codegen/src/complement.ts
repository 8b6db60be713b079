import { isImpossible, meet } from "./meet.ts";
import { createShapePool, quoteKey } from "./shape-pool.ts";
import type { Kind, LazyShape, ObjectShape, PropertyShape, Shape } from "./shape.ts";
import { ANY_OBJECT, extentOf, isNever, KINDS, NOTHING, shapeOfKinds, WIDEST } from "./shape.ts";

/** At least what the shape does not admit. Kinds whose borders are not exact are kept whole. */
export function complement(shape: Shape): Shape {
  const kept = new Set<Kind>();
  for (const kind of KINDS) {
    const extent = extentOf(shape, kind);
    if (extent === "none" || shape.lossy.has(kind)) kept.add(kind);
    else if (extent === "some" && kind !== "boolean" && kind !== "object") kept.add(kind);
  }
  const whole = shapeOfKinds(kept);
  const booleans = shape.lossy.has("boolean")
    ? whole.booleans
    : [true, false].filter((value) => !shape.booleans.includes(value));
  // Literals that were not subtracted make the result wider than the truth.
  const lossy = new Set(
    KINDS.filter((kind) => extentOf(shape, kind) === "some" && kind !== "boolean"),
  );
  const rest: Shape = { ...whole, booleans, lossy: lossy.union(shape.lossy) };
  if (kept.has("object") || extentOf(shape, "object") === "all") return rest;
  return shape.objects
    .map((object): Shape => ({ ...rest, objects: complementObject(object) }))
    .reduce(meet);
}

/** What the shape does not admit, when needed. */
function complementLazy(shape: LazyShape): LazyShape {
  // Doubts about doubts do not end.
  if (shape.key === "widest" || shape.key.startsWith("!!")) return WIDEST;
  const pool = shape.pool ?? createShapePool();
  return pool.make(`!${quoteKey(shape.key)}`, () => complement(shape.get()));
}

/** Objects that break at least one of the form's rules. */
function complementObject(shape: ObjectShape): readonly ObjectShape[] {
  const broken: ObjectShape[] = [];
  if (shape.patterns.length > 0 || shape.rest?.key !== "unknown") return [ANY_OBJECT];
  for (const [name, property] of shape.properties) {
    if (property.required) broken.push(withProperty(name, { shape: NOTHING, required: false }));
    if (property.shape.key !== "unknown") {
      broken.push(withProperty(name, { shape: complementLazy(property.shape), required: true }));
    }
  }
  return broken.filter((object) => !isImpossible(object));
}

function withProperty(name: string, property: PropertyShape): ObjectShape {
  return { ...ANY_OBJECT, properties: new Map([[name, property]]) };
}

/** Exactly one of the shapes, where it can be said; at least one of them otherwise. */
export function exactlyOne(shapes: readonly Shape[]): readonly Shape[] {
  // Beyond a few, subtracting costs more than it says.
  if (shapes.length > 5) return shapes.map((shape) => ({ ...shape, lossy: new Set(KINDS) }));
  return shapes.map((shape, index) =>
    shapes
      // What shares nothing with the shape needs no subtracting.
      .filter((other, place) => place !== index && !isNever(meet(shape, other)))
      .map(complement)
      .reduce(meet, shape),
  );
}
