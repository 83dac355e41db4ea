/** The kinds of errors that the API tells apart, by stable names: the `type` of RFC 9457. */

/** Where the kinds are described: a `type` opens the description of its kind. */
const DESCRIBED_AT = "/api/v1/docs#problem-";

interface Kind {
  status: number;
  /** When it comes, for the document. */
  says: string;
}

const KINDS = {
  "invalid-request": {
    status: 400,
    says: "A parameter or a field of the body is missing, unknown or not as described.",
  },
  "other-site": {
    status: 403,
    says: "Another site made a browser send this. Only pages of this server and programs may.",
  },
  "not-found": {
    status: 404,
    says:
      "There is nothing at this address, or it belongs to another browser: which of the two is not told.",
  },
  "unknown-section": {
    status: 404,
    says: "The regulation has no such section; `nearest` has the nearest numbers.",
  },
  "method-not-allowed": {
    status: 405,
    says: "The address does not take this method; the header Allow has those it takes.",
  },
  "too-large": {
    status: 413,
    says: "The body has more than 64 KB, or the question more than 4,000 characters.",
  },
  "not-json": { status: 415, says: "The body does not say that it is application/json." },
  "too-many-requests": {
    status: 429,
    says:
      "Too many requests or questions a minute, or too many of your questions wait. Where the header Retry-After is, it has the seconds to wait.",
  },
  "unexpected": {
    status: 500,
    says: "Something went wrong in FARchat; the server's log has more under `instance`.",
  },
  "unavailable": {
    status: 503,
    says: "Not now: too many questions wait, the database is busy, or the server is shutting down.",
  },
  "disk-full": { status: 507, says: "The server's disk is full, so nothing could be stored." },
} as const satisfies Record<string, Kind>;

export type ProblemKind = keyof typeof KINDS;
export type ProblemType = `${typeof DESCRIBED_AT}${ProblemKind}`;

/** Each kind with its `type`, in the order of their statuses. */
export const PROBLEM_KINDS = Object.fromEntries(
  Object.entries(KINDS).map(([kind, about]) => [kind, { ...about, type: DESCRIBED_AT + kind }]),
) as Record<ProblemKind, Kind & { type: ProblemType }>;

export function problemTypes(): [ProblemType, ...ProblemType[]] {
  return Object.values(PROBLEM_KINDS).map(({ type }) => type) as [ProblemType, ...ProblemType[]];
}

/**
 * The `type` of an error with this status, of the first kind with it where there are several. Of a status that no
 * kind has, that of the client's mistakes (4xx) or of the server's.
 */
export function problemType(status: number): ProblemType {
  const found = Object.values(PROBLEM_KINDS).find((kind) => kind.status === status);
  return (found ?? PROBLEM_KINDS[status < 500 ? "invalid-request" : "unexpected"]).type;
}
