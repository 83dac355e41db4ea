import { answering } from "../../../../lib/api/answering.ts";
import { OPERATIONS } from "../../../../lib/api/operations.ts";
import { conversationsJson } from "../../../../lib/web/answer_json.ts";
import { define } from "../../../../utils.ts";

export const handler = define.handlers({
  GET: answering(
    OPERATIONS.listConversations,
    ({ query }, { state: { farchat, browser } }) => conversationsJson(farchat, browser, query),
  ),
});
