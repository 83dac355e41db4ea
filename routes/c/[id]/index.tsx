import { page } from "fresh";
import { Head } from "fresh/runtime";
import { ConversationTools } from "../../../components/conversation_tools.tsx";
import { toTurn } from "../../../components/to_turn.ts";
import Conversation from "../../../islands/conversation.tsx";
import { noConversation } from "../../../lib/web/answer_json.ts";
import { define } from "../../../utils.ts";

export const handler = define.handlers({
  GET({ state, params }) {
    const conversation = state.farchat.store.conversations.get(params.id, state.browser);
    if (!conversation) throw noConversation();
    return page({ conversation }, { headers: { "cache-control": "no-store" } });
  },
});

export default define.page<typeof handler>(function ConversationPage({ data }) {
  const { id, title, turns } = data.conversation;
  const last = turns.at(-1);
  const scope = last?.collections?.length === 1 ? last.collections[0] : "all";
  return (
    <>
      <Head>
        <title>{`${title} | FARchat`}</title>
        <meta name="robots" content="noindex" />
        {
          /* Without a script an answer being written is looked at again until it is done. */
          last?.status === "streaming" && (
            <noscript>
              <meta http-equiv="refresh" content="3" />
            </noscript>
          )
        }
      </Head>
      <Conversation id={id} turns={turns.map(toTurn)} scope={scope} />
      <ConversationTools id={id} title={title} />
    </>
  );
});
