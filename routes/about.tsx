import { page } from "fresh";
import { Head } from "fresh/runtime";
import { About } from "../components/about.tsx";
import { define } from "../utils.ts";

export const handler = define.handlers({
  GET({ state: { farchat } }) {
    return page({
      counts: farchat.store.counts(),
      documents: [
        ...farchat.store.documents.list("far"),
        ...farchat.store.documents.list("dfars"),
      ],
      writer: farchat.answers.mode,
    });
  },
});

export default define.page<typeof handler>(function AboutPage({ data }) {
  return (
    <>
      <Head>
        <title>About FARchat</title>
      </Head>
      <About {...data} />
    </>
  );
});
