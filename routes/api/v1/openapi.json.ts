import { answering } from "../../../lib/api/answering.ts";
import { apiDocument } from "../../../lib/api/document.ts";
import { OPERATIONS } from "../../../lib/api/operations.ts";
import { define } from "../../../utils.ts";

export const handler = define.handlers({
  GET: answering(
    OPERATIONS.description,
    async () => Response.json(await apiDocument()),
  ),
});
