import { answering } from "../../../lib/api/answering.ts";
import { OPERATIONS } from "../../../lib/api/operations.ts";
import { documentsJson } from "../../../lib/web/documents_json.ts";
import { define } from "../../../utils.ts";

export const handler = define.handlers({
  GET: answering(
    OPERATIONS.listDocuments,
    ({ query }, ctx) => documentsJson(ctx.state.farchat, query),
  ),
});
