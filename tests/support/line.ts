/** A line between a browser and a server that a test can cut and mend. */
export interface Line {
  url: string;
  /** Ends every connection and refuses new ones until `mend`. */
  cut(): void;
  mend(): void;
  close(): void;
}

/** Listens at a free port and passes everything on to the server at `target`. */
export function lineTo(target: string): Line {
  const port = Number(new URL(target).port);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  let whole = true;
  const end = (conn: Deno.Conn) => {
    if (open.delete(conn)) conn.close();
  };
  const pass = async (from: Deno.Conn, to: Deno.Conn) => {
    await from.readable.pipeTo(to.writable).catch(() => {});
    for (const conn of [from, to]) {
      try {
        end(conn);
      } catch {
        // Its stream closed it already.
      }
    }
  };
  const serve = async () => {
    for await (const near of listener) {
      if (!whole) {
        near.close();
        continue;
      }
      const far = await Deno.connect({ hostname: "127.0.0.1", port });
      open.add(near).add(far);
      void pass(near, far);
      void pass(far, near);
    }
  };
  void serve();
  const cut = () => {
    whole = false;
    for (const conn of [...open]) {
      try {
        end(conn);
      } catch {
        // It ended by itself.
      }
    }
  };
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    cut,
    mend: () => void (whole = true),
    close() {
      cut();
      listener.close();
    },
  };
}
