/**
 * A stack of resources. Disposing of the stack closes them in reverse order. Replaces the standard
 * `AsyncDisposableStack`, which older supported runtimes lack.
 */
export interface DisposableStack extends AsyncDisposable {
  /** Adds a resource and returns it. */
  use<T extends AsyncDisposable>(resource: T): T;
}

/**
 * Calls `open` with an empty stack and returns the result of `open`. If `open` throws, closes the resources added so
 * far. Otherwise, the object that `open` returns is responsible for closing the stack.
 */
export async function withDisposables<T>(open: (stack: DisposableStack) => Promise<T>): Promise<T> {
  const resources: AsyncDisposable[] = [];
  const stack: DisposableStack = {
    use(resource) {
      resources.push(resource);
      return resource;
    },
    async [Symbol.asyncDispose]() {
      for (const resource of resources.splice(0).reverse()) await resource[Symbol.asyncDispose]();
    },
  };
  try {
    return await open(stack);
  } catch (error) {
    await stack[Symbol.asyncDispose]();
    throw error;
  }
}
