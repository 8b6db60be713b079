/** What every storage has to do. */
export interface Requirement {
  readonly behavior: string;
  /** Holds only where storages of one place share it, and values outlive them. */
  readonly needs?: "shared";
}
