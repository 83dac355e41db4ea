import { page } from "fresh";
import { RegulationPageView } from "../../components/regulation_page_view.tsx";
import { regulationPage } from "../../lib/pages/regulation_page.ts";
import { define } from "../../utils.ts";

export const handler = define.handlers({
  GET(ctx) {
    const found = regulationPage(ctx.state.farchat.store, "dfars", ctx.params.number);
    if (found.kind === "elsewhere") return ctx.redirect(found.address, 301);
    const status = found.kind === "missing" ? 404 : 200;
    return page({ found, mark: ctx.url.searchParams.get("mark") }, { status });
  },
});

export default define.page<typeof handler>(function RegulationRoute({ data }) {
  return <RegulationPageView collection="dfars" page={data.found} mark={data.mark} />;
});
