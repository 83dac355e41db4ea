import { STATUS_CODES } from "node:http";

/** An error with an HTTP status. What throws it decides the status, `_error.tsx` how it looks. */
export class HttpError extends Error {
  override readonly name: string = "HttpError";
  readonly status: number;
  /** Headers for the response that tells of the error, such as Retry-After or Allow. */
  readonly headers?: HeadersInit;

  constructor(
    status: number,
    message: string = STATUS_CODES[status] ?? "",
    options: ErrorOptions & { headers?: HeadersInit } = {},
  ) {
    super(message, options);
    this.status = status;
    this.headers = options.headers;
  }
}
