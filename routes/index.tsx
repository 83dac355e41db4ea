import { page } from "fresh";
import { Head } from "fresh/runtime";
import { Home } from "../components/home.tsx";
import { define } from "../utils.ts";

const RECENT = 8;
const EXAMPLES = 6;

export const handler = define.handlers({
  GET({ state, url }) {
    const { farchat, browser } = state;
    return page({
      question: url.searchParams.get("q") ?? "",
      scope: url.searchParams.get("scope") ?? "all",
      examples: farchat.retriever.examples(EXAMPLES),
      recent: farchat.store.conversations.list(browser, RECENT),
      loaded: farchat.corpus(),
      writer: farchat.answers.mode,
    });
  },
});

export default define.page<typeof handler>(function HomePage({ data }) {
  return (
    <>
      <Head>
        <title>FARchat: ask the FAR and the DFARS</title>
      </Head>
      <Home {...data} />
    </>
  );
});
