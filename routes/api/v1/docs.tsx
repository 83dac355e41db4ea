import { page } from "fresh";
import { asset, Head } from "fresh/runtime";
import { ApiReference } from "../../../components/api_reference.tsx";
import { apiDocument } from "../../../lib/api/document.ts";
import { reference } from "../../../lib/api/reference.ts";
import { define } from "../../../utils.ts";

export const handler = define.handlers({
  async GET() {
    return page(reference(await apiDocument()));
  },
});

export default define.page<typeof handler>(function ReferencePage({ data }) {
  return (
    <>
      <Head>
        <title>The API of FARchat</title>
        <link rel="stylesheet" href={asset("/styles/reference.css")} />
      </Head>
      <ApiReference {...data} />
    </>
  );
});
