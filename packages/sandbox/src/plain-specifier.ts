/** A specifier without what models write around it. The guest's loader reads them the same way. */
export function plainSpecifier(specifier: string): string {
  return specifier.replace(/^(\.\/|@\/|\/)/, "").replace(/(\/index)?(\.(d\.)?[cm]?[tj]s)?$/, "");
}
