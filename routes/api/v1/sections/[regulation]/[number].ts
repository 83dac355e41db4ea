import { Problem } from "../../../../../lib/problem.ts";
import { problemResponse } from "../../../../../lib/web/problems.ts";
import { sectionJson } from "../../../../../lib/web/section_json.ts";
import { define } from "../../../../../utils.ts";

const NEAREST = 5;

/**
 * GET /api/v1/sections/:regulation/:number: `SectionJson`. Where there is no such section, 404 problem+json with
 * `nearest: {regulation, number, title}[]`.
 */
export const handler = define.handlers({
  GET: (ctx) => {
    const { regulation, number } = ctx.params;
    const { farchat, requestId } = ctx.state;
    if (regulation !== "far" && regulation !== "dfars") {
      throw new Problem("Expected the regulation far or dfars, found another name.", {
        next: "Ask for /api/v1/sections/far/15.403-1, for example.",
        status: 404,
      });
    }
    const section = sectionJson(farchat, regulation, number);
    if (section) return Response.json(section);
    const nearest = farchat.store.outline.nearest(number, NEAREST)
      .map(({ collection, number, title }) => ({ regulation: collection, number, title }));
    const problem = new Problem(`${regulation.toUpperCase()} has no such section.`, {
      next: "Choose one of the nearest numbers, or search for its subject.",
      status: 404,
    });
    return problemResponse(problem, requestId, { extra: { nearest } });
  },
});
