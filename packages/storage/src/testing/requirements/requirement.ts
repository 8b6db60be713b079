/** What every storage has to do. */
export interface Requirement {
  readonly behavior: string;
  /**
   * `shared`: holds only where storages of one place share it, and values outlive them. `damage`: can
   * be tested only where the suite is told how to damage a value.
   */
  readonly needs?: "shared" | "damage";
}
