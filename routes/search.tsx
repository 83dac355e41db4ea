import { page } from "fresh";
import { Head } from "fresh/runtime";
import { SearchView } from "../components/search_view.tsx";
import { lookUp } from "../lib/pages/look_up.ts";
import { searchResults } from "../lib/pages/search_page.ts";
import { define } from "../utils.ts";

const RESULTS = 20;
const MAX_QUERY = 300;

export const handler = define.handlers({
  async GET(ctx) {
    const { store, retriever } = ctx.state.farchat;
    const query = (ctx.url.searchParams.get("q") ?? "").trim().slice(0, MAX_QUERY);
    const scope = ctx.url.searchParams.get("scope") ?? "all";
    if (query === "") return page({ query, scope, results: [], notices: [] });
    const address = lookUp(store, query);
    if (address) return ctx.redirect(address, 303);
    const retrieval = await retriever.retrieve(query, [], {
      k: RESULTS,
      collections: scope === "far" || scope === "dfars" ? [scope] : undefined,
    });
    const notices = [
      ...retrieval.abstain ? [retrieval.abstain.reason] : [],
      ...retrieval.usedVectors
        ? []
        : ["Only words were searched, not meaning: the model is not available."],
    ];
    return page({ query, scope, results: searchResults(retrieval, query), notices });
  },
});

export default define.page<typeof handler>(function SearchPage({ data }) {
  return (
    <>
      <Head>
        <title>{data.query ? `${data.query} | FARchat search` : "Search | FARchat"}</title>
      </Head>
      <SearchView {...data} />
    </>
  );
});
