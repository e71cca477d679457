/** Runs steps one after the other. Whoever asked for one that fails is told so; those after it run all the same. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  async take<T>(step: () => T | Promise<T>): Promise<T> {
    const taken = this.#last.then(step);
    this.#last = taken.catch(() => undefined);
    return taken;
  }
}
