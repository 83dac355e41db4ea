import { answering } from "../../../lib/api/answering.ts";
import { OPERATIONS } from "../../../lib/api/operations.ts";
import { searchJson } from "../../../lib/web/search_json.ts";
import { define } from "../../../utils.ts";

export const handler = define.handlers({
  GET: answering(
    OPERATIONS.search,
    ({ query: { q, k, collection } }, ctx) =>
      searchJson(ctx.state.farchat, q, k, collection && [collection]),
  ),
});
