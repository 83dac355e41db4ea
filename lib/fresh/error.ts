import { STATUS_CODES } from "node:http";

/** An error with a status and, where it needs them, headers for the response: Retry-After, Allow. */
export class HttpError extends Error {
  readonly headers?: HeadersInit;

  constructor(
    readonly status: number,
    message: string = STATUS_CODES[status] ?? "",
    options: ErrorOptions & { headers?: HeadersInit } = {},
  ) {
    super(message, options);
    this.headers = options.headers;
  }
}
