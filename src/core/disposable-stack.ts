/** Resources that are closed together, in reverse order of opening, as `AsyncDisposableStack` does in newer runtimes. */
export interface DisposableStack extends AsyncDisposable {
  /** Adds a resource and returns it. */
  use<T extends AsyncDisposable>(resource: T): T;
}

/**
 * Calls `open` with an empty stack and returns its result. If `open` throws, the resources added so far are closed; if it
 * returns, closing the stack is up to the result.
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
