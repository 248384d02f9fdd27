/* What a reader has solved, and how many hints were shown: kept by the browser, and sent nowhere. */

interface Noted {
  readonly solved?: boolean;
  readonly hints?: number;
}

export class Progress {
  private noted: Record<string, Noted>;

  /** key: of what is kept. storage: where; it may not be there, or refuse. */
  constructor(
    private readonly key: string,
    private readonly storage: () => Storage = () => localStorage,
  ) {
    this.noted = this.read();
  }

  isSolved(name: string): boolean {
    return Boolean(this.noted[name]?.solved);
  }

  hints(name: string): number {
    return this.noted[name]?.hints ?? 0;
  }

  /** Notes something of an exercise. */
  note(name: string, what: Noted): void {
    this.noted = { ...this.read(), [name]: { ...this.noted[name], ...what } }; // another window may have noted others
    try {
      this.storage().setItem(this.key, JSON.stringify(this.noted));
    } catch {
      // a browser that keeps nothing: then it is known until the page goes
    }
  }

  private read(): Record<string, Noted> {
    try {
      const found: unknown = JSON.parse(this.storage().getItem(this.key) ?? "{}");
      return { ...this.noted, ...(found as object) };
    } catch {
      return { ...this.noted };
    }
  }
}
