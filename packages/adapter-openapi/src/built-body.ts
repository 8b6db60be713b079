/** A body, and the type that is said of it. */
export interface BuiltBody {
  readonly bytes: string | Uint8Array<ArrayBuffer> | undefined;
  readonly contentType: string | undefined;
}
