/** Lets as many through as it was opened for; the others wait. */
export class Gate {
  #allowed = 0;
  readonly #waiting: (() => void)[] = [];

  open(count: number): void {
    this.#allowed += count;
    while (this.#allowed > 0 && this.#waiting.length > 0) {
      this.#allowed--;
      this.#waiting.shift()!();
    }
  }

  wait(): Promise<void> {
    if (this.#allowed > 0) {
      this.#allowed--;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
