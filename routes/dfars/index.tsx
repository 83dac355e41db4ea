import { page } from "fresh";
import { Head } from "fresh/runtime";
import { RegulationView } from "../../components/outline_view.tsx";
import { define } from "../../utils.ts";

export const handler = define.handlers({
  GET({ state: { farchat } }) {
    return page({ parts: farchat.store.outline.parts("dfars"), loaded: farchat.corpus().dfars });
  },
});

export default define.page<typeof handler>(function Contents({ data }) {
  return (
    <>
      <Head>
        <title>DFARS: parts | FARchat</title>
      </Head>
      <RegulationView collection="dfars" {...data} />
    </>
  );
});
