/** How the API tells an error: RFC 9457. */
import { z } from "zod";
import { PROBLEM_KINDS, problemTypes } from "../problem_kinds.ts";
import { NearestSection } from "./regulation.ts";

const kinds = Object.values(PROBLEM_KINDS).map(({ type, status, says }) =>
  `- \`${type}\` (${status}): ${says}`
);

export const ProblemJson = z.object({
  type: z.enum(problemTypes()).meta({
    description: `The kind of the error; it stays the same as long as /api/v1 does.\n\n${
      kinds.join("\n")
    }`,
  }),
  title: z.string().meta({ description: "The status in words." }),
  status: z.int().min(400).max(599),
  detail: z.string().meta({ description: "What was expected and what was found. For people." }),
  next: z.string().meta({ description: "What to do about it. For people." }),
  instance: z.string().meta({
    description: "The id of the request: in X-Request-Id and in the server's log.",
  }),
  nearest: z.array(NearestSection).optional().meta({
    description: "The nearest numbers that exist, where a section does not.",
  }),
}).meta({ id: "Problem", description: "An error, as RFC 9457 has it." });
