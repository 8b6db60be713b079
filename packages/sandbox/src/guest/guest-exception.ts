declare function finishClass<Type extends { readonly prototype: object }>(
  type: Type,
  name: string,
): Type;
declare function toText(value: unknown): string;

/** `DOMException`: the errors of the web platform, told apart by name. */
function createException(): new (message: string, name: string) => Error {
  // Numbers from before the names, by the order of the standard; gaps have no name any more.
  const names =
    "IndexSizeError,,HierarchyRequestError,WrongDocumentError,InvalidCharacterError,,NoModificationAllowedError,NotFoundError,NotSupportedError,InUseAttributeError,InvalidStateError,SyntaxError,InvalidModificationError,NamespaceError,InvalidAccessError,,TypeMismatchError,SecurityError,NetworkError,AbortError,URLMismatchError,QuotaExceededError,TimeoutError,InvalidNodeTypeError,DataCloneError".split(
      ",",
    );
  class DOMException extends Error {
    constructor(message: unknown = "", options: unknown = "Error") {
      super(toText(message));
      const isObject = typeof options === "object" && options !== null;
      const given = options as { name?: unknown; cause?: unknown };
      const name = isObject ? toText(given.name ?? "Error") : toText(options);
      Object.defineProperty(this, "name", { value: name, configurable: true, writable: true });
      if (isObject && "cause" in given)
        Object.defineProperty(this, "cause", {
          value: given.cause,
          configurable: true,
          writable: true,
        });
      // The stack was written before the name was known.
      const { stack } = this;
      if (typeof stack === "string" && stack.startsWith("Error"))
        Object.defineProperty(this, "stack", {
          value: name + stack.slice(5),
          configurable: true,
          writable: true,
        });
    }
    get code(): number {
      return this.name === "" ? 0 : names.indexOf(this.name) + 1;
    }
  }
  names.forEach((name, index) => {
    if (name === "") return;
    const constant = name.replace(/Error$/, "").replaceAll(/([a-z])(?=[A-Z])/g, "$1_");
    const property = { value: index + 1, enumerable: true };
    for (const holder of [DOMException, DOMException.prototype])
      Object.defineProperty(holder, `${constant.toUpperCase()}_ERR`, property);
  });
  return finishClass(DOMException, "DOMException");
}

export const exceptionFunctions = [createException];
