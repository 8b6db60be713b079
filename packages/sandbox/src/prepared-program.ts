/** A place in the source as it was given. Both 1-based; columns in UTF-16 units. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** One static import of a program. */
export interface ProgramImport {
  readonly specifier: string;
  readonly position: SourcePosition;
  /** The exported names that are asked for: `default` and `*` included. */
  readonly names: readonly { readonly name: string; readonly position: SourcePosition }[];
}

/**
 * A program ready for a guest. `script` is a classic script: it declares the program's top-level
 * names as `var`s, so they live on as globals, and its completion value is a function value that
 * the guest calls to run the body.
 */
export interface PreparedProgram {
  readonly script: string;
  readonly imports: readonly ProgramImport[];
  /** Of a module: the names it exports; absent where those of another module are among them. */
  readonly exports?: readonly string[];
  /** Free identifiers that the source mentions among `__interfaces`, `__getToolInterface` and `__get_tool_interface`. */
  readonly usesInterfaces: boolean;
  /**
   * For a source that mentions stacks: every place of `script` and where it is in the source, as
   * line, column, source line and source column, one after another.
   */
  readonly places?: readonly number[];
  /** From a place in `script` to the source; `undefined` for what we added. */
  toSource(position: SourcePosition): SourcePosition | undefined;
}

/** Why a source could not be prepared. */
export interface PrepareFailure {
  readonly message: string;
  readonly position?: SourcePosition;
  readonly hints: readonly string[];
}

/** `ok` decides which fields there are. */
export type PrepareResult =
  | { readonly ok: true; readonly program: PreparedProgram }
  | { readonly ok: false; readonly failure: PrepareFailure };
