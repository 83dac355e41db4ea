import { answering } from "../../../../../lib/api/answering.ts";
import { OPERATIONS } from "../../../../../lib/api/operations.ts";
import { Problem } from "../../../../../lib/problem.ts";
import { problemResponse } from "../../../../../lib/web/problems.ts";
import { sectionJson } from "../../../../../lib/web/section_json.ts";
import { define } from "../../../../../utils.ts";

const NEAREST = 5;

export const handler = define.handlers({
  GET: answering(OPERATIONS.readSection, ({ params: { regulation, number } }, ctx) => {
    const { farchat, requestId } = ctx.state;
    const section = sectionJson(farchat, regulation, number);
    if (section) return section;
    const nearest = farchat.store.outline.nearest(number, NEAREST)
      .map(({ collection, number, title }) => ({ regulation: collection, number, title }));
    const problem = new Problem(`${regulation.toUpperCase()} has no such section.`, {
      next: "Choose one of the nearest numbers, or search for its subject.",
      status: 404,
    });
    return problemResponse(problem, requestId, { kind: "unknown-section", extra: { nearest } });
  }),
});
