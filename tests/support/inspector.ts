/**
 * V8's inspector of a process that runs: the one way to see what it keeps. How much of its heap it uses says little,
 * for while there is memory V8 leaves garbage where it is, for minutes and in the hundreds of megabytes.
 * Protocol: https://chromedevtools.github.io/devtools-protocol/v8/HeapProfiler/
 */

/** Makes a command line (Deno, "run" and the rest) one that can be inspected from this machine, on a free port. */
export function inspected([deno, run, ...rest]: string[]): string[] {
  return [deno, run, "--inspect=127.0.0.1:0", ...rest];
}

/** The line of standard error by which such a process says where its inspector is. */
export const INSPECTOR_LINE = /^Debugger listening on ws:\/\/\S+/;

/**
 * Collects a process's garbage and returns the bytes of JavaScript objects that it still uses. `line` is what it said
 * of its inspector. Worker threads have heaps of their own and are left alone. Throws where nobody answers.
 */
export async function collectGarbage(line: string): Promise<number> {
  const socket = new WebSocket(line.slice(line.indexOf("ws://")));
  let last = 0;
  let pending: PromiseWithResolvers<Record<string, number>> | undefined;
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  socket.onopen = () => opened.resolve();
  socket.onerror = () => opened.reject(new Error(`no inspector answers at ${line}`));
  socket.onclose = () => {
    pending?.reject(new Error("the inspector closed the connection: has the process ended?"));
    closed.resolve();
  };
  socket.onmessage = ({ data }) => {
    const { id, result, error } = JSON.parse(data);
    if (id !== last) return; // what it tells of its own accord
    if (error) pending?.reject(new Error(`inspector: ${error.message}`));
    else pending?.resolve(result);
  };
  const call = (method: string) => {
    pending = Promise.withResolvers();
    socket.send(JSON.stringify({ id: ++last, method }));
    return pending.promise;
  };
  await opened.promise;
  try {
    // What only finalizers of the first let go of, such as buffers and statements, goes with the second.
    await call("HeapProfiler.collectGarbage");
    await call("HeapProfiler.collectGarbage");
    return (await call("Runtime.getHeapUsage")).usedSize;
  } finally {
    socket.close();
    await closed.promise;
  }
}
